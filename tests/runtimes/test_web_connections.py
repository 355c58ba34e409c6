"""Connections that show no session have a deadline and a bound; those that have shown one have neither."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.conformance.application import Program, write_project
from tests.conformance.raw_page import RawPage
from tests.runtimes.served import served_runtime
from transom.runtimes.web import _connections
from transom.runtimes.web._connections import Connections


class _Transport(asyncio.Transport):
    def __init__(self) -> None:
        super().__init__()
        self.aborted = self.closed = False
        self.unsent = 0

    def get_write_buffer_size(self) -> int:
        return self.unsent

    def abort(self) -> None:
        self.aborted = True

    def close(self) -> None:
        self.closed = True


def test_the_oldest_that_has_shown_nothing_is_closed_for_a_new_one(caplog: pytest.LogCaptureFixture) -> None:
    async def scenario() -> None:
        connections = Connections(maximum=3)
        all_of_them = [_Transport() for _ in range(6)]
        for transport in all_of_them[:2]:
            connections.add(transport)
        connections.proven(all_of_them[0])
        for transport in all_of_them[2:]:
            connections.add(transport)
        assert [transport.aborted for transport in all_of_them] == [False, True, True, False, False, False]
        assert len(connections) == 3

    asyncio.run(scenario())
    assert caplog.text.count("have shown no session") == 1, "a flood is logged once"


def test_at_the_end_all_are_closed_also_those_that_still_come_and_those_that_read_nothing() -> None:
    async def scenario() -> None:
        connections = Connections()
        idle, full, late = _Transport(), _Transport(), _Transport()
        full.unsent = 5
        connections.add(idle)
        connections.add(full)
        await connections.close()
        assert [idle.closed, full.closed, full.aborted] == [True, True, True]
        connections.add(late)
        assert late.aborted

    asyncio.run(scenario())


def test_no_connection_outlives_the_application_that_accepted_it(tmp_path: Path) -> None:
    write_project(tmp_path)
    (tmp_path / "dist").mkdir(exist_ok=True)
    (tmp_path / "dist" / "index.html").write_text("<!doctype html>", "utf-8")
    program = """if True:
        import http.client, socket, sys, threading
        from transom import Builder, generate_context

        folder, port, held = sys.argv[1], int(sys.argv[2]), []

        def flood(app):
            first = http.client.HTTPConnection("127.0.0.1", port)
            first.request("GET", "/")
            first.getresponse()  # now it serves
            while True:
                try:
                    held.append(socket.create_connection(("127.0.0.1", port)))
                except ConnectionError:
                    return
                if len(held) == 100:
                    app.exit()

        threads = []

        def setup(app):
            threads.append(threading.Thread(target=flood, args=(app,)))
            threads[0].start()

        Builder().setup(setup).web(port=port, token="t", open_browser=False).build(generate_context(folder), "web").run()
        threads[0].join()
        left = 0
        for one in held:
            one.settimeout(5)
            try:
                left += one.recv(1) != b""
            except ConnectionError:
                pass
            except TimeoutError:
                left += 1
        print("all:", len(held) >= 100, "left:", left)
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with Program([sys.executable, "-c", program, str(tmp_path), str(port)]) as application:
        application.address()
        assert application.line() == "all: True left: 0\n"


def test_one_that_shows_nothing_in_time_is_closed() -> None:
    async def scenario() -> None:
        connections = Connections(deadline=0.01)
        silent, proven, gone = _Transport(), _Transport(), _Transport()
        for transport in (silent, proven, gone):
            connections.add(transport)
        connections.proven(proven)
        connections.proven(gone)
        connections.proven(gone)
        await asyncio.sleep(0.05)
        assert [silent.aborted, proven.aborted, gone.aborted] == [True, False, False]

    asyncio.run(scenario())


def test_no_connection_is_left_for_the_next_application_at_the_address() -> None:
    async def scenario() -> None:
        connections = Connections()
        silent, proven = _Transport(), _Transport()
        connections.add(silent)
        connections.add(proven)
        connections.proven(proven)
        await connections.close()
        assert silent.closed
        assert proven.closed

    asyncio.run(scenario())


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(Connections.__init__, "__defaults__", (20, 0.5))
    (tmp_path / "index.html").write_text("<!doctype html><p>", "utf-8")
    with served_runtime(tmp_path, carried="direct") as (_, address):
        yield address


@pytest.mark.parametrize(
    "start",
    [
        b"",
        b"G",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: ",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\nGET",
        b"POST /.transom/asset/main/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nx",
    ],
    ids=["silent", "one byte", "half a request", "a request and a half", "half a body"],
)
def test_a_connection_without_a_session_is_closed_by_the_server(address: str, start: bytes) -> None:
    with socket.create_connection(("127.0.0.1", urlsplit(address).port or 0), 10) as connection:
        connection.sendall(start)
        try:
            while connection.recv(65536):
                pass
        except ConnectionResetError:
            pass


def test_pages_are_served_through_a_flood_of_silent_connections(address: str) -> None:
    with ExitStack() as stack, RawPage(address) as page:
        for _ in range(300):
            stack.enter_context(socket.create_connection(("127.0.0.1", urlsplit(address).port or 0), 10))
        assert page.get("").status == 200
        assert page.invoke("echo", 1) == [True, 1]


def test_a_link_outlives_the_deadline(address: str) -> None:
    with RawPage(address) as page:
        with socket.create_connection(("127.0.0.1", urlsplit(address).port or 0), 10) as silent:
            assert silent.recv(1) == b"", "the deadline of the link has passed as well"
        assert page.invoke("echo", 1) == [True, 1]


def test_the_bounds_that_are_documented() -> None:
    assert (_connections.MAX_UNPROVEN, _connections.DEADLINE) == (128, 10.0)
