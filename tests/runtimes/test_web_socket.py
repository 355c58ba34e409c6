"""The WebSocket of a link over real connections: on transom's own server and, by the same tests, through ASGI."""

from __future__ import annotations

import asyncio
import contextvars
import json
import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any, Literal

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.frames import Frame, Opcode
from websockets.sync.client import ClientConnection

from tests.conformance.raw_page import RawPage, request
from tests.runtimes.fake_host import FakeHost, FakeSession
from tests.runtimes.link_pages import DirectPage, turns
from tests.runtimes.served import served_runtime
from transom.runtimes import DestroyWindow, Page, WindowEvent
from transom.runtimes.web.link import LinkSocket, WebLink, _link
from transom.runtimes.web.sockets import _connection
from transom.wire import resolve

LIMIT = 1 << 20


class Served:
    """A runtime that is served, and a page of it."""

    def __init__(self, host: FakeHost, address: str) -> None:
        self.host = host
        self.address = address
        self.page = RawPage(address)
        self.client: ClientConnection = self.page.socket()
        self.page._socket = self.client
        self.client.send('[[0,1,"echo",0]]')
        while json.loads(self.client.recv(timeout=30))[-1] != [0, 1, 0]:
            pass  # not acknowledged: nothing more is on its way
        self.session: FakeSession = host.sessions[-1]

    def put(self, *frames: Frame) -> None:
        """Send frames as they are, in one piece."""
        self.client.socket.sendall(b"".join(frame.serialize(mask=True) for frame in frames))

    def closed(self) -> tuple[int, str]:
        """Wait until the other side closes the link; return the code and the reason."""
        with suppress(ConnectionClosed):
            deque(self.client, maxlen=0)
        code, reason = self.client.close_code, self.client.close_reason
        assert code is not None
        return code, reason or ""

    def wait(self, condition: Callable[[], object]) -> None:
        """Wait until the server's thread has done something."""
        deadline = time.monotonic() + 10
        while not condition():
            assert time.monotonic() < deadline
            threading.Event().wait(0.005)


@pytest.fixture(autouse=True)
def _pages_are_soon_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_link, "KEEP", 0.1)


@pytest.fixture(params=["direct", "asgi", "link"])
def serve(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Served]:
    (tmp_path / "index.html").write_text("<!doctype html><p>", "utf-8")
    with served_runtime(tmp_path, carried=request.param, ws_max_size=LIMIT) as (host, address):
        page = Served(host, address)
        yield page
        page.client.close()


@pytest.fixture
def direct(tmp_path: Path) -> Iterator[Served]:
    (tmp_path / "index.html").write_text("<!doctype html><p>", "utf-8")
    with served_runtime(tmp_path, carried="direct", ws_max_size=LIMIT) as (host, address):
        page = Served(host, address)
        yield page
        page.client.close()


def text(data: bytes, opcode: Opcode = Opcode.TEXT, fin: bool = True) -> Frame:
    return Frame(opcode, data, fin)


# Messages


def test_a_message_in_fragments_is_one_message_and_a_ping_may_come_between(serve: Served) -> None:
    call = '[[0,1,"echo","é"]]'.encode()
    middle = call.index(b"\xa9")  # the character is in two fragments
    serve.put(text(call[:3], fin=False), Frame(Opcode.PING, b"p"), text(call[3:middle], Opcode.CONT, fin=False))
    serve.put(text(call[middle:], Opcode.CONT))
    assert serve.client.recv(timeout=30) == '[[0,1,"é"]]'


def test_a_binary_message_in_fragments_is_one_message(serve: Served) -> None:
    batch = b'[[0,1,"echo",2]]'
    frame = struct.pack("<BxxxI", 1, len(batch)) + batch
    serve.put(Frame(Opcode.BINARY, frame[:5], False), Frame(Opcode.CONT, frame[5:]))
    assert serve.client.recv(timeout=30) == "[[0,1,2]]"


