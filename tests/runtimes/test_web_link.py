"""The page's WebSocket, over a real connection."""

from __future__ import annotations

import asyncio
import gc
import json
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, cast

import pytest

from tests.runtimes.fake_host import FakeHost, FakeSession, new_window
from tests.runtimes.link_pages import PAGES, AsgiPage, DirectPage, turns
from transom.errors import WindowError
from transom.runtimes import CloseWindow, EvaluateScript, Page, Settings
from transom.runtimes.web._runtime import WebRuntime
from transom.runtimes.web.link import LinkSocket, WebLink, _link
from transom.values import LiftedBuffer
from transom.wire import chunk_frame, resolve


def test_small_frames_do_not_wait_for_each_other(tmp_path: Path) -> None:
    host = FakeHost(lambda runtime: None, lambda *_: None)
    runtime = WebRuntime(host, Settings(assets=tmp_path, options={"token": "t"}))
    listener = runtime._listen().socket

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


Page_ = AsgiPage | DirectPage
both = pytest.mark.parametrize("kind", PAGES)


def linked(kind: type[Page_], scenario: Callable[[Page_, FakeSession], Awaitable[None]]) -> None:
    """Run a scenario with a link between a page and a session."""

    async def run() -> None:
        page, sessions = kind(), []
        host = FakeHost(lambda runtime: None, lambda *_: None)

        async def carry(socket: LinkSocket) -> None:
            link = WebLink(socket)
            sessions.append(FakeSession(host, Page("main", "main", "http://127.0.0.1", True), link))
            link.open(sessions[0])
            await link.run()

        ended = page.connect(carry)
        await turns()
        await scenario(page, sessions[0])
        page.leaves()
        await asyncio.wait_for(ended, 30)
        assert sessions[0].closed == 1

    asyncio.run(run())


@both
def test_an_answer_that_is_there_is_sent_before_the_next_message_is_read(kind: type[Page_]) -> None:
    async def scenario(page: Page_, session: FakeSession) -> None:
        page.says('[[0,1,"echo",{}]]')
        page.says('[[0,2,"echo",{}]]')
        await turns()
        assert page.sent == ["[[0,1,{}]]", "[[0,2,{}]]"]

    linked(kind, scenario)


@both
def test_frames_keep_their_order_while_the_network_takes_nothing(kind: type[Page_]) -> None:
    async def scenario(page: Page_, session: FakeSession) -> None:
        page.takes(False)
        session.send(resolve(1, b"1"))  # the pump takes it, and waits
        await turns()
        page.says('[[0,2,"echo",2]]')
        await turns()
        session.send(resolve(3, b"3"))
        await turns()
        assert page.sent == []
        page.takes(True)
        await turns()
        frames = [json.loads(frame) for frame in page.sent]
        assert frames[0] == [[0, 1, 1]]
        assert sorted(frames[1]) == [[0, 2, 2], [0, 3, 3]]

    linked(kind, scenario)


@both
def test_a_page_that_does_not_acknowledge_gets_no_more_than_the_window_and_then_the_rest(kind: type[Page_]) -> None:
    async def scenario(page: Page_, session: FakeSession) -> None:
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

    linked(kind, scenario)


@both
def test_a_short_pack_overtakes_a_long_one(kind: type[Page_]) -> None:
    async def scenario(page: Page_, session: FakeSession) -> None:
        for call, size in ((1, 3 << 20), (2, 300 << 10)):
            session.send(resolve(call, b"null"), LiftedBuffer(b"[]", "ArrayBuffer", memoryview(bytes(size))))
        await turns()
        for seen in range(2, 16, 2):
            page.says(f"[[3,{seen}]]")
            await turns()
        chunks = [frame[4] for frame in page.sent if isinstance(frame, bytes)]
        assert chunks == [1, 2, 1, 2, *[1] * 10]
        assert session.packs_sent == [2, 1]

    linked(kind, scenario)


