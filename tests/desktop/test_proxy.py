"""`proxyUrl`: what a window loads of the web goes through the proxy, as that sees it."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.desktop.desktop import App


class Proxy(BaseHTTPRequestHandler):
    """Answers every request itself, and notes its address."""

    def do_GET(self) -> None:
        self.server.asked.put((self.path, self.headers["User-Agent"]))  # type: ignore[attr-defined]
        content = b"<!doctype html><title>Through the proxy</title>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""


@pytest.fixture
def proxy() -> Iterator[ThreadingHTTPServer]:
    """The proxy, on a free port."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Proxy) as server:
        server.asked = queue.Queue()  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_a_window_loads_through_its_proxy(app: App, xid: str, proxy: ThreadingHTTPServer) -> None:
    assert xid
    address = f"http://127.0.0.1:{proxy.server_address[1]}"
    app.run(
        "window.proxied = new api.webviewWindow.WebviewWindow('proxied', { title: 'Proxied',"
        f" url: 'http://example.test/hello?a=b', proxyUrl: '{address}', userAgent: 'Own/1.0' }});"
        "await new Promise((done, fail) => { proxied.once('tauri://created', done);"
        " proxied.once('tauri://error', ({ payload }) => fail(payload)); });"
    )
    try:
        asked = proxy.asked.get(timeout=20)  # type: ignore[attr-defined]
        assert asked == ("http://example.test/hello?a=b", "Own/1.0")
    finally:
        app.run("await window.proxied.destroy();")
