"""What a program at the port of the web runtime can send, such as requests that two servers read differently."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.conformance.raw_page import RawPage
from tests.runtimes.served import served_runtime
from transom.runtimes.web import _connections


@pytest.fixture(params=["direct", "asgi", "link"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    (tmp_path / "index.html").write_text("<!doctype html><p>", "utf-8")
    with served_runtime(tmp_path, carried=request.param) as (_, address):
        yield address


def answers(address: str, *pieces: str) -> list[int]:
    """Send bytes over one connection, and return the statuses of the answers until the server closes it or is silent."""
    with socket.create_connection(("127.0.0.1", urlsplit(address).port or 0), 10) as connection:
        connection.settimeout(1.5)
        connection.sendall("".join(pieces).replace("\n", "\r\n").encode("latin-1"))
        data = b""
        try:
            while piece := connection.recv(65536):
                data += piece
                connection.settimeout(0.3)  # another answer comes at once, if one comes
        except (TimeoutError, ConnectionResetError):
            pass
    return [int(status) for status in re.findall(rb"^HTTP/1\.1 (\d+)", data, re.MULTILINE)]


SMUGGLED = "GET /smuggled HTTP/1.1\nHost: localhost\n\n"
# Each would be one request for one server and two for another.
AMBIGUOUS = {
    "two lengths": ("Content-Length: 0\nContent-Length: 44\n\n", SMUGGLED),
    "a length and chunks": ("Content-Length: 4\nTransfer-Encoding: chunked\n\n", "0\n\n", SMUGGLED),
    "chunks twice": ("Transfer-Encoding: chunked\nTransfer-Encoding: identity\n\n", "0\n\n", SMUGGLED),
    "a length with a sign": ("Content-Length: +0\n\n", SMUGGLED),
    "a folded field": ("X: a\n Content-Length: 44\n\n", SMUGGLED),
    "a space before the colon": ("Content-Length : 44\n\n", SMUGGLED),
    "a line without a name": (": x\n\n", SMUGGLED),
}


@pytest.mark.parametrize("fields", AMBIGUOUS.values(), ids=AMBIGUOUS)
def test_an_ambiguous_request_gets_nothing_of_the_application(address: str, fields: tuple[str, ...]) -> None:
    assert answers(address, "GET / HTTP/1.1\nHost: localhost\n\n") == [403]  # it does answer
    found = answers(address, "POST /.transom/last HTTP/1.1\nHost: localhost\n", *fields)
    # At most the two requests that there are for a lenient reader; without a session each is refused.
    assert len(found) <= 2
    assert all(400 <= status < 500 for status in found), found


@pytest.mark.parametrize(
    "request_line",
    [
        "GET http://evil.example/ HTTP/1.1\nHost: localhost\n\n",
        "GET / HTTP/1.1\nHost: localhost\nHost: evil.example\n\n",
        "GET / HTTP/1.1\n\n",
        "CONNECT evil.example:80 HTTP/1.1\nHost: evil.example:80\n\n",
        "GET //evil.example/%2e%2e/ HTTP/1.1\nHost: localhost\n\n",
        "TRACE / HTTP/1.1\nHost: localhost\nCookie: a=b\n\n",
        "GET / HTTP/0.9\nHost: localhost\n\n",
        f"GET /{'a' * 70000} HTTP/1.1\nHost: localhost\n\n",
        "GET / HTTP/1.1\nHost: localhost\n" + "".join(f"X-{i}: y\n" for i in range(20000)) + "\n",
        "PRI * HTTP/2.0\n\nSM\n\n",
    ],
    ids=["absolute", "two hosts", "no host", "connect", "two slashes", "trace", "old version", "long path", "many fields", "h2"],
)  # fmt: skip
def test_an_odd_request_gets_no_page_and_the_server_goes_on(address: str, request_line: str) -> None:
    found = answers(address, request_line)
    assert all(status >= 400 for status in found), found
    with RawPage(address) as page:
        assert page.invoke("echo", 1) == [True, 1]


def test_a_request_with_two_lengths_ends_its_connection(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<!doctype html><p>", "utf-8")
    with served_runtime(tmp_path, carried="link") as (_, address):
        request = "POST / HTTP/1.1\nHost: localhost\nContent-Length: 4\nTransfer-Encoding: chunked\n\n0\n\n"
        assert answers(address, request, "GET / HTTP/1.1\nHost: localhost\n\n") == [400]


def test_a_client_that_leaves_during_its_request_costs_no_traceback(
    address: str, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with RawPage(address) as page:
        head = f"POST /.transom/last HTTP/1.1\r\nHost: {urlsplit(address).netloc}\r\nCookie: {page.cookie}\r\n"
        head += f"Origin: http://{urlsplit(address).netloc}\r\nContent-Length: 9\r\n\r\n"
        for _ in range(3):
            with socket.create_connection(("127.0.0.1", urlsplit(address).port or 0), 10) as connection:
                connection.sendall(head.encode() + b"a")
        assert page.invoke("echo", 1) == [True, 1]
    assert "Traceback" not in caplog.text + capfd.readouterr().err


def test_the_connections_of_a_server_whose_requests_are_awaited_are_bounded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_connections, "_half_of_the_descriptors", lambda: 3)
    monkeypatch.setattr(_connections, "Connections", partial(_connections.Connections, deadline=0.2))
    (tmp_path / "index.html").write_text("<!doctype html><p>", "utf-8")
    with served_runtime(tmp_path, carried="link") as (_, address), RawPage(address) as page, ExitStack() as stack:
        port = urlsplit(address).port or 0
        silent = [stack.enter_context(socket.create_connection(("127.0.0.1", port), 10)) for _ in range(5)]
        for connection in silent[1:]:
            connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\nG"[: 60 if connection is silent[1] else 20])
        for connection in silent:  # the oldest at once, the others in time, also after a request that was answered
            with suppress(ConnectionResetError):
                while connection.recv(65536):
                    pass
        assert page.invoke("echo", 1) == [True, 1], "a link is left alone"
