"""MySQL and MariaDB, by aiomysql."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec

from ...errors import CommandError
from ._connection import TIMEOUT, Connection, Pool
from ._rows import Rows, plain, time_text
from ._statement import filled

__all__ = ["Mysql", "open_mysql"]

_MOST = 10
_NO_DATABASE = 1049
_TLS = ("DISABLED", "PREFERRED", "REQUIRED", "VERIFY_CA", "VERIFY_IDENTITY")
# sqlx: the same.
_BEGIN = (
    "SET sql_mode = CONCAT(@@sql_mode, ',PIPES_AS_CONCAT,NO_ENGINE_SUBSTITUTION'), time_zone = '+00:00', "
    "NAMES utf8mb4 COLLATE utf8mb4_unicode_ci"
)


class Mysql:
    """What is particular about MySQL; see `Kind`.

    Args:
        database: Name of the database.
    """

    create_table = (
        "CREATE TABLE IF NOT EXISTS _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL, "
        "installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP, success BOOLEAN NOT NULL, checksum BLOB NOT NULL, "
        "execution_time BIGINT NOT NULL)"
    )
    insert = (
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) "
        "VALUES (?, ?, FALSE, X'{checksum}', ?)"
    )
    transactional = False
    begin = "START TRANSACTION"

    def __init__(self, database: str) -> None:
        name = "".join(character for character in database if character.isalnum())[:40]
        self.lock = f"DO GET_LOCK('transom_migrate_{name}', {TIMEOUT})"
        self.unlock = f"DO RELEASE_LOCK('transom_migrate_{name}')"


def open_mysql(url: str) -> Pool:
    """Return a pool for a database of MySQL or MariaDB.

    Args:
        url: `mysql://user:password@host:port/database`, and the options `socket` and `ssl-mode`.

    Raises:
        CommandError: aiomysql is not installed, or the text is not such an address.
    """
    try:
        import aiomysql  # noqa: F401 - said now, not at the first statement
    except ImportError:
        raise CommandError(
            "databases of MySQL need aiomysql, which is not installed; install it with `pip install 'transom[sql]'`"
        ) from None
    try:
        parts = urlsplit(url)
        options = dict(parse_qsl(parts.query))
        arguments: dict[str, Any] = {
            "host": parts.hostname or "localhost",
            "port": parts.port or 3306,
            "user": unquote(parts.username or "root"),
            "password": unquote(parts.password or ""),
            "unix_socket": options.get("socket"),
        }
    except ValueError:
        raise CommandError(f"invalid connection url: {url}") from None
    mode = options.get("ssl-mode", "PREFERRED").upper()
    if mode not in _TLS:
        raise CommandError(f"unknown value {mode!r} for `ssl-mode`; it is one of {', '.join(_TLS)}")
    database = unquote(parts.path.removeprefix("/"))
    return Pool(lambda: _connect(arguments, database, mode), Mysql(database), _MOST)


async def _connect(arguments: dict[str, Any], database: str, tls: str) -> Connection:
    import pymysql

    for context in _contexts(tls, local=bool(arguments["unix_socket"])):
        try:
            return _Connection(await _made(arguments, database, context))
        except pymysql.err.MySQLError as error:
            # PREFERRED: a server without TLS is asked again without it.
            if context is not None and tls == "PREFERRED" and "SSL" in str(error):
                continue
            raise CommandError(_sentence(error)) from None
        except (OSError, RuntimeError, UnicodeError) as error:
            raise CommandError(f"error communicating with database: {error}") from None
    raise AssertionError("there is at least one context")


async def _made(arguments: dict[str, Any], database: str, context: ssl.SSLContext | None) -> Any:
    import aiomysql
    import pymysql

    options = {
        "charset": "utf8mb4",
        "autocommit": True,
        "connect_timeout": TIMEOUT,
        "conv": _conversions(),
        "ssl": context,
    }
    try:
        return await aiomysql.connect(**arguments, **options, db=database or None, init_command=_BEGIN)
    except pymysql.err.OperationalError as error:
        if error.args[:1] != (_NO_DATABASE,):
            raise
    # Tauri: a database that does not exist is made.
    connection = await aiomysql.connect(**arguments, **options)
    try:
        async with connection.cursor() as cursor:
            name = database.replace("`", "``")
            await cursor.execute(f"CREATE DATABASE IF NOT EXISTS `{name}`")
    finally:
        connection.close()
    return await aiomysql.connect(**arguments, **options, db=database, init_command=_BEGIN)


def _contexts(tls: str, *, local: bool) -> list[ssl.SSLContext | None]:
    if tls == "DISABLED" or (tls == "PREFERRED" and local):
        return [None]
    context = ssl.create_default_context()
    context.check_hostname = tls == "VERIFY_IDENTITY"
    if tls in ("PREFERRED", "REQUIRED"):
        context.verify_mode = ssl.CERT_NONE
    return [context, None] if tls == "PREFERRED" else [context]


def _conversions() -> dict[Any, Any]:
    from pymysql.constants import FIELD_TYPE
    from pymysql.converters import encoders

    whole = (FIELD_TYPE.TINY, FIELD_TYPE.SHORT, FIELD_TYPE.INT24, FIELD_TYPE.LONG, FIELD_TYPE.LONGLONG, FIELD_TYPE.YEAR)
    times = (FIELD_TYPE.TIME, FIELD_TYPE.DATETIME, FIELD_TYPE.TIMESTAMP)
    return {
        **encoders,
        **dict.fromkeys(whole, int),
        **dict.fromkeys((FIELD_TYPE.FLOAT, FIELD_TYPE.DOUBLE), float),
        **dict.fromkeys(times, _time),
        FIELD_TYPE.DATE: _date,
        FIELD_TYPE.TIMESTAMP: lambda text: None if (made := _time(text)) is None else f"{made} +00:00:00",
        FIELD_TYPE.JSON: _json,
    }


def _date(text: str) -> str | None:
    return None if text.startswith("0000-") else text  # Tauri: what is no date is null


def _time(text: str) -> str | None:
    return None if text.startswith("0000-") else time_text(text)


def _json(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return None


class _Connection:
    """See `Connection`."""

    def __init__(self, connection: Any) -> None:
        self._mysql = connection
        self._loop = asyncio.get_running_loop()

    @property
    def broken(self) -> bool:
        return bool(self._mysql.closed)

    async def execute(self, query: str, values: Sequence[Any]) -> tuple[int, int | None]:
        changed, last = 0, 0

        async def count(cursor: Any) -> None:
            nonlocal changed, last
            if cursor.description is None:
                changed += cursor.rowcount
                last = cursor.lastrowid or last
            else:
                while await cursor.fetchmany(1000):
                    pass

        await self._each(query, values, count)
        return changed, last

    async def select(self, query: str, values: Sequence[Any]) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        rows: Rows | None = None

        async def collect(cursor: Any) -> None:
            nonlocal rows
            if cursor.description is None:
                return
            rows = Rows(
                [column[0] for column in cursor.description],
                [_boolean(column) for column in cursor.description],
                before=rows,
            )
            while part := await cursor.fetchmany(1000):
                for row in part:
                    rows.add(row)
            found.extend(rows.rows)

        await self._each(query, values, collect)
        return found

    async def run(self, script: str) -> None:
        await self.execute(script, [])

    async def is_alive(self) -> bool:
        try:
            await self._mysql.ping(reconnect=False)
        except Exception:  # noqa: BLE001 - whatever it is, the connection is of no use
            return False
        return True

    def close_soon(self) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._mysql.close)

    async def _each(self, query: str, values: Sequence[Any], work: Callable[[Any], Any]) -> None:
        """Run statements and give the result of each to `work`."""
        import pymysql
        from pymysql.constants import SERVER_STATUS

        backslash = not self._mysql.server_status & SERVER_STATUS.SERVER_STATUS_NO_BACKSLASH_ESCAPES
        text = filled(query, values, self._literal, backslash=backslash)
        finished = False
        try:
            cursor = await self._mysql.cursor(_cursor_class())
            await cursor.execute(text)
            await work(cursor)
            while await cursor.nextset():
                await work(cursor)
            finished = True
        except pymysql.err.MySQLError as error:
            finished = not isinstance(error, pymysql.err.InternalError | pymysql.err.InterfaceError)
            raise CommandError(_sentence(error)) from None
        except (OSError, RuntimeError, UnicodeError) as error:
            raise CommandError(f"error communicating with database: {error}") from None
        finally:
            if not finished:  # cancelled, or too large: what is left of the result would be the next one's
                self._mysql.close()

    def _literal(self, value: Any) -> str:
        if value is None or isinstance(value, bool):
            return "NULL" if value is None else str(value).upper()
        if isinstance(value, int):
            return str(value)
        return str(self._mysql.escape(plain(value)))


def _cursor_class() -> Any:
    import aiomysql

    class Cursor(aiomysql.SSCursor):  # type: ignore[misc]
        """Reads a result in parts."""

        async def _show_warnings(self, conn: Any) -> None:
            """Leave a server's warnings where they are: they would become warnings of Python."""

    return Cursor


def _boolean(column: Any) -> Callable[[Any], Any] | None:
    """Return what makes a boolean: a TINYINT that is one digit wide is a BOOLEAN, in Tauri too."""
    from pymysql.constants import FIELD_TYPE

    return bool if column[1] == FIELD_TYPE.TINY and column[3] == 1 else None


def _sentence(error: Exception) -> str:
    """Return the sentence of sqlx."""
    if len(error.args) == 2 and isinstance(error.args[0], int) and error.args[0]:
        number, text = error.args
        kind = "error communicating with database" if 2000 <= number < 3000 else "error returned from database"
        return f"{kind}: {number}: {text}"
    return f"error communicating with database: {error}"
