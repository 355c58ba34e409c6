"""`plugin:sql|*`."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from typing import Any

import msgspec

from ...acl import User
from ...commands import command, generate_handler
from ...core import Plugin, PluginApi, PluginBuilder
from ...errors import CommandError, ConfigError
from ...handles import AppHandle
from ._databases import Database, Databases, DatabasesOfUsers
from ._databases import load as load_in_python
from ._migrations import Migration

__all__ = ["init"]

_log = logging.getLogger("transom")


class SqlConfig(msgspec.Struct, frozen=True):
    """`plugins.sql` of the configuration.

    Attributes:
        preload: Addresses of databases that are opened when the application starts.
    """

    preload: tuple[str, ...] = ()


@command
async def load(databases: Databases, db: str) -> str:
    """Open a database, run its migrations, and return its address."""
    databases.check(db)
    await databases.load(db)
    return db


@command
async def execute(databases: Databases, db: str, query: str, values: list[Any]) -> tuple[int, int | None]:
    """Run a statement; return the number of changed rows and the last inserted id."""
    return await (await databases.use(db)).execute(query, values)


@command
async def select(databases: Databases, db: str, query: str, values: list[Any]) -> list[dict[str, Any]]:
    """Run a statement and return its rows."""
    return await (await databases.use(db)).select(query, values)


@command
async def close(databases: Databases, db: str | None = None) -> bool:
    """Close a database, or all that pages may use."""
    databases.close_of_pages(db)
    return True


def _preload(app: AppHandle, url: str) -> None:
    """Open a database before pages use it.

    Raises:
        ConfigError: It cannot be opened. Below another server, whose loop this holds, the log says so later.
    """
    opening = app.spawn(load_in_python(app, url))
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        try:
            opening.result()
        except CommandError as error:
            raise ConfigError(f"plugins.sql.preload: {error}") from None
        return
    opening.add_done_callback(_log_failure)


def _log_failure(opened: Future[Database]) -> None:
    if not opened.cancelled() and (error := opened.exception()) is not None:
        _log.error("plugins.sql.preload: %s", error)


def init(
    *,
    migrations: Mapping[str, Sequence[Migration]] | None = None,
    anywhere: bool = False,
    allowed: Sequence[str] | None = None,
) -> Plugin:
    """Return the plugin.

    An address is `sqlite:<path>` with a path relative to `appConfigDir()`, `postgres://user:password@host/database` or
    `mysql://user:password@host/database`. A database that does not exist is made.

    Args:
        migrations: Steps that are run after a database was opened, by its address.
        anywhere: Let pages open files of SQLite in any folder, as Tauri does. By default they are in the application's own.
        allowed: The only addresses that pages may open and use; `None` for all, as in Tauri.
    """

    def setup(app: AppHandle, api: PluginApi) -> None:
        config = SqlConfig() if api.config is None else api.config_as(SqlConfig)

        def make(user: User) -> Databases:
            steps = dict(migrations or {})
            return Databases(app, user, steps, anywhere=anywhere, allowed=allowed, preloaded=config.preload)

        app.manage(DatabasesOfUsers(make, Databases.end))
        for url in config.preload:
            _preload(app, url)

    def drop(app: AppHandle) -> None:
        databases = app.try_state(DatabasesOfUsers)
        if databases is not None:
            databases.end()

    return (
        PluginBuilder("sql")
        .setup(setup)
        .on_drop(drop)
        .invoke_handler(generate_handler(load, execute, select, close))
        .permissions(default=("allow-close", "allow-load", "allow-select"))
        .build()
    )