def test_many_messages_in_one_piece_are_answered_in_order(serve: Served) -> None:
    serve.put(*(text(b'[[0,%d,"echo",%d]]' % (number, number)) for number in range(500)))
    assert list(islice(serve.page.messages(), 500)) == [[0, number, number] for number in range(500)]


def test_a_message_that_comes_byte_by_byte_is_answered(serve: Served) -> None:
    for byte in text(b'[[0,1,"echo",2]]').serialize(mask=True):
        serve.client.socket.sendall(bytes([byte]))
    assert serve.client.recv(timeout=30) == "[[0,1,2]]"


def test_a_ping_is_answered_with_its_data(serve: Served) -> None:
    assert serve.client.ping(b"data").wait(10)
    assert serve.page.invoke("echo", 1) == [True, 1]


def test_a_pong_that_nobody_asked_for_is_ignored(serve: Served) -> None:
    serve.client.pong(b"data")
    assert serve.page.invoke("echo", 1) == [True, 1]


# What no page may send


@pytest.mark.parametrize("frames", [
    [text(b"[" + b" " * LIMIT + b"]")],
    [text(b"[" + b" " * (LIMIT - 100), fin=False), text(b" " * 200, Opcode.CONT)],
], ids=["whole", "fragments"])  # fmt: skip
def test_a_message_over_the_limit_closes_the_link(serve: Served, frames: list[Frame]) -> None:
    serve.put(*frames)
    assert serve.closed()[0] == 1009
    serve.wait(lambda: serve.session.closed)
    with RawPage(serve.address) as again:
        assert again.invoke("echo", 1) == [True, 1]


@pytest.mark.parametrize("frames", [
    [text(b'[[0,1,"echo","\xff"]]')],
    [text(b'[[0,1,"echo","\xc3', fin=False), text(b'"]]', Opcode.CONT)],
], ids=["whole", "fragments"])  # fmt: skip
def test_a_text_that_is_not_utf_8_closes_the_link(serve: Served, frames: list[Frame]) -> None:
    serve.put(*frames)
    assert serve.closed()[0] == 1007
    serve.wait(lambda: serve.session.closed)


PIECES = {
    "no mask": text(b"[]").serialize(mask=False),
    "reserved bit": b"\xc1\x80\0\0\0\0",
    "unknown kind": b"\x83\x80\0\0\0\0",
    "unknown control": b"\x8b\x80\0\0\0\0",
    "ping in fragments": b"\x09\x80\0\0\0\0",
    "long ping": b"\x89\xfe\x00\x7e\0\0\0\0" + bytes(126),
    "continuation of nothing": text(b"[]", Opcode.CONT).serialize(mask=True),
    "a message in a message": text(b"[", fin=False).serialize(mask=True) + text(b"[]").serialize(mask=True),
    "a closing of one byte": b"\x88\x81\0\0\0\0\0",
    "a closing code that is not for the network": b"\x88\x82\0\0\0\0" + struct.pack("!H", 1005),
}


@pytest.mark.parametrize("piece", PIECES.values(), ids=PIECES)
def test_what_breaks_the_protocol_closes_the_link(serve: Served, piece: bytes) -> None:
    serve.client.socket.sendall(piece)
    assert serve.closed()[0] == 1002
    serve.wait(lambda: serve.session.closed)


FUTILE = {
    "pings": b"\x89\x80\0\0\0\0",
    "pongs": b"\x8a\x80\0\0\0\0",
    "empty fragments": b"\x00\x80\0\0\0\0",
    "short fragments": b"\x00\x81\0\0\0\0 ",
}


@pytest.mark.parametrize("piece", FUTILE.values(), ids=FUTILE)
@pytest.mark.parametrize("carried", ["direct", "link"])
def test_frames_to_no_end_close_the_link_before_they_are_parsed(
    tmp_path: Path, carried: Literal["direct", "link"], piece: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "index.html").write_text("<!doctype html><p>", "utf-8")
    with served_runtime(tmp_path, carried=carried) as (host, address):
        page = Served(host, address)
        with suppress(OSError):  # the connection ends while they are sent
            page.client.socket.sendall(text(b"[", fin=False).serialize(mask=True) + piece * 50_000)
        page.wait(lambda: page.session.closed)
        page.client.close_socket()
    assert caplog.text.count("it sent too many frames without content") == 1


