"""The near end: listens for one call, and hands what its channels send to the page."""

from __future__ import annotations

import asyncio
import hmac
import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from ...errors import ChannelClosed
from ...pages import CancellationToken
from ...values import Channel, InvokeResponseBody, LiftedBuffer
from ._frames import LENGTH, MAX_FRAME, SECRET, ChannelFrame, decode_frame
from ._there import CallOfExecutor, Place

__all__ = ["Crossing"]

_log = logging.getLogger("transom")
_PATIENCE = 10.0  # seconds in which a connection shows the secret
_STRANGERS = 16  # connections that have not shown it
_EVERYTHING = (-1).to_bytes(LENGTH, "big", signed=True)


class Crossing:
    """One call on its way to another process: an asynchronous context, which ends with the call. On the event loop.

    Leaving it closes the connection, by which the other process learns that the call was cancelled.

    Args:
        host: The address to listen at, by which the processes of the executor reach this one.
    """

    def __init__(self, host: str) -> None:
        self._host = host
        self._secret = secrets.token_bytes(SECRET)
        self._channels: list[Channel[Any]] = []
        self._serving: set[asyncio.Task[None]] = set()
        self._writer: asyncio.StreamWriter | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connected, self._host, 0, limit=1 << 16)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for task in list(self._serving):
            task.cancel()
        if self._serving:
            await asyncio.wait(list(self._serving))

    def call(
        self, function: Callable[..., Any], positional: Sequence[Any], keywords: Mapping[str, Any]
    ) -> tuple[CallOfExecutor, list[Any], dict[str, Any]]:
        """Return what the executor is to call, and its two arguments."""
        port = self._server.sockets[0].getsockname()[1]
        call = CallOfExecutor(self._host, port, self._secret, function)
        return (
            call,
            [self._place(value) for value in positional],
            {name: self._place(value) for name, value in keywords.items()},
        )

    def _place(self, value: Any) -> Any:
        if isinstance(value, CancellationToken):
            return Place(None)
        if not isinstance(value, Channel):
            return value
        self._channels.append(value)
        return Place(len(self._channels) - 1)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        if len(self._serving) >= _STRANGERS:
            writer.transport.abort()
            return
        self._serving.add(task)
        try:
            shown = await asyncio.wait_for(reader.readexactly(SECRET), _PATIENCE)
            if hmac.compare_digest(shown, self._secret) and self._writer is None:
                self._writer = writer
                await self._carry(reader, writer)
        except asyncio.CancelledError:
            pass  # the call has ended; raised again, the server would log it
        except (TimeoutError, OSError, EOFError):
            pass  # whether the call has an answer is the executor's to say
        except ValueError as failure:
            _log.error("the process of an executor has sent something that is not a message: %s", failure)
        finally:
            self._serving.discard(task)
            with suppress(OSError, RuntimeError):
                writer.close()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            size = int.from_bytes(await reader.readexactly(LENGTH), "big")
            if size > MAX_FRAME:
                raise ValueError(f"a message of {size} bytes")
            frame = decode_frame(await reader.readexactly(size))
            if frame is None:
                writer.write(_EVERYTHING)
                await writer.drain()
            elif not await self._deliver(frame):
                writer.write(frame.channel.to_bytes(LENGTH, "big"))

    async def _deliver(self, frame: ChannelFrame) -> bool:
        """Send a message to the page when it has room, and tell whether the channel takes more."""
        if not 0 <= frame.channel < len(self._channels):
            raise ValueError(f"a message of channel {frame.channel}")
        channel = self._channels[frame.channel]
        if frame.json is None:
            channel.close()
            return True
        buffers = tuple(LiftedBuffer(path, kind, memoryview(data)) for path, kind, data in frame.buffers)
        try:
            await channel.send_async(InvokeResponseBody(frame.json, buffers))
        except ChannelClosed:
            return False
        return True
