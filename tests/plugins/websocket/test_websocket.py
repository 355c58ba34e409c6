from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, ConnectionClosedError
from websockets.sync.server import ServerConnection, serve

from tests.mock_app import running
from tests.plugins.guests import Guests, guests
from transom.errors import ChannelClosed
from transom.plugins import websocket
from transom.plugins.websocket._plugin import Connection, _receive

PACKAGE = "@tauri-apps/plugin-websocket"


class Site:
    """A WebSocket server that does what it is told, and remembers."""

    def __init__(self) -> None:
        self.closed = threading.Event()
        self.headers: dict[str, str] = {}

    def handle(self, socket: ServerConnection) -> None:
        assert socket.request is not None
        self.headers = {name.lower(): value for name, value in socket.request.headers.raw_items()}
        try:
            for message in socket:
                if message == "bye":
                    socket.close(4001, "as you wish")
                elif message == "much":
                    socket.send("x" * 100_000)
                elif message == "endless":
                    while True:
                        socket.send("y" * 60_000)
                else:
                    socket.send(message)
        except ConnectionClosed:
            pass
        self.closed.set()


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    site = Site()
    with serve(site.handle, "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        site.url = f"ws://127.0.0.1:{server.socket.getsockname()[1]}"  # type: ignore[attr-defined]
        yield site
        server.shutdown()
        thread.join(10)


def opened(folder: Path) -> Any:
    return guests(folder, websocket.init(), permissions=["websocket:default"], packages=[PACKAGE])


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guests]:
    with opened(tmp_path_factory.mktemp("websocket")) as page:
        yield page


OPEN = """
const got = [];
const waiting = [];
const open = async (config) => {
  const socket = await plugin.default.connect(URL, config);
  socket.addListener((message) => { got.push(message); waiting.shift()?.(message); });
  socket.next = () => new Promise((resolve) => waiting.push(resolve));
  return socket;
};
"""


def run(page: Guests, site: Any, script: str) -> Any:
    return page.run(PACKAGE, OPEN.replace("URL", f"'{site.url}'") + script)


def test_text_and_bytes_go_there_and_back(page: Guests, site: Site) -> None:
    script = """
      const socket = await open();
      let next = socket.next();
      await socket.send('h\\u00e9llo \\u{1F600}');
      await next;
      next = socket.next();
      await socket.send([0, 1, 255]);
      await next;
      next = socket.next();
      await socket.send({ type: 'Ping', data: [1] });
      await socket.send({ type: 'Pong', data: [2] });
      await socket.send({ type: 'Binary', data: [] });
      await next;
      await socket.disconnect();
      return got;
    """
    text, data, empty, *_ = run(page, site, script)
    assert text == {"type": "Text", "data": "héllo 😀"}
    assert data == {"type": "Binary", "data": [0, 1, 255]}
    assert empty == {"type": "Binary", "data": []}


def test_the_servers_goodbye_is_told_and_the_connection_is_gone(page: Guests, site: Site) -> None:
    script = """
      const socket = await open();
      const next = socket.next();
      await socket.send('bye');
      const last = await next;
      await new Promise((resolve) => setTimeout(resolve));
      return [last, socket.id, await socket.send('x').catch((error) => error)];
    """
    last, number, said = run(page, site, script)
    assert last == {"type": "Close", "data": {"code": 4001, "reason": "as you wish"}}
    assert said in (
        f"connection not found for the given id: {number}",
        "websocket|send: the connection is closed; connect again",
    )


def test_disconnect_says_goodbye_to_the_server(page: Guests, site: Site) -> None:
    site.closed.clear()
    script = "const socket = await open(); const next = socket.next(); await socket.disconnect(); return await next;"
    assert run(page, site, script) == {"type": "Close", "data": {"code": 1000, "reason": "Disconnected by client"}}
    assert site.closed.wait(10)


def test_headers_reach_the_server(page: Guests, site: Site) -> None:
    run(page, site, "await (await open({ headers: { Authorization: 'Bearer x' } })).disconnect()")
    assert site.headers["authorization"] == "Bearer x"
    said = page.fails(
        PACKAGE,
        "await __TAURI_INTERNALS__.invoke('plugin:websocket|connect',"
        f" {{url: '{site.url}', onMessage: '__CHANNEL__:1', config: {{headers: [['a', 'b\\r\\nc: d']]}}}})",  # type: ignore[attr-defined]
    )
    assert "a header has a character" in said


def test_a_message_over_the_limit_ends_the_connection(page: Guests, site: Site) -> None:
    script = "const socket = await open({ maxMessageSize: 1000 }); const next = socket.next(); await socket.send('much'); return await next;"
    assert run(page, site, script)["type"] == "Close"


def test_the_end_of_the_page_ends_its_connections_even_while_they_are_full(tmp_path: Path, site: Site) -> None:
    with opened(tmp_path) as other:
        site.closed.clear()
        run(
            other,
            site,
            "const socket = await open(); const next = socket.next(); await socket.send('endless'); await next;",
        )
    assert site.closed.wait(10)


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "nonsense", "ws://", "file:///etc/passwd", "ws://127.0.0.1:9"])
def test_a_server_that_is_none_rejects(page: Guests, url: str) -> None:
    said = page.fails(PACKAGE, f"await plugin.default.connect('{url}')")
    assert said.startswith("websocket|connect: ")


def test_wrong_messages_reject(page: Guests, site: Site) -> None:
    script = """
      const socket = await open();
      const said = [];
      for (const message of [{ type: 'Text', data: 5 }, { type: 'Binary', data: [256] }, { type: 'Binary', data: 'x' }, { type: 'Nothing' },
                             { type: 'Close', data: { code: 'x' } }, { type: 'Close', data: { code: 5, reason: '' } }])
        said.push(await socket.send(message).then(() => 'sent', (error) => error.slice(0, 15)));
      await socket.disconnect().catch(() => {});
      return said;
    """
    assert set(run(page, site, script)) == {"websocket|send:"}
    assert page.fails(PACKAGE, "await new plugin.default(1, new Set()).send('x')") == (
        "connection not found for the given id: 1"
    )


class Lost:
    """A connection that ends without a goodbye."""

    close_code = None

    def __init__(self) -> None:
        self.transport = self

    def __aiter__(self) -> Lost:
        return self

    async def __anext__(self) -> str:
        raise ConnectionClosedError(None, None)

    async def close(self) -> None:
        """It is closed."""

    def abort(self) -> None:
        """It is closed."""


class OfNobody:
    """The channel of a page that is gone."""

    async def send_async(self, _: object) -> None:
        raise ChannelClosed("the page is gone")

    def close(self) -> None:
        """It is closed."""


def test_a_connection_that_is_lost_with_its_page_is_no_error() -> None:
    async def receive() -> None:
        with running() as application:
            webview: Any = application.app.get_webview("main")
            socket: Any = Lost()
            channel: Any = OfNobody()
            await _receive(webview, 1, Connection(socket), channel)

    asyncio.run(receive())
