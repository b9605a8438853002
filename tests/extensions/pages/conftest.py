"""Fixtures: a small image set and the server that hands it out."""

from package.served_sets import cache, make_server, mnist, server

__all__ = ["cache", "make_server", "mnist", "server"]
