"""The page's WebSocket, over a real connection."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, cast

from starlette.websockets import WebSocket

from tests.runtimes.fake_host import FakeHost, FakeSession
from transom.runtimes import Page, Settings
from transom.runtimes._web import WebRuntime
from transom.runtimes._web_link import WebLink
from transom.wire import LiftedBuffer, chunk_frames, resolve


def test_small_frames_do_not_wait_for_each_other(tmp_path: Path) -> None:
    host = FakeHost(lambda runtime: None, lambda *_: None)
    runtime = WebRuntime(host, Settings(assets=tmp_path, options={"token": "t"}))
    listener = runtime._bind()

    async def accepted() -> int:
        found: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        def note(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            found.set_result(writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        server = await asyncio.start_server(note, sock=listener)
        _, writer = await asyncio.open_connection(*listener.getsockname())
        try:
            return await found
        finally:
            writer.close()
            server.close()

    assert asyncio.run(accepted()), "the second of two frames waits 40 ms for the browser's answer to the first"


class FakeSocket:
    """What the page sends, by hand, and what it gets; while `open` is not set, the network takes nothing."""

    def __init__(self) -> None:
        self.incoming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.sent: list[str | bytes] = []
        self.open = asyncio.Event()
        self.open.set()

    def says(self, frame: str | bytes) -> None:
        self.incoming.put_nowait({"type": "websocket.receive", "text" if isinstance(frame, str) else "bytes": frame})

    async def receive(self) -> dict[str, Any]:
        return await self.incoming.get()

    async def send(self, message: dict[str, Any]) -> None:
        await self.open.wait()
        self.sent.append(message["text"] if "text" in message else message["bytes"])


async def turns(count: int = 20) -> None:
    """Let everything run that can."""
    for _ in range(count):
        await asyncio.sleep(0)


def linked(scenario: Callable[[FakeSocket, FakeSession], Awaitable[None]]) -> None:
    """Run a scenario with a link between a socket and a session."""

    async def run() -> None:
        page = FakeSocket()
        link = WebLink(cast("WebSocket", page))
        host = FakeHost(lambda runtime: None, lambda *_: None)
        session = FakeSession(host, Page("main", "http://127.0.0.1", True), link)
        task = asyncio.ensure_future(link.run(session))
        await scenario(page, session)
        page.incoming.put_nowait({"type": "websocket.disconnect"})
        await asyncio.wait_for(task, 10)
        assert session.closed == 1

    asyncio.run(run())


def test_an_answer_that_is_there_is_sent_before_the_next_message_is_read() -> None:
    async def scenario(page: FakeSocket, session: FakeSession) -> None:
        page.says('[[0,1,"echo",{}]]')
        page.says('[[0,2,"echo",{}]]')
        await turns()
        assert page.sent == ["[[0,1,{}]]", "[[0,2,{}]]"]

    linked(scenario)


def test_frames_keep_their_order_while_the_network_takes_nothing() -> None:
    async def scenario(page: FakeSocket, session: FakeSession) -> None:
        page.open.clear()
        session.send(resolve(1, b"1"))  # the pump takes it, and waits
        await turns()
        page.says('[[0,2,"echo",2]]')
        await turns()
        session.send(resolve(3, b"3"))
        await turns()
        assert page.sent == []
        page.open.set()
        await turns()
        assert "".join(cast("list[str]", page.sent)) == "[[0,1,1]][[0,2,2],[0,3,3]]"

    linked(scenario)


def test_a_page_that_does_not_acknowledge_gets_no_more_than_the_window_and_then_the_rest() -> None:
    async def scenario(page: FakeSocket, session: FakeSession) -> None:
        data = memoryview(bytes(3 << 20))
        session.send(resolve(1, b"null"), LiftedBuffer(b"[]", "ArrayBuffer", data))
        await turns()
        assert len(page.sent) == 4  # the frame and three chunks of 256 KiB
        session.send(resolve(2, b"2"))
        await turns()
        assert page.sent[-1] == "[[0,2,2]]", "a small frame waits for chunks that are not sent yet"
        for seen in range(4, 20, 2):
            page.says(f"[[3,{seen}]]")
            await turns()
        assert len(page.sent) == 2 + 12
        assert session.packs_sent == [1]

    linked(scenario)


def test_a_link_that_is_over_holds_no_packs_though_a_channel_may_hold_the_link() -> None:
    links: list[WebLink] = []

    async def scenario(page: FakeSocket, session: FakeSession) -> None:
        links.append(cast("WebLink", session._link))
        session.send(resolve(1, b"null"), LiftedBuffer(b"[]", "ArrayBuffer", memoryview(bytes(3 << 20))))
        await turns()
        assert links[0]._packs

    linked(scenario)
    assert not links[0]._packs


def test_the_page_is_told_what_was_read_of_its_chunks() -> None:
    async def scenario(page: FakeSocket, session: FakeSession) -> None:
        for frame in chunk_frames(1, [memoryview(bytes(600_000))], 200_000):
            page.says(frame)
        await turns()
        assert page.sent == [str(2 * 200_016)]

    linked(scenario)