# The end


def test_a_page_that_closes_is_told_its_own_code_and_what_it_said_before_is_done(serve: Served) -> None:
    done = len(serve.host.reports)
    closing = Frame(Opcode.CLOSE, struct.pack("!H", 4321))
    serve.put(text(b'[[0,1,"report","last"]]'), closing)
    assert serve.closed()[0] == 4321
    serve.wait(lambda: serve.session.closed)
    assert serve.host.reports[done:] == ["last"]
    assert serve.session.closed == 1


@pytest.mark.slow  # the page may come back for a while
def test_a_page_that_closes_without_a_code_is_closed(serve: Served) -> None:
    serve.put(Frame(Opcode.CLOSE, b""))
    assert serve.closed()[0] == 1005
    serve.wait(lambda: serve.session.closed)


@pytest.mark.slow  # the page may come back for a while
@pytest.mark.parametrize("reset", [True, False], ids=["reset", "end"])
def test_a_page_that_vanishes_ends_its_session_and_nothing_is_logged(
    serve: Served, reset: bool, caplog: pytest.LogCaptureFixture
) -> None:
    if reset:
        serve.client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        serve.client.socket.close()
    else:
        serve.client.socket.shutdown(socket.SHUT_RDWR)
    serve.wait(lambda: serve.session.closed)
    serve.session.send(resolve(1, b"1"))  # nobody is there to get it
    with RawPage(serve.address) as again:
        assert again.invoke("echo", 1) == [True, 1]
    assert caplog.records == []


def test_a_window_that_is_destroyed_closes_its_link_with_its_code(serve: Served) -> None:
    serve.host.runtime.perform(DestroyWindow("main"))
    assert serve.closed() == (4002, "the window was closed")
    serve.wait(lambda: serve.session.closed)
    assert WindowEvent("main", "destroyed") in serve.host.events


def test_a_second_page_closes_the_first_with_its_code(serve: Served) -> None:
    with RawPage(serve.address, "take"):
        assert serve.closed() == (4001, "the window was opened in another page")


def test_a_failure_of_the_application_is_logged_and_closes_the_link_alone(
    serve: Served, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(serve.session, "receive", fail)
    serve.client.send('[[0,1,"echo",1]]')
    assert serve.closed() == (1011, "the application failed")
    serve.wait(lambda: serve.session.closed)
    assert "broken on purpose" in caplog.text
    with RawPage(serve.address) as again:
        assert again.invoke("echo", 1) == [True, 1]


# The handshake on our own server


def test_only_the_link_is_a_web_socket(direct: Served) -> None:
    page = RawPage(direct.address)
    page.address = page.address + "other/"
    with pytest.raises(InvalidStatus) as caught:
        page.socket()
    assert caught.value.response.status_code == 403


@pytest.mark.parametrize(("headers", "status"), [
    ({"Sec-WebSocket-Version": "8"}, (400, 426)),
    ({"Sec-WebSocket-Key": "short"}, (400,)),
    ({"Sec-WebSocket-Key": ""}, (400,)),
])  # fmt: skip
def test_a_handshake_that_is_not_sound_is_refused_and_costs_no_key(
    direct: Served, headers: dict[str, str], status: tuple[int, ...]
) -> None:
    page = RawPage(direct.address, "take")
    sound = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
        "Sec-WebSocket-Protocol": f"transom.1, key.{page.key}",
        "Origin": page.origin,
        "Cookie": page.cookie,
    }
    assert request(f"{page.address}.transom/link", sound | headers).status in status
    with page:
        assert page.invoke("echo", 1) == [True, 1]


