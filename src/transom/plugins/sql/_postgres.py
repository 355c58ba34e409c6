"""PostgreSQL, by psycopg."""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, unquote, urlsplit

from ...errors import CommandError
from ._connection import TIMEOUT, Connection, Pool
from ._rows import Rows, plain, time_text

if TYPE_CHECKING:
    import psycopg

__all__ = ["Postgres", "open_postgres"]

_MOST = 10
_CHUNK = 500
_AS_THEY_ARE = {"bool", "int2", "int4", "int8", "float4", "float8", "json", "jsonb", "bytea", "oid"}
"""Types that psycopg makes Python's own; pages get all others as text."""
_TIMES = {"time", "timetz", "timestamp", "timestamptz"}
_NO_DATABASE = "3D000"


class Postgres:
    """What is particular about PostgreSQL; see `Kind`.

    Args:
        url: The address of the database.
    """

    create_table = (
        "CREATE TABLE IF NOT EXISTS _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL, "
        "installed_on TIMESTAMPTZ NOT NULL DEFAULT now(), success BOOLEAN NOT NULL, checksum BYTEA NOT NULL, "
        "execution_time BIGINT NOT NULL)"
    )
    insert = (
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) "
        "VALUES ($1, $2, TRUE, decode('{checksum}', 'hex'), $3)"
    )
    transactional = True
    begin = "BEGIN"

    def __init__(self, url: str) -> None:
        number = 0x3D32AD9E * zlib.crc32(_database(url).encode())  # sqlx: the same lock
        self.lock = f"SELECT pg_advisory_lock({number})"
        self.unlock = f"SELECT pg_advisory_unlock({number})"


def open_postgres(url: str) -> Pool:
    """Return a pool for a database of PostgreSQL.

    Args:
        url: `postgres://user:password@host:port/database`.

    Raises:
        CommandError: psycopg is not installed, or the text is not such an address.
    """
    try:
        import psycopg  # noqa: F401 - said now, not at the first statement
    except ImportError:
        raise CommandError(
            "databases of PostgreSQL need psycopg, which is not installed; install it with `pip install 'transom[sql]'`"
        ) from None
    try:
        kind = Postgres(url)
    except ValueError:
        raise CommandError(f"invalid connection url: {url}") from None
    return Pool(lambda: _connect(url), kind, _MOST)


def _database(url: str) -> str:
    return unquote(urlsplit(url).path.removeprefix("/"))


async def _connect(url: str) -> Connection:
    import psycopg

    try:
        made = await _made(url)
    except psycopg.OperationalError as error:
        if error.sqlstate != _NO_DATABASE and f'database "{_database(url)}" does not exist' not in str(error):
            raise CommandError(_sentence(error)) from None
        await _create(url)
        made = await _made(url)
    except psycopg.Error as error:
        raise CommandError(_sentence(error)) from None
    _set_types(made)
    return _Connection(made)


async def _made(url: str) -> psycopg.AsyncConnection[Any]:
    import psycopg

    made = await psycopg.AsyncConnection.connect(
        url, autocommit=True, cursor_factory=psycopg.AsyncRawCursor, connect_timeout=TIMEOUT
    )
    # sqlx: times are in UTC.
    await made.execute(b"SET datestyle = 'ISO, MDY'; SET timezone = 'UTC'; SET bytea_output = 'hex'")
    return made


async def _create(url: str) -> None:
    """Make the database, as Tauri does when there is none of its name."""
    import psycopg
    from psycopg import sql

    name = _database(url)
    parts = urlsplit(url)
    try:
        async with await psycopg.AsyncConnection.connect(
            SplitResult(parts.scheme, parts.netloc, "/postgres", parts.query, "").geturl(),
            autocommit=True,
            connect_timeout=TIMEOUT,
        ) as connection:
            await connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    except psycopg.errors.DuplicateDatabase:
        pass  # another program has made it meanwhile
    except psycopg.Error as error:
        raise CommandError(_sentence(error)) from None


def _set_types(connection: psycopg.AsyncConnection[Any]) -> None:
    from psycopg.adapt import Loader
    from psycopg.postgres import types

    class Text(Loader):
        def load(self, data: Any) -> Any:
            return bytes(data).decode()

    class Time(Loader):
        def load(self, data: Any) -> Any:
            return time_text(bytes(data).decode())

    class Nothing(Loader):
        def load(self, data: Any) -> Any:
            return None

    for kind in types:
        if kind.name not in _AS_THEY_ARE:
            loader = Time if kind.name in _TIMES else Nothing if kind.name == "void" else Text
            connection.adapters.register_loader(kind.oid, loader)
        if kind.array_oid:
            connection.adapters.register_loader(kind.array_oid, Text)
    connection.adapters.register_loader(0, Text)  # types of extensions


class _Connection:
    """See `Connection`."""

    def __init__(self, connection: psycopg.AsyncConnection[Any]) -> None:
        self._postgres = connection
        self._loop = asyncio.get_running_loop()
        self._closing: asyncio.Future[None] | None = None

    @property
    def broken(self) -> bool:
        return self._postgres.closed or self._postgres.broken

    async def execute(self, query: str, values: Sequence[Any]) -> tuple[int, int | None]:
        import psycopg

        try:
            async with self._postgres.cursor() as cursor:
                await cursor.execute(query.encode(), _bound(values) or None)
                changed = max(cursor.rowcount, 0)
                while cursor.nextset():
                    changed += max(cursor.rowcount, 0)
                return changed, None
        except (psycopg.Error, UnicodeError) as error:
            raise CommandError(_sentence(error)) from None

    async def select(self, query: str, values: Sequence[Any]) -> list[dict[str, Any]]:
        import psycopg

        rows: Rows | None = None
        size = _CHUNK if psycopg.capabilities.has_stream_chunked() else 1
        try:
            async with self._postgres.cursor() as cursor:
                async for row in cursor.stream(query.encode(), _bound(values), size=size):
                    if rows is None:
                        rows = Rows([column.name for column in cursor.description or ()])
                    rows.add(row)
        except psycopg.ProgrammingError as error:
            if error.sqlstate is not None:
                raise CommandError(_sentence(error)) from None
            # The statement has run, and is one without rows.
        except (psycopg.Error, UnicodeError) as error:
            raise CommandError(_sentence(error)) from None
        return [] if rows is None else rows.rows

    async def run(self, script: str) -> None:
        await self.execute(script, [])

    async def is_alive(self) -> bool:
        import psycopg

        try:
            await self._postgres.execute(b"SELECT 1")
        except psycopg.Error:
            return False
        return True

    def close_soon(self) -> None:
        def close() -> None:
            self._closing = asyncio.ensure_future(self._postgres.close())

        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(close)


def _bound(values: Sequence[Any]) -> list[Any]:
    """Return the values with the types that Tauri gives them, but texts and booleans with any type that fits."""
    from psycopg.types.json import Jsonb

    return [
        Jsonb(value, dumps=_json) if isinstance(value, list | dict | memoryview) else plain(value) for value in values
    ]


def _json(value: Any) -> str:
    return str(plain(value))


def _sentence(error: Exception) -> str:
    """Return the sentence of sqlx."""
    diag = getattr(error, "diag", None)
    if diag is not None and diag.message_primary:
        return f"error returned from database: {diag.message_primary}"
    return f"error communicating with database: {' '.join(str(error).split())}"