@both
def test_a_link_that_is_over_holds_no_packs_though_a_channel_may_hold_the_link(kind: type[Page_]) -> None:
    links: list[WebLink] = []

    async def scenario(page: Page_, session: FakeSession) -> None:
        links.append(cast("WebLink", session._link))
        session.send(resolve(1, b"null"), LiftedBuffer(b"[]", "ArrayBuffer", memoryview(bytes(3 << 20))))
        await turns()
        assert links[0]._packs.next

    linked(kind, scenario)
    assert not links[0]._packs.next


@both
def test_a_failure_while_sending_is_logged_and_closes_the_link(
    kind: type[Page_], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario(page: Page_, session: FakeSession) -> None:
        def fail(*_: Any) -> None:
            raise RuntimeError("broken on purpose")

        monkeypatch.setattr(session, "take", fail)
        session.send(resolve(1, b"1"))
        await turns()
        assert page.closed == 1011
        assert session.closed == 1

    linked(kind, scenario)
    assert "broken on purpose" in caplog.text


@both
def test_an_answer_to_a_page_that_was_just_closed_is_dropped_and_not_logged(
    kind: type[Page_], caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario(page: Page_, session: FakeSession) -> None:
        page.says('[[0,1,"echo",1]]')
        await cast("WebLink", session._link).close(4002, "the window was closed")
        await turns()
        assert page.closed == 4002
        assert session.closed == 1

    linked(kind, scenario)
    assert caplog.records == []


@both
def test_the_page_is_told_what_was_read_of_its_chunks(kind: type[Page_]) -> None:
    async def scenario(page: Page_, session: FakeSession) -> None:
        for _ in range(3):
            page.says(chunk_frame(1, 600_000, [memoryview(bytes(200_000))]))
        await turns()
        assert page.sent == [str(2 * 200_016), '"got 2"']

    linked(kind, scenario)


def unhandled(scenario: Callable[[], Awaitable[None]]) -> list[dict[str, Any]]:
    """Run a scenario and return what asyncio would have logged."""
    found: list[dict[str, Any]] = []

    async def run() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: found.append(context))
        await scenario()
        await turns()
        gc.collect()

    asyncio.run(run())
    return found


def web_runtime(folder: Path) -> tuple[WebRuntime, Callable[[str, Page_], asyncio.Future[Any]]]:
    """Return a runtime and what connects the page of a window to it."""
    host = FakeHost(lambda runtime: None, lambda *_: None)
    runtime = WebRuntime(host, Settings(assets=folder, options={"token": "t"}))

    def connect(label: str, page: Page_) -> asyncio.Future[Any]:
        async def carry(socket: LinkSocket) -> None:
            page = Page(label, label, "http://127.0.0.1", True)
            await runtime._windows.connected(page, WebLink(socket), "http://127.0.0.1/", True)

        return page.connect(carry)

    return runtime, connect


@both
@pytest.mark.parametrize("gone", [True, False], ids=["gone", "stuck"])
def test_a_page_gets_its_window_though_the_one_before_it_cannot_be_told(
    kind: type[Page_], gone: bool, tmp_path: Path
) -> None:
    runtime, connect = web_runtime(tmp_path)

    async def scenario() -> None:
        pages = [kind(gone), kind(), kind()]
        tasks = []
        for page in pages:
            tasks.append(connect("main", page))
            await turns()
            if page is pages[0] and not gone:  # such as a page in a debugger
                page.takes(False)
        pages[-1].says('[[0,1,"echo",{}]]')
        await turns()
        assert pages[-1].sent == ["[[0,1,{}]]"]
        assert pages[1].closed == 4001
        for page in pages:
            page.leaves()
        await asyncio.wait_for(asyncio.gather(*tasks), 30)
        assert runtime._windows.links == []
        for closing in runtime._windows._closing:
            closing.cancel()

    assert unhandled(scenario) == []


def test_scripts_that_wait_for_a_page_are_bounded(tmp_path: Path) -> None:
    runtime, _ = web_runtime(tmp_path)
    runtime.perform(new_window("main"))
    for _ in range(1000):
        runtime.perform(EvaluateScript("main", "1"))
    with pytest.raises(WindowError, match="1000 scripts wait for it already"):
        runtime.perform(EvaluateScript("main", "1"))


@both
@pytest.mark.parametrize("word", ["stays", "asked"])
def test_a_window_whose_page_is_asked_to_go(kind: type[Page_], word: str, tmp_path: Path) -> None:
    runtime, connect = web_runtime(tmp_path)
    host: Any = runtime._host
    runtime.perform(new_window("main"))

    async def scenario() -> None:
        host._loop = asyncio.get_running_loop()
        page = kind()
        task = connect("main", page)
        await turns()
        for _ in range(2):  # the second changes nothing while the page may still go
            runtime.perform(CloseWindow("main"))
        page.says(f'"{word}"')
        await turns()
        assert [event.name for event in host.events] == ["close-requested"]
        runtime.perform(CloseWindow("main"))
        await turns()
        asked = ["close-requested", "destroyed"]  # who closes it again while the dialog is open insists
        assert [event.name for event in host.events] == (asked if word == "asked" else ["close-requested"] * 2)
        page.leaves()
        await asyncio.wait_for(task, 30)

    assert unhandled(scenario) == []


def opened(page: Page_) -> list[str]:
    """Return the windows that a page is asked to open, and forget them."""
    frames, page.sent[:] = list(page.sent), []
    return [message[3] for frame in frames for message in json.loads(frame) if message[:2] == [7, "open"]]


@both
def test_a_window_is_asked_for_until_its_page_comes_and_of_one_page(kind: type[Page_], tmp_path: Path) -> None:
    runtime, connect = web_runtime(tmp_path)
    for label in ("main", "a", "b"):
        runtime.perform(new_window(label))

    async def scenario() -> None:
        main, again, a, later = (kind() for _ in range(4))
        tasks = [connect("main", main)]
        await turns()
        assert opened(main) == ["a", "b"]
        main.leaves()  # it is loaded again, and with it the button in place of a popup that was blocked is gone
        tasks.append(connect("main", again))
        await turns()
        assert opened(again) == ["a", "b"]
        tasks.append(connect("a", a))
        await turns()
        assert opened(a) == []
        again.leaves()
        await turns()
        runtime._windows._page_gone("main")  # no page of its own comes again, so another one is asked
        await turns()
        assert opened(a) == ["b"]
        tasks.append(connect("main", later))
        await turns()
        assert opened(later) == []
        for page in (a, later):
            page.leaves()
        await asyncio.wait_for(asyncio.gather(*tasks), 30)

    assert unhandled(scenario) == []


@both
def test_what_is_too_large_for_the_page_is_rejected_and_the_rest_arrives(
    kind: type[Page_], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(_link, "MAX_TEXT_BYTES", 300)

    async def scenario(page: Page_, session: FakeSession) -> None:
        session.send(resolve(1, b"1"))
        session.send(resolve(2, b'"%b"' % (b"x" * 400)))
        session.send(resolve(3, b'"%b"' % (b"y" * 200)))
        await turns()
        messages = [message for frame in page.sent for message in json.loads(frame)]
        assert [message[:2] for message in messages] == [[0, 1], [1, 2], [0, 3]]
        assert messages[1][2]["limit"] == 300
        assert all(len(frame) <= 300 for frame in page.sent)

    linked(kind, scenario)
    assert "a page takes at most 300 at once" in caplog.text


def test_a_window_that_is_destroyed_meanwhile_is_not_opened_again(tmp_path: Path) -> None:
    windows = web_runtime(tmp_path)[0]._windows
    windows._unopened = {"gone": None}
    windows._open_again(None)
    assert windows._unopened == {"gone": None}
