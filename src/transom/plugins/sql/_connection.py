"""What each kind of database has, and a pool of its connections."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, Final, Protocol

from ...errors import CommandError

__all__ = ["TIMEOUT", "Connection", "Kind", "Pool"]

TIMEOUT: Final = 30
"""Seconds in which a connection must be made, or become free (sqlx has the same)."""
_TRUSTED: Final = 1
"""Seconds that a connection may be idle and is then used without asking whether it still is one."""


class Connection(Protocol):
    """One connection, which does one thing at a time.

    Attributes:
        broken: Whether it can no longer be used.
    """

    @property
    def broken(self) -> bool:
        """See above."""
        ...

    async def execute(self, query: str, values: Sequence[Any]) -> tuple[int, int | None]:
        """Run statements; return the number of changed rows and the last id, `None` where the database has none.

        Raises:
            CommandError: The database refuses it.
        """
        ...

    async def select(self, query: str, values: Sequence[Any]) -> list[dict[str, Any]]:
        """Run a statement and return its rows.

        Raises:
            CommandError: The database refuses it, or the result is too large.
        """
        ...

    async def run(self, script: str) -> None:
        """Run statements without values.

        Raises:
            CommandError: The database refuses one.
        """
        ...

    async def is_alive(self) -> bool:
        """Tell whether the connection can still be used."""
        ...

    def close_soon(self) -> None:
        """Close it, without waiting. Any thread."""
        ...


class Kind(Protocol):
    """A kind of database, with what differs in SQL between them.

    Attributes:
        create_table: Makes the table of migrations.
        insert: Adds a row to it, for the values version, description and time in nanoseconds; `{checksum}` in it stands for
            hexadecimal digits.
        lock: Waits until no other program migrates this database; empty where `begin` does that.
        unlock: Ends that.
        transactional: Whether a transaction takes back what a migration has changed in tables. If not, `insert` notes that
            the migration has not ended.
        begin: Begins a transaction.
    """

    create_table: str
    insert: str
    lock: str
    unlock: str
    transactional: bool
    begin: str


class Pool:
    """Connections to one database. The one that was used last is used next, so that `BEGIN` and `COMMIT` meet.

    Args:
        connect: Makes a connection.
        kind: Its kind.
        most: How many there may be.
    """

    def __init__(self, connect: Callable[[], Awaitable[Connection]], kind: Kind, most: int) -> None:
        self._connect = connect
        self.kind = kind
        self._free = asyncio.Semaphore(most)
        self._idle: list[tuple[Connection, float]] = []
        self._used: set[Connection] = set()
        self._loop = asyncio.get_running_loop()
        self.closed = False

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """Lend a connection.

        Raises:
            CommandError: None can be made or becomes free within `TIMEOUT`, or the pool is closed.
        """
        self._check()
        try:
            async with asyncio.timeout(TIMEOUT):
                await self._free.acquire()
        except TimeoutError:
            raise CommandError("pool timed out while waiting for an open connection") from None
        connection: Connection | None = None
        try:
            self._check()
            connection = await self._take()
            self._used.add(connection)
            yield connection
        finally:
            if connection is not None:
                self._used.discard(connection)
                if self.closed or connection.broken:
                    connection.close_soon()
                else:
                    self._idle.append((connection, time.monotonic()))
            self._free.release()

    def _check(self) -> None:
        if self.closed:
            raise CommandError("attempted to acquire a connection on a closed pool")

    async def _take(self) -> Connection:
        while self._idle:
            connection, since = self._idle.pop()
            alive = False
            try:
                alive = time.monotonic() - since < _TRUSTED or await connection.is_alive()
            finally:
                if not alive:
                    connection.close_soon()
            if alive:
                return connection
        try:
            async with asyncio.timeout(TIMEOUT):
                return await self._connect()
        except TimeoutError:
            raise CommandError("pool timed out while waiting for an open connection") from None

    def close_soon(self) -> None:
        """Close what is idle now and the others when they are returned. Any thread."""
        self.closed = True
        with suppress(RuntimeError):  # the loop has ended, and the connections with it
            self._loop.call_soon_threadsafe(self._close_idle)

    def end(self) -> None:
        """Close everything, what is in use too: the application ends."""
        self.closed = True
        for connection in [*self._used, *(connection for connection, _ in self._idle)]:
            connection.close_soon()

    def _close_idle(self) -> None:
        while self._idle:
            self._idle.pop()[0].close_soon()
