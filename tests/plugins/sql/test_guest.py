"""`@tauri-apps/plugin-sql`, unmodified, in Node.js and in a window."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.plugins.guests import guests
from tests.plugins.windowed import windowed
from transom.plugins import sql

PACKAGE = "@tauri-apps/plugin-sql"
PERMISSIONS = ["sql:default", "sql:allow-execute"]
SCRIPT = """
const Database = plugin.default;
const db = await Database.load('sqlite:a.db');
await db.execute('CREATE TABLE a (id INTEGER PRIMARY KEY, title TEXT, bytes BLOB)');
const made = await db.execute('INSERT INTO a (title) VALUES ($1)', ['one']);
const rows = await Database.get('sqlite:a.db').select('SELECT id, title FROM a WHERE id = $1', [made.lastInsertId]);
const refused = await db.select('SELECT * FROM nope').catch((error) => error);
const closed = await db.close();
const after = await db.select('SELECT 1').catch((error) => error);
return [db.path, made, rows, refused, closed, after];
"""
EXPECTED = [
    "sqlite:a.db",
    {"lastInsertId": 1, "rowsAffected": 1},
    [{"id": 1, "title": "one"}],
    "error returned from database: (code: 1) no such table: nope",
    True,
    "attempted to acquire a connection on a closed pool",
]


def titles(file: Path) -> list[tuple[str]]:
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute("SELECT title FROM a").fetchall()


def test_the_package_in_node(folder: Path, tmp_path: Path) -> None:
    with guests(tmp_path, sql.init(), permissions=PERMISSIONS, packages=[PACKAGE]) as page:
        assert page.run(PACKAGE, SCRIPT) == EXPECTED
    assert titles(folder / "a.db") == [("one",)]


def test_the_package_in_a_window(tmp_path: Path, display: str, monkeypatch: pytest.MonkeyPatch) -> None:
    environ = {"XDG_CONFIG_HOME": str(tmp_path / "config"), "HOME": str(tmp_path)}
    found = windowed(
        tmp_path / "app",
        display,
        PACKAGE,
        SCRIPT,
        permissions=["core:default", *PERMISSIONS],
        environ=environ,
    )
    assert found == EXPECTED
    assert titles(tmp_path / "config" / "app.transom.windowed" / "a.db") == [("one",)]
