"""Redis (or Valkey): one stream for each application."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from typing import Any

from ...errors import RuntimeUnavailable
from ._engine import EngineBus, Stored, without_password

__all__ = ["RedisBus"]

_KEPT = 100_000  # entries of the stream
_BLOCK_MS = 2000
_FIELD = b"e"


class RedisBus(EngineBus):
    """Carries events by a Redis stream.

    Args:
        address: `redis://[user:password@]host:port[/database]`, or `rediss://` for TLS.
        name: The application's name in the engine.

    Raises:
        RuntimeUnavailable: The package `redis` is not installed.
    """

    def __init__(self, address: str, name: str) -> None:
        try:
            from redis.asyncio import Redis
        except ImportError:
            raise RuntimeUnavailable("the bus of redis needs a package: pip install 'transom[redis]'") from None
        super().__init__(without_password(address))
        options: dict[str, Any] = {"socket_timeout": 10, "socket_connect_timeout": 5, "health_check_interval": 5}
        self._stream = f"transom:{name}:events"
        self._reader: Any = Redis.from_url(address, **options)
        self._writer: Any = Redis.from_url(address, **options)
        self._last: bytes | None = None

    async def _entries(self) -> AsyncIterator[Stored | None]:
        reader, stream = self._reader, self._stream
        await reader.ping()
        if self._last is None:
            newest = await reader.xrevrange(stream, count=1)
            self._last = newest[0][0] if newest else b"0-0"
        elif await self._has_hole(self._last):
            yield Stored(_cursor(self._last), None)
        yield None
        while True:
            for _, entries in await reader.xread({stream: self._last}, count=1000, block=_BLOCK_MS) or ():
                for entry, fields in entries:
                    self._last = entry
                    yield Stored(_cursor(entry), fields.get(_FIELD, b""))

    async def _has_hole(self, last: bytes) -> bool:
        """Tell whether entries behind the last one that was read are gone: trimmed, or with an engine that kept nothing."""
        if not await self._reader.exists(self._stream):
            return _cursor(last) > 0
        info = await self._reader.xinfo_stream(self._stream)
        if _cursor(info["last-generated-id"]) < _cursor(last):
            return True
        first = info.get("first-entry")
        if first is None or _cursor(first[0]) <= _cursor(last):
            return False
        # Everything that this process has read is trimmed: so may be more, unless nothing ever was behind it.
        return _cursor(info.get("max-deleted-entry-id", b"0-0")) > _cursor(last)

    async def _open(self) -> None:
        await self._writer.ping()

    async def _store(self, batch: Sequence[bytes]) -> None:
        pipeline = self._writer.pipeline(transaction=False)
        for data in batch:
            pipeline.xadd(self._stream, {_FIELD: data}, maxlen=_KEPT, approximate=True)
        await pipeline.execute()

    async def _close(self) -> None:
        await self._reader.aclose()
        await self._writer.aclose()

    async def _idle(self, more: asyncio.Event) -> None:
        while not more.is_set():
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(more.wait(), _BLOCK_MS / 1000)
            if not more.is_set():
                await self._writer.ping()


def _cursor(entry: bytes | str) -> int:
    milliseconds, _, number = (entry.decode() if isinstance(entry, bytes) else entry).partition("-")
    return (int(milliseconds) << 24) | min(int(number or 0), 0xFFFFFF)
