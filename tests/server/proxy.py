"""A proxy on loopback that delays what it carries, cuts its connections, and chooses among servers."""

from __future__ import annotations

import asyncio
import random
import socket
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import cycle
from threading import Event, Thread

__all__ = ["DelayingProxy", "proxied"]

_CHUNK = 65536


class DelayingProxy:
    """Carries connections. On the loop that it was started on.

    Args:
        targets: The ports of the servers; each connection goes to the next one.
        delay: Returns how many seconds a piece is delayed on its way, either way; pieces stay in order.
    """

    def __init__(self, targets: Sequence[int], delay: Callable[[], float] = lambda: 0.0) -> None:
        self.targets: Iterator[int] = cycle(targets)
        self.delay = delay
        self.cuts = self.delayed = 0
        self.port = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._server: asyncio.Server | None = None
        self._connections: dict[asyncio.StreamWriter, asyncio.StreamWriter] = {}

    async def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", 0, limit=_CHUNK)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        self.cut(1.0, random.Random(0))
        await asyncio.sleep(0)

    def drop(self) -> None:
        """Cut every connection, from another thread."""
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self.cut, 1.0, random.Random(0))

    def cut(self, share: float, chance: random.Random) -> None:
        """End connections abruptly, as a network does that is gone: both ends get a reset."""
        for client, server in list(self._connections.items()):
            if chance.random() < share:
                self.cuts += 1
                for end in (client, server):
                    raw = end.get_extra_info("socket")
                    with suppress(OSError):
                        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    end.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", next(self.targets), limit=_CHUNK)
        except OSError:
            writer.transport.abort()
            return
        self._connections[writer] = far_writer
        try:
            await asyncio.gather(self._one_way(reader, far_writer), self._one_way(far_reader, writer))
        except asyncio.CancelledError:
            pass  # the proxy has ended; raised again, the server would log it
        finally:
            del self._connections[writer]
            for end in (writer, far_writer):
                end.close()

    async def _one_way(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        loop = asyncio.get_running_loop()
        pieces: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(1000)

        async def read() -> None:
            data = b"."
            while data:
                try:
                    data = await reader.read(_CHUNK)
                except OSError:
                    data = b""
                await pieces.put((loop.time() + self.delay(), data))

        reading = asyncio.ensure_future(read())
        try:
            while True:
                due, data = await pieces.get()
                if not data:
                    break
                if (wait := due - loop.time()) > 0:
                    self.delayed += 1
                    await asyncio.sleep(wait)
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        finally:
            reading.cancel()
            with suppress(OSError, RuntimeError):
                writer.write_eof()


@contextmanager
def proxied(targets: Sequence[int]) -> Iterator[DelayingProxy]:
    """Run a proxy in a thread of its own."""
    proxy, started = DelayingProxy(targets), Event()
    loop = asyncio.new_event_loop()

    def run() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(proxy.start())
        started.set()
        loop.run_forever()
        loop.run_until_complete(proxy.stop())
        tasks = asyncio.all_tasks(loop)
        for task in tasks:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        loop.close()

    thread = Thread(target=run)
    thread.start()
    started.wait()
    try:
        yield proxy
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
