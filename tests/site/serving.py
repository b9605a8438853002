"""A server of the built site, on this machine alone."""

import contextlib
import functools
import http.server
import re
import threading
from pathlib import Path
from urllib.parse import urlsplit


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves the site at the root, and at the path of its address, from where 404.html links."""

    @functools.cached_property
    def published(self):
        home = Path(self.directory, "index.html").read_text("utf-8")
        address = re.search(r'<link rel="canonical" href="([^"]+)"', home)
        return urlsplit(address[1]).path.rpartition("/")[0] if address else ""

    def translate_path(self, path):
        return super().translate_path(path.removeprefix(self.published))

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def serve(html, handler=Handler):
    """Serve a folder; yields the address."""
    start = functools.partial(handler, directory=html)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), start) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
