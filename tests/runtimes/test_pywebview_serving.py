"""The server of pywebview's pages ends with its block, however that ends."""

from __future__ import annotations

import asyncio
import socket
import threading
from contextlib import AbstractContextManager
from types import SimpleNamespace
from typing import Any

import pytest

from transom.errors import RuntimeUnavailable
from transom.runtimes import Settings
from transom.runtimes.pywebview._serving import serving


async def _app(_scope: Any, _receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"served"})


def _get(address: tuple[str, int]) -> bytes:
    with socket.create_connection(address, 20) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        return b"".join(iter(lambda: connection.recv(4096), b""))


def _show_nothing(served: AbstractContextManager[None], address: tuple[str, int]) -> None:
    with served:
        assert b"served" in _get(address)
        raise RuntimeUnavailable("no display")


def test_the_server_ends_when_no_window_can_be_shown() -> None:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    ended = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))
    address = listener.getsockname()
    try:
        served = serving(
            SimpleNamespace(asgi=_app), listener, loop, settings=Settings(name="a test"), links=tuple, failed=ended.set
        )
        with pytest.raises(RuntimeUnavailable, match="no display"):
            _show_nothing(served, address)
        assert ended.wait(20)
        with pytest.raises(ConnectionError):
            _get(address)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
        listener.close()
