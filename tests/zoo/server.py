"""A real HTTP server on 127.0.0.1 that hands out files, and can be told to misbehave."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Server(ThreadingHTTPServer):
    """files: name -> content. requests: (path, first byte asked for) of every request.

    cuts: after how many bytes the connection is cut, one for each request in turn. ranges: whether
    it goes on from the middle of a file. delay: seconds between pieces. status: answer this
    instead of a file. linked: digest that it states for a file of the hub. Addresses as the hub has
    them, owner/name/resolve/commit/file, lead elsewhere, to the file of that name.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files: dict[str, bytes] = {}
        self.requests: list[tuple[str, int]] = []
        self.cuts: list[int] = []
        self.ranges = True
        self.delay = 0.0
        self.status = 200
        self.linked = ""
        self.guard = threading.Lock()

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is no news."""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        server = self.server
        if "/resolve/" in self.path and server.status == 200:
            self._lead_elsewhere()
            return
        asked = re.match(r"bytes=(\d+)-", self.headers.get("Range", ""))
        start = int(asked[1]) if asked and server.ranges else 0
        with server.guard:
            server.requests.append((self.path, start))
            cut = server.cuts.pop(0) if server.cuts else None
        content = server.files.get(self.path.lstrip("/"))
        if content is None or server.status != 200:
            self.send_error(404 if server.status == 200 else server.status)
            return
        if start >= len(content):
            self.send_error(416)
            return
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        body = content[start:] if cut is None else content[start : start + cut]
        for i in range(0, len(body), 65536):
            self.wfile.write(body[i : i + 65536])
            time.sleep(server.delay)
        self.close_connection = True

    def _lead_elsewhere(self) -> None:
        server = self.server
        repo, _, rest = self.path.lstrip("/").partition("/resolve/")
        commit = rest.partition("/")[0]
        with server.guard:
            server.requests.append((f"{self.command} {self.path}", 0))
        if repo not in server.files:
            self.send_error(404)
            return
        self.send_response(302)
        # To another host: the library asks redirections within one for the digest, too.
        self.send_header("Location", f"http://localhost:{server.server_port}/{repo}")
        self.send_header("X-Repo-Commit", "c" * 40 if commit == "main" else commit)
        self.send_header("X-Linked-Etag", f'"{server.linked}"')
        self.send_header("X-Linked-Size", str(len(server.files[repo])))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def serving() -> Iterator[Server]:
    server = Server()
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
