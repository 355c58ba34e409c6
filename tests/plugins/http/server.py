"""A server of the tests on this machine: every path does something else, and what was asked is kept."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

__all__ = ["Server", "server"]


class Server(ThreadingHTTPServer):
    """The server.

    Attributes:
        asked: Method, path, headers and body of every request.
        gone: Set when a client has left the endless answer.
        go_on: Lets the stalling answer go on.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, str, dict[str, str], bytes]] = []
        self.gone = threading.Event()
        self.go_on = threading.Event()
        self.url = f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that leaves is no error."""


class Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.asked.append((self.command, self.path, headers, body))
        action = getattr(self, "on_" + self.path.split("/")[-1].partition("?")[0], self.on_hello)
        action(body)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("do_"):
            return self.do_GET
        raise AttributeError(name)

    def on_odd(self, _: bytes) -> None:
        self.answer(200, b"hello", Content_Type="text/plain; charset=hex")

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def on_hello(self, body: bytes) -> None:
        self.answer(200, b"hello", X_Test="yes")

    def on_echo(self, body: bytes) -> None:
        self.answer(200, body)

    def on_missing(self, body: bytes) -> None:
        self.answer(404, b"nothing here")

    def on_empty(self, body: bytes) -> None:
        self.answer(204)

    def on_gzip(self, body: bytes) -> None:
        self.answer(200, gzip.compress(b"packed" * 100), Content_Encoding="gzip")

    def on_cookie(self, body: bytes) -> None:
        self.answer(200, b"set", Set_Cookie="session=secret; Path=/")

    def on_keep(self, body: bytes) -> None:
        self.send_response(200)
        for cookie in ("kept=1; Max-Age=1000; Path=/; HttpOnly", "session=2; Path=/", "old=3; Max-Age=0; Path=/"):
            self.send_header("Set-Cookie", cookie)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def on_redirect(self, body: bytes) -> None:
        self.answer(302, Location="/ok/hello" if self.path.startswith("/ok") else "/hello")

    def on_out(self, body: bytes) -> None:
        self.answer(302, Location="/denied/hello")

    def on_elsewhere(self, body: bytes) -> None:
        self.answer(302, Location=f"http://localhost:{self.server.server_address[1]}/ok/hello")

    def on_file(self, body: bytes) -> None:
        self.answer(302, Location="file:///etc/passwd")

    def on_circle(self, body: bytes) -> None:
        self.answer(302, Location="/ok/circle")

    def on_stall(self, body: bytes) -> None:
        self.server.go_on.wait(30)
        self.answer(200, b"late")

    def on_endless(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Connection", "close")
        self.end_headers()
        try:
            while True:
                self.wfile.write(b"x" * 65536)
        except OSError:
            self.server.gone.set()

    def on_cut(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "100")
        self.end_headers()
        self.wfile.write(b"only this")
        self.wfile.flush()
        self.close_connection = True

    def log_message(self, *given: Any) -> None:
        """Say nothing."""


@contextmanager
def server() -> Iterator[Server]:
    """Run a server."""
    with Server() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.go_on.set()
            server.shutdown()
            thread.join(10)
