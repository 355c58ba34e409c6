"""A development server behind the web runtime: a real Vite in Chromium, and servers that misbehave."""

from __future__ import annotations

import json
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.requirements import needs_node, needs_vite
from tests.runtimes.browser import browser
from tests.runtimes.served import served, served_runtime
from transom.app import Builder, generate_context
from transom.commands import command, generate_handler

PAGE = """<!doctype html><html><head><title>dev</title></head><body><p id=said></p>
<script type="module" src="/src/main.ts"></script></body></html>"""
MAIN = """import './style.css';
import { said } from './said';
const show = (text: string) => (document.getElementById('said')!.textContent = text);
show(said);
(window as any).marks ??= 0;
(window as any).marks++;
import.meta.hot?.accept('./said', (module) => show(module!.said));
"""


@contextmanager
def vite(folder: Path) -> Iterator[str]:
    """Start Vite in a folder and return its address."""
    modules = needs_vite()
    (folder / "node_modules").symlink_to(modules)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with subprocess.Popen(
        [
            needs_node(),
            modules / "vite" / "bin" / "vite.js",
            "--host",
            "127.0.0.1",
            "--port",
            str(port),
            "--strictPort",
        ],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as server:
        assert server.stdout is not None
        try:
            for line in server.stdout:
                if "ready in" in line:
                    break
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


@command
async def greet(name: str) -> str:
    """Say hello."""
    return f"Hello {name}"


def test_a_front_end_is_changed_while_it_runs(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "index.html").write_text(PAGE)
    (tmp_path / "src" / "main.ts").write_text(MAIN)
    (tmp_path / "src" / "said.ts").write_text("export const said = 'first';\n")
    (tmp_path / "src" / "style.css").write_text("p { color: rgb(1, 2, 3); }\n")
    color = "getComputedStyle(document.getElementById('said')).color"
    with vite(tmp_path) as address, browser() as found:
        config: dict[str, Any] = {"productName": "Dev", "identifier": "app.transom.dev", "build": {"devUrl": address}}
        (tmp_path / "tauri.conf.json").write_text(json.dumps(config | {"app": {"windows": [{"title": "Dev"}]}}))
        builder = Builder().invoke_handler(generate_handler(greet)).web(token="t")
        app = builder.build(generate_context(tmp_path, development=True), "web")
        with served(app.asgi()) as base:
            tab = found.tab()
            tab.goto(f"{base}/?token=t")
            tab.wait("document.getElementById('said').textContent === 'first'")
            assert tab.eval("window.__TAURI_INTERNALS__.invoke('greet', { name: 'Vite' })") == "Hello Vite"
            tab.wait(f"{color} === 'rgb(1, 2, 3)'")
            (tmp_path / "src" / "said.ts").write_text("export const said = 'second';\n")
            tab.wait("document.getElementById('said').textContent === 'second'")
            (tmp_path / "src" / "style.css").write_text("p { color: rgb(4, 5, 6); }\n")
            tab.wait(f"{color} === 'rgb(4, 5, 6)'")
            assert tab.eval("[marks, location.origin]") == [1, base]  # the page was not loaded again
            # No one reaches the server through us who is not admitted.
            assert httpx.get(f"{base}/src/main.ts").status_code == 403
            (tmp_path / "index.html").write_text(PAGE.replace("<p id=said>", "<p id=said class=new>"))
            tab.wait("document.querySelector('p.new')?.textContent === 'second'")  # that reloads
            assert tab.eval("window.__TAURI_INTERNALS__.invoke('greet', { name: 'again' })") == "Hello again"


class Handler(BaseHTTPRequestHandler):
    """Tells what it was asked, or misbehaves."""

    def do_GET(self) -> None:
        if self.path == "/stream":
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            self.wfile.write(b"data: 1\n\n")
            self.server.go_on.wait(10)  # type: ignore[attr-defined]
            self.wfile.write(b"data: 2\n\n")
        elif self.path == "/broken":
            self.wfile.write(b"this is not HTTP\r\n\r\n")
        elif self.path == "/away":
            self.send_response(302)
            self.send_header("Location", f"http://{self.headers['Host']}/there")
            self.send_header("Set-Cookie", "a=b")
            self.end_headers()
        elif self.path == "/half":
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>half")
        elif self.path == "/silent":
            self.close_connection = True
        else:
            self.tell()

    def do_POST(self) -> None:
        self.tell()

    def tell(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        told = json.dumps(
            [self.command, self.path, body, {name.lower(): value for name, value in self.headers.items()}]
        )
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(told.encode())

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as found:
        found.go_on = threading.Event()  # type: ignore[attr-defined]
        thread = threading.Thread(target=found.serve_forever, daemon=True)
        thread.start()
        yield found
        found.shutdown()


@contextmanager
def client(server: ThreadingHTTPServer, path: str = "") -> Iterator[httpx.Client]:
    """Return an admitted client of the runtime in front of a server."""
    url = f"http://127.0.0.1:{server.server_address[1]}{path}"
    with (
        served_runtime(Path(__file__).parent, dev_url=url, assets=None) as (_, address),
        httpx.Client(base_url=address.partition("/?")[0]) as found,
    ):
        assert found.get("/?token=t").status_code == 303
        yield found


def test_requests_are_forwarded_without_what_is_ours(server: ThreadingHTTPServer) -> None:
    with client(server) as found:
        sent = {
            "X-Own": "v",
            "Referer": "http://a.example/",
            "Accept-Encoding": "gzip",
            "Origin": str(found.base_url).rstrip("/"),
        }
        method, path, body, headers = found.post("/a%20b?c=%2F", content="some", headers=sent).json()
    assert (method, path, body) == ("POST", "/a%20b?c=%2F", "some")
    assert headers["x-own"] == "v"
    origin = f"127.0.0.1:{server.server_address[1]}"
    assert (headers["host"], headers["origin"]) == (origin, f"http://{origin}")
    assert not {"cookie", "referer", "accept-encoding"} & headers.keys()


def test_a_stream_is_sent_on_as_it_comes(server: ThreadingHTTPServer) -> None:
    with client(server) as found, found.stream("GET", "/stream") as response:
        pieces = response.iter_raw()
        assert next(pieces) == b"data: 1\n\n"
        server.go_on.set()  # type: ignore[attr-defined]
        assert b"".join(pieces) == b"data: 2\n\n"


def test_redirects_lead_to_us_and_cookies_stay_away(server: ThreadingHTTPServer) -> None:
    with client(server) as found:
        response = found.get("/away")
        assert (response.status_code, response.headers["location"]) == (302, "/there")
        assert "set-cookie" not in response.headers


def test_a_server_under_a_path(server: ThreadingHTTPServer) -> None:
    with client(server, "/app/") as found:
        response = found.get("/")
        assert (response.status_code, response.headers["location"]) == (307, "/app/")
        assert found.get("/app/x").json()[1] == "/app/x"


@pytest.mark.parametrize("path", ["/broken", "/silent", "/half"])
def test_a_server_that_does_not_answer_is_named(server: ThreadingHTTPServer, path: str) -> None:
    with client(server) as found:
        response = found.get(path)
    assert response.status_code == 502
    assert f"http://127.0.0.1:{server.server_address[1]}" in response.text
    assert "build.beforeDevCommand" in response.text


def test_no_server_at_all(server: ThreadingHTTPServer) -> None:
    with client(server) as found:
        server.shutdown()
        server.server_close()
        assert found.get("/").status_code == 502
