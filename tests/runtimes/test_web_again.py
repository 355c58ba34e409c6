"""A page whose connection was lost connects again by itself, and knows what it has lost."""

from __future__ import annotations

import json
import re
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from websockets.exceptions import ConnectionClosed

from tests.conformance.raw_page import RawPage
from tests.requirements import ROOT
from tests.runtimes.browser import browser
from tests.runtimes.fake_host import FakeHost
from tests.runtimes.served import served_runtime
from transom.runtimes.web.link import _link
from transom.wire import resolve


class Wire:
    """A network between a browser and the server that can break."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.closed = False  # to new connections
        self.silent = False  # what is sent arrives no more
        self.swallowed = 0  # bytes that did not arrive
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._all: list[socket.socket] = []
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                if self.closed:
                    near.close()
                    continue
                self._all.append(near)
                far = socket.create_connection(("127.0.0.1", self._port))
                self._all.append(far)
                self._pairs.append((near, far))
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(65536):
                if self.silent:
                    self.swallowed += len(data)
                else:
                    other.sendall(data)
        with suppress(OSError):
            other.shutdown(socket.SHUT_WR)

    def cut(self, *, far: bool = True) -> None:
        """Break every connection, without a goodbye.

        Args:
            far: Whether the server learns of it, too.
        """
        pairs, self._pairs = self._pairs, []
        for pair in pairs:
            for end in pair[: 2 if far else 1]:
                with suppress(OSError):
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    end.shutdown(socket.SHUT_RDWR)
                    end.close()

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._accepting.join(10)
        self._listener.close()
        self.cut()
        for end in self._all:
            end.close()


@pytest.fixture(params=["direct", "asgi", "link"])
def app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[FakeHost, str, Wire]]:
    (tmp_path / "index.html").write_text("<!doctype html><p>", "utf-8")
    with served_runtime(tmp_path, carried=request.param) as (host, address):
        wire = Wire(urlsplit(address).port or 0)
        yield host, f"http://127.0.0.1:{wire.port}/?{urlsplit(address).query}", wire
        wire.close()


@pytest.fixture(params=["direct", "asgi", "link"])
def small(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[FakeHost, str, Wire]]:
    """An application that keeps next to nothing for pages whose connection is lost, and not for long."""
    (tmp_path / "index.html").write_text("<!doctype html><p>", "utf-8")
    options = {"token": "t", "reconnect": (0.05, 1)}
    with served_runtime(tmp_path, carried=request.param, options=options) as (host, address):
        wire = Wire(urlsplit(address).port or 0)
        yield host, f"http://127.0.0.1:{wire.port}/?{urlsplit(address).query}", wire
        wire.close()


def _until(condition: Callable[[], object]) -> None:
    for _ in range(4000):
        if condition():
            return
        threading.Event().wait(0.005)
    raise AssertionError("it did not become true")


@pytest.fixture
def pages() -> Iterator[list[RawPage]]:
    found: list[RawPage] = []
    yield found
    for page in found:
        _close(page)


def _close(page: RawPage) -> None:
    if page._socket is not None:
        page._socket.close()


def _connected(app: tuple[FakeHost, str, Wire], pages: list[RawPage]) -> RawPage:
    """Return a page that has made a call."""
    page = RawPage(app[1])
    pages.append(page)
    page._socket = page.socket()
    assert page.invoke("echo", 1) == [True, 1]
    return page


def _again(page: RawPage) -> Any:
    """Connect again and return the first message, or the code that closes the link."""
    _close(page)
    page.words = (f"again.{page._received}",)
    page._socket = page.socket()
    with suppress(ConnectionClosed):
        return page._socket.recv(timeout=30)
    return page._socket.close_code


@pytest.mark.parametrize("far", [True, False], ids=["both ends know", "the server does not know"])
def test_a_page_goes_on_where_the_connection_was_lost(
    app: tuple[FakeHost, str, Wire], pages: list[RawPage], far: bool
) -> None:
    host, _, wire = app
    page = _connected(app, pages)
    session = host.sessions[0]
    link: Any = session._link
    wire.cut(far=far)
    if far:
        _until(lambda: link.is_lost)
        session.send(resolve(7, b'"sent while it was lost"'))
    first = _again(page)
    assert re.fullmatch(r'"again \d+"', first)
    if far:
        assert page.next(0)[1:] == [7, "sent while it was lost"]
    assert page.invoke("echo", 2) == [True, 2]
    assert session.closed == 0
    _close(page)
    _until(lambda: session.closed)
    assert len(host.sessions) == 1


def _loses_a_frame(app: tuple[FakeHost, str, Wire]) -> None:
    host, _, wire = app
    wire.silent = True
    host.sessions[0].send(resolve(7, b'"lost on the way"'))
    _until(lambda: wire.swallowed)
    wire.cut()
    wire.silent = False


def test_a_frame_that_was_lost_is_sent_again(app: tuple[FakeHost, str, Wire], pages: list[RawPage]) -> None:
    page = _connected(app, pages)
    _loses_a_frame(app)
    assert re.fullmatch(r'"again \d+"', _again(page))
    assert page.next(0)[1:] == [7, "lost on the way"]
    assert page.invoke("echo", 2) == [True, 2]
    assert len(app[0].sessions) == 1


def test_a_page_that_misses_a_frame_over_the_bound_is_loaded_again(
    small: tuple[FakeHost, str, Wire], pages: list[RawPage]
) -> None:
    page = _connected(small, pages)
    _loses_a_frame(small)
    assert _again(page) == 4011
    _until(lambda: small[0].sessions[0].closed)


def test_the_application_says_what_has_arrived(app: tuple[FakeHost, str, Wire], pages: list[RawPage]) -> None:
    page = _connected(app, pages)
    link: Any = app[0].sessions[0]._link
    before = link._received
    for number in range(70):
        page.send([[0, 100 + number, "echo", number]])
    told = []
    assert page._socket is not None
    while len(told) < 2:
        frame = page._socket.recv(timeout=30)
        told += re.findall(r'^"got (\d+)"$', str(frame))
    assert before < int(told[0]) < int(told[1]) <= link._received


def test_a_page_that_closes_its_connection_is_gone(app: tuple[FakeHost, str, Wire], pages: list[RawPage]) -> None:
    page = _connected(app, pages)
    _close(page)
    _until(lambda: app[0].sessions[0].closed)
    assert _again(page) == 4011


def test_a_page_that_does_not_come_again_is_gone(small: tuple[FakeHost, str, Wire], pages: list[RawPage]) -> None:
    page = _connected(small, pages)
    small[2].cut()
    _until(lambda: small[0].sessions[0].closed)
    assert _again(page) == 4011


@pytest.mark.parametrize("word", ["again.0", "again.99999999999999"])
def test_a_made_up_key_or_number_goes_on_with_nothing(
    app: tuple[FakeHost, str, Wire], pages: list[RawPage], word: str
) -> None:
    page = _connected(app, pages)
    stranger = RawPage(app[1], word)
    pages.append(stranger)
    stranger._socket = stranger.socket(key="0" * 32)
    with suppress(ConnectionClosed):
        stranger._socket.recv(timeout=30)
    assert stranger._socket.close_code == 4011
    assert page.invoke("echo", 2) == [True, 2]
    assert len(app[0].sessions) == 1


def test_another_page_takes_the_window_of_a_page_that_is_lost_without_a_click(
    app: tuple[FakeHost, str, Wire], pages: list[RawPage]
) -> None:
    host, _, wire = app
    _connected(app, pages)
    link: Any = host.sessions[0]._link
    wire.cut()
    _until(lambda: link.is_lost)
    _connected(app, pages)
    _until(lambda: host.sessions[0].closed)


# In a browser

PAGE = """<!doctype html><script>
globalThis.start = Math.random();
globalThis.invoke = (...args) => __TAURI_INTERNALS__.invoke(...args);
globalThis.heard = [];
globalThis.hear = (count) => invoke('push', {to: __TAURI_INTERNALS__.transformCallback((value) => heard.push(value)), count});
</script>"""


@pytest.mark.parametrize("app", ["direct", "asgi"], indirect=True)
def test_a_browser_loses_nothing_with_its_connection(app: tuple[FakeHost, str, Wire], tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(PAGE, "utf-8")
    host, address, wire = app
    with browser() as driver:
        tab = driver.tab()
        tab.goto(address)
        assert tab.eval("invoke('echo', 1)") == 1
        start = tab.eval("start")
        for number in range(3):
            # Calls that are made before the loss, in it, and bytes of more than one frame: their answers do not arrive.
            wire.silent = True
            before = wire.swallowed
            tab.eval(f"""
                globalThis.answers = [];
                globalThis.note = (value) => answers.push(value);
                invoke('echo', 'before {number}').then(note, note);
                invoke('sum', new Uint8Array(50_000)).then((value) => note(value.length), note);
                invoke('bytes', {{ size: 3_000_064 }}).then((value) => note(value.byteLength), note);
                1""")
            _until(lambda swallowed=before: wire.swallowed > swallowed)
            wire.closed = True
            wire.cut()
            tab.eval(f"invoke('echo', 'in {number}').then(note, note); 1")
            wire.silent = wire.closed = False
            tab.wait("answers.length === 4")
            assert tab.eval("answers.toSorted()") == [3_000_064, 64, f"before {number}", f"in {number}"]
        assert tab.eval("start") == start, "nothing was lost, so the page must not be loaded again"
        # What is sent while nobody hears it.
        tab.eval("heard.length = 0; hear(3).catch(() => 0); 1")
        wire.silent = True
        host.sessions[0].send(resolve(99, b"1"))
        wire.cut()
        wire.silent = False
        tab.wait("heard.length === 3")
        assert len(host.sessions) == 1
        assert any("the page connects again by itself" in line for line in tab.do("said"))


@pytest.mark.parametrize("small", ["direct", "asgi"], indirect=True)
def test_a_browser_rejects_calls_when_the_connection_is_lost_for_long_and_loads_the_page_again(
    small: tuple[FakeHost, str, Wire], tmp_path: Path
) -> None:
    (tmp_path / "index.html").write_text(PAGE, "utf-8")
    host, address, wire = small
    with browser() as driver:
        tab = driver.tab()
        tab.goto(address)
        tab.wait("invoke('echo', 1).catch(() => 0)")
        start = tab.eval("start")
        wire.closed = True
        tab.eval("globalThis.pending = hear(0).then(() => 0, ({kind, code}) => [kind, code]); 1")  # it gets no answer
        wire.cut()
        assert tab.eval("pending") == ["disconnected", 1006]
        assert tab.eval("invoke('echo', 1).catch(({kind}) => kind)") == "disconnected"
        _until(lambda: host.sessions[0].closed)
        wire.closed = False
        tab.wait(f"globalThis.start && start !== {json.dumps(start)}")
        tab.wait("invoke('echo', 3).catch(() => 0)")
        assert len(host.sessions) == 2


@pytest.mark.parametrize("app", ["direct", "asgi"], indirect=True)
def test_calls_of_a_page_that_is_left_while_its_connection_is_lost_arrive(
    app: tuple[FakeHost, str, Wire], tmp_path: Path
) -> None:
    (tmp_path / "index.html").write_text(PAGE, "utf-8")
    host, address, wire = app
    with browser() as driver:
        tab = driver.tab()
        tab.goto(address)
        tab.eval("""
            addEventListener('pagehide', () => invoke('report', 'left'));
            const { warn } = console;
            console.warn = (text) => (warn(text), text.includes('connects again') && (location.href = 'about:blank'));
            invoke('echo', 1)""")
        wire.cut()
        _until(lambda: host.reports)
        assert host.reports == ["left"]


def test_the_time_that_is_documented() -> None:
    text = (ROOT / "docs" / "security.md").read_text("utf-8")
    assert f"| seconds that a page whose connection was lost keeps its generation | {_link.KEEP:.0f} |" in text
