"""Links of an ASGI application on uvicorn: the request goes through middleware, and the connection is then the link's."""

from __future__ import annotations

import contextvars
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount, WebSocketRoute
from starlette.websockets import WebSocket
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.conformance.raw_page import RawPage
from tests.runtimes.fake_host import FakeHost, new_window
from tests.runtimes.served import served
from transom.runtimes import Settings, find_runtime
from transom.runtimes.web.sockets import LinkProtocol

SEEN = contextvars.ContextVar("seen", default="nothing")


class Impatient(LinkProtocol):
    """Sends pings at once."""

    def __init__(self, config: Any, server_state: Any, app_state: Any) -> None:
        config.ws_ping_interval = config.ws_ping_timeout = 0.02
        super().__init__(config, server_state, app_state)


class Middleware:
    """What a middleware of the author's does: it looks at a request, and leaves something behind for commands."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.seen: list[Any] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            self.seen.append((scope["path"], scope["root_path"], scope["scheme"], scope["client"][0]))
            SEEN.set(scope["path"])
        await self.app(scope, receive, send)


async def echo(socket: WebSocket) -> None:
    await socket.accept()
    async for text in socket.iter_text():
        await socket.send_text(text)


def application(tmp_path: Path) -> tuple[FakeHost, Any]:
    (tmp_path / "index.html").write_text("<!doctype html><p>", "utf-8")
    host = FakeHost(lambda runtime: runtime.perform(new_window("main")), lambda *_: None)
    host.runtime = find_runtime("web")(host, Settings(assets=tmp_path, csp=None, options={"token": "t"}))
    runtime: Any = host.runtime
    return host, runtime.asgi(lambda: None, lambda: None)


def socket_of(page: RawPage) -> ClientConnection:
    socket = page.socket()
    page._socket = socket
    return socket


def test_a_link_comes_through_middleware_and_a_mount(tmp_path: Path) -> None:
    host, asgi = application(tmp_path)
    middleware = Middleware(Starlette(routes=[Mount("/below", asgi)]))
    with served(middleware, LinkProtocol) as base:
        page = RawPage(f"{base}/below/?token=t")
        socket = socket_of(page)
        assert page.invoke("echo", "é") == [True, "é"]
        socket.close()
    assert middleware.seen == [("/below/.transom/link", "", "ws", "127.0.0.1")]
    assert host.sessions


def test_what_middleware_leaves_behind_is_there_when_a_message_comes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.runtimes.fake_host import FakeSession

    seen = []
    receive = FakeSession.receive

    def noted(self: Any, batch: Any, *rest: Any) -> Any:
        seen.append(SEEN.get())
        return receive(self, batch, *rest)

    monkeypatch.setattr(FakeSession, "receive", noted)
    _, asgi = application(tmp_path)
    with served(Middleware(asgi), LinkProtocol) as base:
        page = RawPage(f"{base}/?token=t")
        socket = socket_of(page)
        for number in (1, 2):
            assert page.invoke("echo", number) == [True, number]
        socket.close()
    assert set(seen) == {"/.transom/link"}


def test_every_other_socket_is_for_the_servers_own_class(tmp_path: Path) -> None:
    _, asgi = application(tmp_path)
    site = Starlette(routes=[WebSocketRoute("/echo", echo), Mount("/", asgi)])
    with served(site, LinkProtocol) as base:
        address = f"ws://{urlsplit(base).netloc}/echo"
        with connect(address) as socket:
            for text in ("one", "two" * 100_000):
                socket.send(text)
                assert socket.recv(timeout=30) == text
            assert socket.ping(b"x").wait(10)


@pytest.mark.parametrize("wrong", ["key", "path"])
def test_what_the_application_refuses_is_refused(tmp_path: Path, wrong: str) -> None:
    _, asgi = application(tmp_path)
    with served(asgi, LinkProtocol) as base:
        page = RawPage(f"{base}/?token=t")
        if wrong == "key":
            page.key = "0" * 32
        else:
            page.address = page.address + "other/"
        with pytest.raises(InvalidStatus) as caught:
            page.socket()
        assert caught.value.response.status_code == 403


def test_an_application_that_fails_at_the_request_is_an_error_of_the_server(caplog: pytest.LogCaptureFixture) -> None:
    async def fails(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            raise ValueError("broken")

    with served(fails, LinkProtocol) as base, pytest.raises(InvalidStatus) as caught:
        connect(f"ws://{urlsplit(base).netloc}/.transom/link")
    assert caught.value.response.status_code == 500
    assert "broken" in caplog.text


def test_a_server_that_ends_says_that_another_one_may_come(tmp_path: Path) -> None:
    _, asgi = application(tmp_path)
    with served(asgi, LinkProtocol) as base:
        page = RawPage(f"{base}/?token=t")
        socket = socket_of(page)
        assert page.invoke("echo", 1) == [True, 1]
    with suppress(ConnectionClosed):
        while True:
            socket.recv(timeout=30)
    assert socket.close_code == 1012


def test_a_page_that_answers_no_ping_is_lost_and_may_come_again(tmp_path: Path) -> None:
    host, asgi = application(tmp_path)
    with served(asgi, Impatient) as base:
        page = RawPage(f"{base}/?token=t")
        socket = page.socket()
        quiet = socket.protocol
        # The page's network swallows what it would answer.
        quiet.data_to_send = list  # type: ignore[method-assign]
        with suppress(ConnectionClosed):
            while True:
                socket.recv(timeout=30)
        assert (quiet.close_rcvd.code, quiet.close_rcvd.reason) == (1011, "keepalive ping timeout")  # type: ignore[union-attr]
        assert host.sessions[-1].closed == 0


def test_a_page_that_answers_pings_stays(tmp_path: Path) -> None:
    _, asgi = application(tmp_path)
    pings = []
    with served(asgi, Impatient) as base:
        page = RawPage(f"{base}/?token=t")
        socket = socket_of(page)
        received = socket.protocol.recv_frame

        def noted(frame: Any) -> None:
            pings.append(frame.opcode)
            received(frame)

        socket.protocol.recv_frame = noted  # type: ignore[method-assign]
        while pings.count(9) < 3:
            assert page.invoke("echo", 1) == [True, 1]
            with suppress(TimeoutError):
                socket.recv(timeout=0.05)  # silent for longer than it takes to be sent a ping
        socket.close()
