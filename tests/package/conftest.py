"""Fixtures: small image sets and the server that hands them out."""

from package.served_sets import cache, cifar, fashion, make_server, mnist, server

__all__ = ["cache", "cifar", "fashion", "make_server", "mnist", "server"]
