"""The server for media players, without a window."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import closing
from http.client import HTTPConnection
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.requirements import needs_webkitgtk


@pytest.fixture
def server() -> Iterator[Any]:
    needs_webkitgtk()
    from transom.runtimes.webkitgtk.media import MediaServer

    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    found = MediaServer(loop)
    yield found
    found.end()
    asyncio.run_coroutine_threadsafe(ended(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
    loop.close()


async def ended() -> None:
    """Wait for what the server has begun."""
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        await asyncio.wait(others)


async def answer(method: str, asked: Mapping[str, str]) -> Any:
    from transom.runtimes.webkitgtk.media import MediaAnswer

    async def pieces() -> AsyncIterator[bytes]:
        yield b"sound"

    return MediaAnswer(200, [("Content-Length", "5")], pieces())


def asked(address: str) -> tuple[int, bytes]:
    parts = urlsplit(address)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    connection.request("GET", parts.path, headers={"Sec-Fetch-Dest": "video"})
    with closing(connection), connection.getresponse() as response:
        return response.status, response.read()


def test_an_address_ends_with_its_page(server: Any) -> None:
    page = SimpleNamespace(closed=False)
    address = server.ticket(page, answer)
    assert asked(address) == (200, b"sound")
    assert asked(address) == (200, b"sound")
    page.closed = True
    assert asked(address) == (404, b"")


def test_connections_and_addresses_are_limited(server: Any) -> None:
    page, other = SimpleNamespace(closed=False), SimpleNamespace(closed=False)
    addresses = [server.ticket(page, answer) for _ in range(1000)]
    assert len(set(addresses)) == 1000
    assert server.ticket(page, answer) is None
    assert server.ticket(other, answer) is not None
    place = (urlsplit(addresses[0]).hostname, urlsplit(addresses[0]).port)
    silent = [socket.create_connection(place, 10) for _ in range(64)]
    try:
        # The last of them is accepted in their order, so that a further one finds them all.
        with socket.create_connection(place, 10) as further:
            assert further.recv(1) == b""
    finally:
        for connection in silent:
            connection.close()
