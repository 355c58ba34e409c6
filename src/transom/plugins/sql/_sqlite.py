"""SQLite, by Python's own module."""

from __future__ import annotations

import asyncio
import re
import sqlite3
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qsl, quote, unquote

from ...errors import CommandError
from ._connection import Connection, Pool
from ._rows import MOST_BYTES, Rows, plain
from ._statement import statements

__all__ = ["SQLITE", "Sqlite", "attach_nothing", "open_sqlite"]

T = TypeVar("T")
_CHUNK = 256
_GRACE = 2.0  # seconds that a statement may still take when its connection is closed
_MODES = ("ro", "rw", "rwc", "memory")
_REFUSED_PRAGMAS = {"temp_store_directory", "data_store_directory", "soft_heap_limit", "hard_heap_limit"}
"""They write into folders of the page's choice, or count for all databases of the process."""


class Sqlite:
    """What is particular about SQLite; see `Kind`."""

    create_table = (
        "CREATE TABLE IF NOT EXISTS _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL, "
        "installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, success BOOLEAN NOT NULL, checksum BLOB NOT NULL, "
        "execution_time BIGINT NOT NULL)"
    )
    insert = (
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) "
        "VALUES ($1, $2, TRUE, X'{checksum}', $3)"
    )
    lock = unlock = ""
    transactional = True
    begin = "BEGIN IMMEDIATE"


SQLITE = Sqlite()


def open_sqlite(url: str, folder: Path, may_use: Callable[[Path], bool], may_attach: Callable[[Path], bool]) -> Pool:
    """Return a pool for a database of SQLite, with one connection: statements of several pages come one after another.

    Args:
        url: `sqlite:<path>`, relative to the folder, and options as `?mode=ro`.
        folder: Where the path is relative to; it is made when it does not exist.
        may_use: Tells whether a file may be opened.
        may_attach: Tells whether a file may be attached; with `mode=ro` none may, because it could be written.

    Raises:
        CommandError: The text is not such an address, or the file may not be used.
    """
    path, _, options = url.partition(":")[2].removeprefix("//").partition("?")
    path = unquote(path)
    mode = "memory" if path == ":memory:" else "rwc"
    for name, value in parse_qsl(options, keep_blank_values=True):
        if name != "mode" or value not in _MODES:
            raise CommandError(f"unknown query parameter `{name}` while parsing connection URL; only `mode` is known")
        mode = value
    if not path or "\0" in path:
        raise CommandError(f"invalid connection url: {url}")
    file = folder / path
    if mode == "memory":
        return Pool(lambda: _connect(":memory:", may_attach, wal=False), SQLITE, 1)
    if not may_use(file):
        raise CommandError(
            f"the database {url} is outside of the application's folders; choose a path in appConfigDir() or appDataDir(), "
            "or let pages open databases anywhere with `sql.init(anywhere=True)`"
        )

    async def connect() -> Connection:
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
        new = mode == "rwc" and not file.exists()
        # Tauri: a database that it makes has a write-ahead log, so that readers do not wait.
        attach = attach_nothing if mode == "ro" else may_attach
        return await _connect(f"file:{quote(str(file))}?mode={mode}", attach, wal=new)

    return Pool(connect, SQLITE, 1)


def attach_nothing(_: Path) -> bool:
    """Refuse to attach any file."""
    return False


async def _connect(uri: str, may_attach: Callable[[Path], bool], *, wal: bool) -> Connection:
    connection = _Connection()
    try:
        await connection.open(uri, may_attach, wal=wal)
    except BaseException:
        connection.close_soon()
        raise
    return connection


