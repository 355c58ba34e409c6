"""Migrations: statements that bring a database to the form that an application expects, each run once."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum

from ...errors import CommandError
from ._connection import Connection, Kind, Pool

__all__ = ["Migration", "MigrationKind", "migrate"]


class MigrationKind(Enum):
    """The direction of a migration."""

    UP = "Up"
    DOWN = "Down"


@dataclass(frozen=True)
class Migration:
    """One step (Tauri: `tauri_plugin_sql::Migration`).

    Attributes:
        version: Steps run in the order of their versions.
        description: Says what it is for.
        sql: Its statements.
        kind: Only steps up are run, as in Tauri.
    """

    version: int
    description: str
    sql: str
    kind: MigrationKind = MigrationKind.UP


async def migrate(pool: Pool, migrations: Iterable[Migration]) -> None:
    """Run the steps that a database has not seen. Its table `_sqlx_migrations` is the one of Tauri's plugin.

    Raises:
        CommandError: A step fails, or one that was run before has changed, is missing, or was left half done.
    """
    steps = sorted((step for step in migrations if step.kind is MigrationKind.UP), key=lambda step: step.version)
    kind = pool.kind
    async with pool.connection() as connection:
        if kind.lock:
            await connection.run(kind.lock)
        try:
            await connection.run(kind.create_table)
            await _check(connection, steps)
            for step in steps:
                await _run(connection, kind, step)
        finally:
            if kind.unlock and not connection.broken:
                with suppress(CommandError):
                    await connection.run(kind.unlock)


async def _check(connection: Connection, steps: Iterable[Migration]) -> None:
    """Compare what was run before with the steps; the sentences are those of sqlx."""
    known = {step.version: step for step in steps}
    for row in await connection.select("SELECT version, success, checksum FROM _sqlx_migrations ORDER BY version", []):
        version = row["version"]
        if not row["success"]:
            raise CommandError(
                f"migration {version} is partially applied; fix and remove row from `_sqlx_migrations` table"
            )
        if version not in known:
            raise CommandError(f"migration {version} was previously applied but is missing in the resolved migrations")
        if bytes(row["checksum"]) != _checksum(known[version]):
            raise CommandError(f"migration {version} was previously applied but has been modified")


async def _run(connection: Connection, kind: Kind, step: Migration) -> None:
    """Run a step, unless it was run before."""
    insert = kind.insert.format(checksum=_checksum(step).hex())
    began = time.monotonic_ns()
    if kind.transactional:
        await connection.run(kind.begin)
    try:
        if not await connection.select(f"SELECT 1 FROM _sqlx_migrations WHERE version = {step.version:d}", []):  # noqa: S608
            if not kind.transactional:  # what fails here is then known to be half done
                await connection.execute(insert, [step.version, step.description, -1])
            await connection.run(step.sql)
            took = time.monotonic_ns() - began
            if kind.transactional:
                await connection.execute(insert, [step.version, step.description, took])
            else:
                await connection.execute(
                    "UPDATE _sqlx_migrations SET success = TRUE, execution_time = ? WHERE version = ?",
                    [took, step.version],
                )
        if kind.transactional:
            await connection.run("COMMIT")
    except BaseException as error:
        if kind.transactional and not connection.broken:
            with suppress(CommandError):
                await connection.run("ROLLBACK")
        if isinstance(error, CommandError):
            raise CommandError(f"while executing migration {step.version}: {error}") from None
        raise


def _checksum(step: Migration) -> bytes:
    return hashlib.sha384(step.sql.encode()).digest()
