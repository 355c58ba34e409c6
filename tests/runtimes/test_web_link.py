"""The page's WebSocket, over a real connection."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

from tests.runtimes.fake_host import FakeHost
from transom.runtimes import Settings
from transom.runtimes._web import WebRuntime


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
