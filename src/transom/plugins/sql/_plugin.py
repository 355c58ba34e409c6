"""`plugin:sql|*`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from ...commands import command, generate_handler
from ...core import Plugin, PluginApi, PluginBuilder
from ...errors import CommandError, ConfigError
from ...handles import AppHandle, State
from ._databases import Databases
from ._migrations import Migration

__all__ = ["init"]


class SqlConfig(msgspec.Struct, frozen=True):
    """`plugins.sql` of the configuration.

    Attributes:
        preload: Addresses of databases that are opened when the application starts.
    """

    preload: tuple[str, ...] = ()


@command
async def load(databases: State[Databases], db: str) -> str:
    """Open a database, run its migrations, and return its address."""
    databases.check(db)
    await databases.load(db)
    return db


@command
async def execute(databases: State[Databases], db: str, query: str, values: list[Any]) -> tuple[int, int | None]:
    """Run a statement; return the number of changed rows and the last inserted id."""
    databases.check(db)
    return await databases.find(db).execute(query, values)


@command
async def select(databases: State[Databases], db: str, query: str, values: list[Any]) -> list[dict[str, Any]]:
    """Run a statement and return its rows."""
    databases.check(db)
    return await databases.find(db).select(query, values)


@command
async def close(databases: State[Databases], db: str | None = None) -> bool:
    """Close a database, or all that pages may use."""
    databases.close_of_pages(db)
    return True


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
        databases = Databases(app, dict(migrations or {}), anywhere=anywhere, allowed=allowed)
        app.manage(databases)
        for url in config.preload:
            try:
                app.spawn(databases.load(url)).result()
            except CommandError as error:
                raise ConfigError(f"plugins.sql.preload: {error}") from None

    def drop(app: AppHandle) -> None:
        databases = app.try_state(Databases)
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