class _Connection:
    """See `Connection`. Everything runs in a thread of its own, as a statement may take long."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "transom-sqlite")
        self._sqlite: sqlite3.Connection | None = None
        self.broken = False

    async def open(self, uri: str, may_attach: Callable[[Path], bool], *, wal: bool) -> None:
        def connect() -> None:
            made = sqlite3.connect(
                uri, timeout=5, isolation_level=None, check_same_thread=False, uri=uri.startswith("file:")
            )
            self._sqlite = made
            made.text_factory = _text
            made.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MOST_BYTES)  # also of what a statement makes on its way
            # sqlx: the same two.
            made.execute("PRAGMA foreign_keys = ON")
            if wal:
                made.execute("PRAGMA journal_mode = WAL")
            made.set_authorizer(_authorizer(may_attach))

        await self._in_thread(connect)

    async def execute(self, query: str, values: Sequence[Any]) -> tuple[int, int | None]:
        return await self._in_thread(self._execute, query, [plain(value) for value in values])

    async def select(self, query: str, values: Sequence[Any]) -> list[dict[str, Any]]:
        return await self._in_thread(self._select, query, [plain(value) for value in values])

    async def run(self, script: str) -> None:
        await self._in_thread(self._execute, script, [])

    async def is_alive(self) -> bool:
        return True

    def close_soon(self) -> None:
        self.broken = True
        connection = self._sqlite
        if connection is not None:
            with suppress(RuntimeError):  # closed already
                self._thread.submit(connection.close)
            timer = threading.Timer(_GRACE, _interrupt, [connection])
            timer.daemon = True
            self._thread.submit(timer.cancel)
            timer.start()
        self._thread.shutdown(wait=False)

    async def _in_thread(self, work: Callable[..., T], *arguments: Any) -> T:
        future = self._thread.submit(work, *arguments)
        try:
            return await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            if self._sqlite is not None and not future.done():
                _interrupt(self._sqlite)
            raise
        except (sqlite3.Error, sqlite3.Warning) as error:
            raise CommandError(_sentence(error)) from None
        except (UnicodeError, OverflowError, ValueError) as error:
            raise CommandError(f"SQLite cannot take this: {error}") from None
        except MemoryError:
            raise CommandError("error returned from database: (code: 7) out of memory") from None

    def _execute(self, query: str, values: list[Any]) -> tuple[int, int | None]:
        assert self._sqlite is not None
        changed, last = 0, None
        for statement, arguments in statements(query, values):
            cursor = self._sqlite.execute(statement, arguments)
            while cursor.fetchmany(_CHUNK):  # `RETURNING` changes rows while they are read
                pass
            changed += max(cursor.rowcount, 0)
            last = cursor.lastrowid
        return changed, last or 0

    def _select(self, query: str, values: list[Any]) -> list[dict[str, Any]]:
        assert self._sqlite is not None
        found: list[dict[str, Any]] = []
        rows: Rows | None = None
        for statement, arguments in statements(query, values):
            cursor = self._sqlite.execute(statement, arguments)
            try:
                rows = Rows([column[0] for column in cursor.description or ()], before=rows)
                for row in cursor:
                    rows.add(row)
            finally:
                cursor.close()
            found += rows.rows
        return found


def _interrupt(connection: sqlite3.Connection) -> None:
    with suppress(sqlite3.ProgrammingError):  # it is closed
        connection.interrupt()


def _text(data: bytes) -> str | None:
    """Return a text; `None`, as in Tauri, when it is not UTF-8."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None


def _authorizer(may_attach: Callable[[Path], bool]) -> Callable[..., int]:
    """Return what SQLite asks about each part of a statement: a page may not reach other files by `ATTACH` or `VACUUM INTO`."""

    def allows(action: int, name: str | None, *_: object) -> int:
        if action == sqlite3.SQLITE_ATTACH:
            if name in ("", ":memory:"):
                return sqlite3.SQLITE_OK
            if name is None or name.startswith("file:") or not may_attach(Path(name).absolute()):
                return sqlite3.SQLITE_DENY
        elif action == sqlite3.SQLITE_PRAGMA and name is not None and name.lower() in _REFUSED_PRAGMAS:
            return sqlite3.SQLITE_DENY
        return sqlite3.SQLITE_OK

    return allows


def _sentence(error: Exception) -> str:
    """Return the sentence of sqlx, with the code of SQLite."""
    code = getattr(error, "sqlite_errorcode", None)
    text = re.sub(r"\s+", " ", str(error))
    return (
        f"error returned from database: {text}"
        if code is None
        else f"error returned from database: (code: {code}) {text}"
    )