def test_a_server_that_ends_says_so_to_its_pages(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<!doctype html><p>", "utf-8")
    with served_runtime(tmp_path, carried="direct") as (host, address):
        page = Served(host, address)
    assert page.closed() == (1001, "the application has ended")


# A page that does not read, or does not close


def by_hand(scenario: Callable[[DirectPage], Awaitable[None]]) -> None:
    """Run a scenario with a page whose network is a fake, and which the session of a `FakeHost` answers."""

    async def carry(socket: LinkSocket) -> None:
        link = WebLink(socket)
        session = FakeSession(FakeHost(lambda _: None, lambda *_: None), Page("main", "main", "", True), link)
        link.open(session)
        await link.run()

    async def run() -> None:
        page = DirectPage()
        ended = page.connect(carry)
        await turns()
        await scenario(page)
        page.leaves()
        await asyncio.wait_for(ended, 30)
        await turns()
        assert page.state.connections == set()
        assert page.state.tasks == set()

    asyncio.run(run())


def test_a_page_that_does_not_read_is_not_read_either_until_it_does() -> None:
    async def scenario(page: DirectPage) -> None:
        page.takes(False)
        page.says('[[0,1,"echo",1]]')
        assert page.transport.reading, "nothing has to wait yet"
        for number in (2, 3):
            page.says(f'[[0,{number},"echo",{number}]]')
            await turns()
            assert not page.transport.reading
        assert page.sent == []
        page.takes(True)
        await turns()
        assert page.transport.reading
        assert page.sent == ["[[0,1,1]]", "[[0,2,2]]", "[[0,3,3]]"]

    by_hand(scenario)


def test_what_a_page_said_before_it_closed_is_done_though_it_does_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[Any] = []
    monkeypatch.setattr(FakeHost, "take_report", lambda _, session, report: done.append(report))

    async def scenario(page: DirectPage) -> None:
        page.takes(False)
        page.says('[[0,1,"echo",1]]')
        page.client.send_text(b'[[0,2,"report",2]]')
        page.client.send_close(1000)
        page.protocol.data_received(b"".join(page.client.data_to_send()))
        assert done == [2]

    by_hand(scenario)


def test_a_page_that_does_not_answer_a_closing_loses_its_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_connection, "_CLOSE_TIMEOUT", 0.01)

    async def scenario(page: DirectPage) -> None:
        page.protocol.shutdown()
        assert page.closed == 1001
        assert not page.transport.closed
        await asyncio.wait_for(page.transport.lost.wait(), 30)

    by_hand(scenario)


def test_a_page_that_closes_and_keeps_its_connection_loses_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_connection, "_CLOSE_TIMEOUT", 0.01)

    async def scenario(page: DirectPage) -> None:
        page.client.send_close(1000)
        page.protocol.data_received(b"".join(page.client.data_to_send()))
        assert page.closed == 1000
        await asyncio.wait_for(page.server.ended, 30)
        await asyncio.wait_for(page.transport.lost.wait(), 30)

    by_hand(scenario)


def test_what_a_page_says_after_the_application_has_closed_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[Any] = []
    monkeypatch.setattr(FakeHost, "take_report", lambda _, session, report: done.append(report))

    async def scenario(page: DirectPage) -> None:
        page.client.send_text(b'[[0,2,"report",2]]')  # on its way
        page.protocol.shutdown()
        page.protocol.data_received(b"".join(page.client.data_to_send()))
        await turns()
        assert done == []
        assert page.closed == 1001

    by_hand(scenario)


def test_a_call_has_not_the_context_variables_of_whoever_made_the_link_send(direct: Served) -> None:
    variable: contextvars.ContextVar[str] = contextvars.ContextVar("variable", default="")
    found: set[str] = set()
    receive = direct.session.receive

    def noted(batch: Any, tail: Any = None) -> None:
        found.add(variable.get())
        receive(batch, tail)

    direct.session.receive = noted  # type: ignore[method-assign]

    def send() -> None:
        variable.set("of whoever sends")
        for number in range(30):  # more than the network takes
            direct.session.send(resolve(number, b'"%b"' % (b"x" * (1 << 20))))

    contextvars.copy_context().run(send)
    for number in range(100, 2000):
        direct.client.send(f'[[0,{number},"echo",0]]')
    assert [message[1] for message in islice(direct.page.messages(), 30 + 1900)] == [*range(30), *range(100, 2000)]
    assert found == {""}
