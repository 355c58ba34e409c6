"""The open databases of an application, by their addresses."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from ...acl import User
from ...commands import CommandItem
from ...errors import CommandError, UnknownPath
from ...handles import AppHandle, BaseDirectory, Manager, PerUser, user_folder
from ._connection import Pool
from ._migrations import Migration, migrate
from ._sqlite import attach_nothing, open_sqlite

__all__ = ["MOST_DATABASES", "Database", "Databases", "DatabasesOfUsers", "load"]

MOST_DATABASES: Final = 100
"""How many databases pages may have open at once."""
_OWN = (
    BaseDirectory.APP_CONFIG,
    BaseDirectory.APP_DATA,
    BaseDirectory.APP_LOCAL_DATA,
    BaseDirectory.APP_CACHE,
)


class Database:
    """A database for Python. Its methods are for the application's event loop, as in `async def` commands.

    Attributes:
        url: Its address.
    """

    def __init__(self, url: str, pool: Pool) -> None:
        self.url = url
        self._pool = pool

    @property
    def closed(self) -> bool:
        """Whether it was closed."""
        return self._pool.closed

    async def execute(self, query: str, values: Sequence[Any] = ()) -> tuple[int, int | None]:
        """Run a statement, and return the number of changed rows and the last inserted id.

        Args:
            query: The statement, with `$1`, `$2` for values; `?` for MySQL.
            values: The values, bound as those of a page: see `docs/plugins.md`.

        Raises:
            CommandError: The database refuses it.
        """
        async with self._pool.connection() as connection:
            return await connection.execute(query, values)

    async def select(self, query: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """Run a statement and return its rows, each by column.

        Args:
            query: The statement.
            values: The values for it.

        Raises:
            CommandError: The database refuses it, or the result is too large.
        """
        async with self._pool.connection() as connection:
            return await connection.select(query, values)

    def close(self) -> None:
        """Close it, once what runs has ended."""
        self._pool.close_soon()

    def end(self) -> None:
        """Close it with what runs: the application ends."""
        self._pool.end()

    async def migrate(self, migrations: Sequence[Migration]) -> None:
        """Run migrations that it has not seen.

        Raises:
            CommandError: One fails or does not fit to what was run before.
        """
        await migrate(self._pool, migrations)


class Databases:
    """Opens databases of a user and keeps them.

    A user of a server has connections of their own, so that a transaction of one does not meet statements of another, and
    files of SQLite in a folder of their own, but for the databases that the application names.

    Args:
        app: The application.
        user: The user.
        migrations: What to run after opening, by address.
        anywhere: Whether pages may open files of SQLite outside of the application's folders.
        allowed: The addresses that pages may open and use; `None` for all.
        preloaded: The addresses that are open without `load`.
    """

    def __init__(
        self,
        app: AppHandle,
        user: User,
        migrations: Mapping[str, Sequence[Migration]],
        *,
        anywhere: bool,
        allowed: Sequence[str] | None,
        preloaded: Sequence[str] = (),
    ) -> None:
        self._app = app
        self._home = None if user is User.LOCAL else user_folder(app, user)
        self._preloaded = frozenset(preloaded)
        self._migrations = migrations
        self._anywhere = anywhere
        self._allowed = None if allowed is None else frozenset(allowed)
        self._open: dict[str, Database] = {}
        self._opening: dict[str, asyncio.Task[Database]] = {}

    @classmethod
    def from_command(cls, item: CommandItem) -> Databases:
        """Return those of the user whose page calls; see `CommandArg`."""
        return databases_of(item.message.webview)

    def check(self, url: str) -> None:
        """Check that pages may open and use a database.

        Raises:
            CommandError: They may not.
        """
        if self._allowed is not None and url not in self._allowed:
            raise CommandError(f"database {url} is not one of those that this application lets pages open")

    async def load(self, url: str) -> Database:
        """Return a database, which is opened and migrated unless it is open.

        Raises:
            CommandError: It cannot be opened or migrated.
        """
        present = self._open.get(url)
        if present is not None and not present.closed:
            return present
        task = self._opening.get(url)
        if task is None:
            if len(self._open) + len(self._opening) >= MOST_DATABASES:
                self._open = {name: database for name, database in self._open.items() if not database.closed}
            if len(self._open) + len(self._opening) >= MOST_DATABASES:
                raise CommandError(f"{MOST_DATABASES} databases are open already; close some with `close()`")
            task = self._opening[url] = asyncio.ensure_future(self._make(url))
            task.add_done_callback(lambda _: self._opening.pop(url, None))
        return await asyncio.shield(task)

    async def use(self, url: str) -> Database:
        """Return a database that a page has loaded, or that the application has for every user.

        Raises:
            CommandError: It was not loaded, or pages may not use it.
        """
        self.check(url)
        if url in self._opening or (self._home is not None and url in self._preloaded):
            return await self.load(url)
        return self.find(url)

    def find(self, url: str) -> Database:
        """Return a database that was loaded.

        Raises:
            CommandError: It was not.
        """
        try:
            return self._open[url]
        except KeyError:
            raise CommandError(f"database {url} not loaded") from None

    def close_of_pages(self, url: str | None) -> None:
        """Close a database, or all that pages may use.

        Raises:
            CommandError: It was not loaded, or pages may not use it.
        """
        if url is not None:
            self.check(url)
            self.find(url).close()
            return
        for name, database in list(self._open.items()):
            if self._allowed is None or name in self._allowed:
                database.close()

    def end(self) -> None:
        """Close all of them, with what runs: the application ends."""
        for database in list(self._open.values()):
            database.end()

    async def _make(self, url: str) -> Database:
        pool = self._pool(url)
        try:
            async with pool.connection():
                pass
            database = Database(url, pool)
            await database.migrate(self._migrations[url]) if url in self._migrations else None
        except BaseException:
            pool.end()
            raise
        self._open[url] = database
        return database

    def _pool(self, url: str) -> Pool:
        kind, separator, _ = url.partition(":")
        if not separator:
            raise CommandError(f"invalid connection url: {url}")
        if kind == "sqlite":
            of_pages = self._allowed is not None and url in self._allowed
            named = of_pages or url in self._preloaded
            # Otherwise a page would reach the databases that are not named by `ATTACH`.
            may_attach = attach_nothing if of_pages or (named and self._home is not None) else self._may_use
            if self._home is not None and not named:
                return open_sqlite(url, self._home, self._may_use, may_attach)
            return open_sqlite(url, Path(self._app.path().app_config_dir()), self._is_own, may_attach)
        if kind in ("postgres", "postgresql"):
            from ._postgres import open_postgres

            return open_postgres(url)
        if kind in ("mysql", "mariadb"):
            from ._mysql import open_mysql

            return open_mysql(url)
        raise CommandError(f"invalid connection url: {url}")

    def _may_use(self, file: Path) -> bool:
        if self._home is None or self._anywhere:
            return self._is_own(file)
        return Path(os.path.realpath(self._home)) in Path(os.path.realpath(file)).parents

    def _is_own(self, file: Path) -> bool:
        """Tell whether pages may use a file of the application."""
        if self._anywhere:
            return True
        real = Path(os.path.realpath(file))
        for base in _OWN:
            try:
                folder = Path(os.path.realpath(self._app.path().resolve("", base)))
            except UnknownPath:
                continue
            if folder in real.parents:
                return True
        return False


async def load(manager: Manager, url: str) -> Database:
    """Return a database, which is opened and migrated unless it is open. Await it on the application's event loop.

    Args:
        manager: Any handle of the application, which has the plugin.
        url: As in `init`.

    Raises:
        CommandError: It cannot be opened or migrated.
        StateError: The plugin was not added.
    """
    return await databases_of(manager).load(url)


class DatabasesOfUsers(PerUser[Databases]):
    """The databases of every user; a desktop application has one."""


def databases_of(manager: Manager) -> Databases:
    """Return the databases of the user that a handle belongs to.

    Raises:
        StateError: The plugin was not added.
        WindowError: The session of the handle has ended.
    """
    return manager.state(DatabasesOfUsers).of(manager)
