from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.mock_app import SOON, Running, context, running_in
from tests.plugins.plugin_app import allow, rejection, with_plugins
from transom.app import Builder
from transom.errors import CommandError, ConfigError, StateError
from transom.plugins import sql
from transom.plugins.sql import Migration, MigrationKind, _databases, _rows
from transom.runtimes._mock import MockPage

ALL = ("sql:default", "sql:allow-execute")
DB = "sqlite:a.db"
ENDLESS = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c"


@pytest.fixture
def application(folder: Path) -> Iterator[Running]:
    with with_plugins(sql.init(), permissions=ALL) as application:
        application.page.invoke("plugin:sql|load", {"db": DB})
        yield application


def execute(page: MockPage, query: str, *values: Any, db: str = DB) -> Any:
    return page.invoke("plugin:sql|execute", {"db": db, "query": query, "values": list(values)})


def select(page: MockPage, query: str, *values: Any, db: str = DB) -> Any:
    return page.invoke("plugin:sql|select", {"db": db, "query": query, "values": list(values)})


def refusal(page: MockPage, query: str, *values: Any, db: str = DB) -> Any:
    return rejection(page, "plugin:sql|select", {"db": db, "query": query, "values": list(values)})


def in_file(file: Path, query: str) -> list[tuple[Any, ...]]:
    """Ask the file itself, by another connection."""
    with closing(sqlite3.connect(file)) as connection:
        return connection.execute(query).fetchall()


def test_rows_go_in_and_come_out(application: Running, folder: Path) -> None:
    page = application.page
    made = "CREATE TABLE a (id INTEGER PRIMARY KEY, t TEXT, n NUMERIC, x, b BLOB)"
    assert execute(page, made) == [0, 0]
    assert execute(page, "INSERT INTO a (t, n, x, b) VALUES ($1, $2, $3, x'01ff')", "hé", 5, {"a": [1]}) == [1, 1]
    assert execute(page, "INSERT INTO a (t, n, x) VALUES (?, ?, ?)", None, 1.5, True) == [1, 2]
    assert select(page, "SELECT * FROM a WHERE id = $1", 1) == [
        {"id": 1, "t": "hé", "n": 5, "x": '{"a":[1]}', "b": [1, 255]}
    ]
    assert execute(page, "UPDATE a SET n = 0 WHERE id IN (?, ?)", 1, 2)[0] == 2
    assert execute(page, "DELETE FROM a WHERE id = ? RETURNING t", 1)[0] == 1
    assert in_file(folder / "a.db", "SELECT * FROM a") == [(2, None, 0, "true", None)]


def test_a_new_database_is_as_tauri_makes_it(application: Running, folder: Path) -> None:
    assert select(application.page, "PRAGMA foreign_keys") == [{"foreign_keys": 1}]
    assert in_file(folder / "a.db", "PRAGMA journal_mode") == [("wal",)]


def test_several_statements_in_one_text(application: Running, folder: Path) -> None:
    script = "CREATE TABLE a (x); INSERT INTO a VALUES (?); INSERT INTO a VALUES (?), ($1)"
    assert execute(application.page, script, "one", "two") == [3, 3]
    assert in_file(folder / "a.db", "SELECT * FROM a") == [("one",), ("two",), ("one",)]


def test_begin_and_commit_meet(application: Running, folder: Path) -> None:
    page = application.page
    execute(page, "CREATE TABLE a (x)")
    execute(page, "BEGIN")
    execute(page, "INSERT INTO a VALUES (1)")
    assert in_file(folder / "a.db", "SELECT count(*) FROM a") == [(0,)]
    execute(page, "COMMIT")
    assert in_file(folder / "a.db", "SELECT count(*) FROM a") == [(1,)]


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("SELECT * FROM nope", "error returned from database: (code: 1) no such table: nope"),
        ("SELEC", 'error returned from database: (code: 1) near "SELEC": syntax error'),
        ("INSERT INTO u VALUES (1)", "error returned from database: (code: 2067) UNIQUE constraint failed: u.x"),
        ("SELECT :a", "unsupported SQL parameter format: :a"),
    ],
)
def test_an_error_has_the_text_that_it_has_in_tauri(application: Running, query: str, text: str) -> None:
    execute(application.page, "CREATE TABLE u (x UNIQUE); INSERT INTO u VALUES (1)")
    assert refusal(application.page, query) == text


def test_a_page_reads_by_default_and_writes_with_a_permission(folder: Path) -> None:
    with with_plugins(sql.init()) as application:
        application.page.invoke("plugin:sql|load", {"db": DB})
        assert select(application.page, "SELECT 1 AS a") == [{"a": 1}]
        text = rejection(application.page, "plugin:sql|execute", {"db": DB, "query": "SELECT 1", "values": []})
        assert "not allowed" in text


def test_a_database_that_was_not_loaded_or_is_closed(application: Running) -> None:
    page = application.page
    assert refusal(page, "SELECT 1", db="sqlite:b.db") == "database sqlite:b.db not loaded"
    assert rejection(page, "plugin:sql|close", {"db": "sqlite:b.db"}) == "database sqlite:b.db not loaded"
    assert page.invoke("plugin:sql|close", {"db": DB}) is True
    assert refusal(page, "SELECT 1") == "attempted to acquire a connection on a closed pool"
    assert page.invoke("plugin:sql|load", {"db": DB}) == DB
    assert select(page, "SELECT 1 AS a") == [{"a": 1}]
    assert page.invoke("plugin:sql|close", {}) is True
    assert refusal(page, "SELECT 1") == "attempted to acquire a connection on a closed pool"


@pytest.mark.parametrize("db", ["a.db", "oracle:a", "sqlite:", "sqlite:a\0b", ":a"])
def test_what_is_no_address_is_refused(application: Running, db: str) -> None:
    assert rejection(application.page, "plugin:sql|load", {"db": db}) == f"invalid connection url: {db}"


def test_options_of_the_address(application: Running, folder: Path) -> None:
    page = application.page
    execute(page, "CREATE TABLE a (x)")
    page.invoke("plugin:sql|load", {"db": "sqlite:a.db?mode=ro"})
    assert "(code: 8)" in refusal(page, "INSERT INTO a VALUES (1)", db="sqlite:a.db?mode=ro")
    text = rejection(page, "plugin:sql|load", {"db": "sqlite:none.db?mode=rw"})
    assert text == "error returned from database: (code: 14) unable to open database file"
    assert "unknown query parameter" in rejection(page, "plugin:sql|load", {"db": "sqlite:a.db?vfs=x"})
    page.invoke("plugin:sql|load", {"db": "sqlite::memory:"})
    execute(page, "CREATE TABLE m (x)", db="sqlite::memory:")
    assert sorted(path.name for path in folder.iterdir() if path.suffix == ".db") == ["a.db"]


@pytest.mark.parametrize(
    "path", ["../a.db", "//etc/passwd", "/etc/passwd", "a/../../../b.db", "link/a.db", "%2e%2e/a.db"]
)
def test_a_page_cannot_open_a_file_elsewhere(application: Running, folder: Path, tmp_path: Path, path: str) -> None:
    (tmp_path / "elsewhere").mkdir()
    (folder / "link").symlink_to(tmp_path / "elsewhere")
    text = rejection(application.page, "plugin:sql|load", {"db": f"sqlite:{path}"})
    assert "outside of the application's folders" in text or "(code: 14)" in text
    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert not list(tmp_path.glob("**/b.db"))


def test_statements_cannot_reach_files_elsewhere_either(application: Running, folder: Path, tmp_path: Path) -> None:
    page = application.page
    outside = tmp_path / "outside.db"
    in_file(outside, "CREATE TABLE secret (x)")
    for query in (
        f"ATTACH '{outside}' AS o",
        f"ATTACH 'file:{outside}' AS o",
        "ATTACH 'relative.db' AS o",
        f"VACUUM INTO '{tmp_path / 'copy.db'}'",
        f"PRAGMA temp_store_directory = '{tmp_path}'",
        "SELECT load_extension('libm.so.6')",
    ):
        text = refusal(page, query)
        assert "not authorized" in text or "authorization denied" in text
    assert "not authorized" in refusal(page, "ATTACH ? AS o", str(outside))
    assert not (tmp_path / "copy.db").exists()
    assert select(page, f"ATTACH '{folder / 'mine.db'}' AS mine") == []
    assert select(page, "VACUUM") == []


@pytest.mark.parametrize("name", ["hard_heap_limit", "soft_heap_limit"])
def test_a_page_cannot_set_what_counts_for_every_database_of_the_process(application: Running, name: str) -> None:
    assert "not authorized" in refusal(application.page, f"PRAGMA {name} = 1")
    assert select(application.page, "SELECT 1 AS a") == [{"a": 1}]


def test_what_statements_make_on_their_way_has_a_bound_and_the_statements_of_a_call_share_it(
    application: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    for query in ("SELECT length(zeroblob(300000000))", "SELECT length(hex(zeroblob(150000000)))"):
        assert "too big" in refusal(application.page, query)
    monkeypatch.setattr(_rows, "MOST_BYTES", 8000)
    one = "SELECT zeroblob(400)"
    assert len(select(application.page, f"{one}; {one}")) == 2
    assert "too large" in refusal(application.page, f"{one}; {one}; {one}")


def test_an_author_may_let_pages_open_files_anywhere(folder: Path, tmp_path: Path) -> None:
    with with_plugins(sql.init(anywhere=True), permissions=ALL) as application:
        db = f"sqlite:{tmp_path}/b.db"
        application.page.invoke("plugin:sql|load", {"db": db})
        execute(application.page, "CREATE TABLE a (x)", db=db)
        assert select(application.page, f"ATTACH '{tmp_path}/c.db' AS c", db=db) == []
    assert in_file(tmp_path / "b.db", "SELECT name FROM sqlite_master") == [("a",)]


def test_an_author_may_name_the_databases(folder: Path) -> None:
    with with_plugins(sql.init(allowed=[DB])) as application:
        assert application.page.invoke("plugin:sql|load", {"db": DB}) == DB
        text = rejection(application.page, "plugin:sql|load", {"db": "sqlite:b.db"})
        assert text == "database sqlite:b.db is not one of those that this application lets pages open"
        # Nor may a page use what the application itself has opened.
        application.app.handle().spawn(sql.load(application.app.handle(), "sqlite:b.db")).result(SOON)
        assert refusal(application.page, "SELECT 1", db="sqlite:b.db") == text
        assert rejection(application.page, "plugin:sql|close", {"db": "sqlite:b.db"}) == text
        application.page.invoke("plugin:sql|close", {})
        found = _databases.databases_of(application.app.handle())
        assert not found.find("sqlite:b.db").closed
        assert found.find(DB).closed


@pytest.mark.parametrize("db", [DB, "sqlite:own.db?mode=ro", "sqlite::memory:"])
def test_a_named_or_read_only_database_leads_to_no_other_file(folder: Path, db: str) -> None:
    allowed = None if "ro" in db else [db]
    with with_plugins(sql.init(allowed=allowed), permissions=ALL) as application:
        page, handle = application.page, application.app.handle()
        own = handle.spawn(sql.load(handle, "sqlite:own.db")).result(SOON)
        handle.spawn(own.execute("CREATE TABLE a (x)")).result(SOON)
        page.invoke("plugin:sql|load", {"db": db})
        file = folder / "own.db"
        assert file.exists()
        for query in (f"ATTACH '{file}' AS o", f"VACUUM INTO '{folder / 'copy.db'}'"):
            assert "(code: 23)" in refusal(page, query, db=db)
        assert select(page, "ATTACH ':memory:' AS m", db=db) == []
        assert not (folder / "copy.db").exists()


def test_a_page_that_leaves_ends_its_endless_statement(application: Running) -> None:
    other = application.open("other")
    window = application.app.handle().get_webview_window("other")
    assert window is not None
    other.send("plugin:sql|select", {"db": DB, "query": ENDLESS, "values": []})
    application.on_loop()
    window.reload()
    assert select(application.page, "SELECT 1 AS a") == [{"a": 1}]


def test_the_application_ends_while_a_statement_runs(folder: Path) -> None:
    with with_plugins(sql.init(), permissions=ALL) as application:
        application.page.invoke("plugin:sql|load", {"db": DB})
        application.page.send("plugin:sql|select", {"db": DB, "query": ENDLESS, "values": []})
        application.on_loop()
    for thread in threading.enumerate():
        if thread.name.startswith("transom-sqlite"):
            thread.join(SOON)
            assert not thread.is_alive()


def test_pages_cannot_open_databases_without_end(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_databases, "MOST_DATABASES", 2)
    with with_plugins(sql.init()) as application:
        for name in ("a", "b"):
            application.page.invoke("plugin:sql|load", {"db": f"sqlite:{name}.db"})
        assert "databases are open already" in rejection(application.page, "plugin:sql|load", {"db": "sqlite:c.db"})
        application.page.invoke("plugin:sql|close", {"db": "sqlite:a.db"})
        assert application.page.invoke("plugin:sql|load", {"db": "sqlite:c.db"}) == "sqlite:c.db"


def test_two_pages_that_load_at_once_share_a_database(application: Running) -> None:
    page, other = application.page, application.open("other")
    calls = [each.send("plugin:sql|load", {"db": "sqlite:shared.db"}) for each in (page, other)]
    assert [each.answer(call) for each, call in zip((page, other), calls, strict=True)] == ["sqlite:shared.db"] * 2
    execute(page, "CREATE TEMP TABLE mine (x)", db="sqlite:shared.db")
    assert select(other, "SELECT * FROM mine", db="sqlite:shared.db") == []


def test_migrations_run_once(folder: Path) -> None:
    first = Migration(1, "it's one", "CREATE TABLE a (x); INSERT INTO a VALUES (1)")
    second = Migration(2, "two", "INSERT INTO a VALUES (2)")
    back = Migration(2, "back", "DROP TABLE a", MigrationKind.DOWN)
    for steps, expected in (([first, back], [(1,)]), ([second, first], [(1,), (2,)]), ([first, second], [(1,), (2,)])):
        with with_plugins(sql.init(migrations={DB: steps})) as application:
            application.page.invoke("plugin:sql|load", {"db": DB})
        assert in_file(folder / "a.db", "SELECT x FROM a ORDER BY x") == expected
    found = in_file(folder / "a.db", "SELECT version, description, success, length(checksum) FROM _sqlx_migrations")
    assert found == [(1, "it's one", 1, 48), (2, "two", 1, 48)]


@pytest.mark.parametrize(
    ("steps", "text"),
    [
        ([Migration(1, "", "CREATE TABLE b (x)")], "migration 1 was previously applied but has been modified"),
        (
            [Migration(2, "", "SELECT 1")],
            "migration 1 was previously applied but is missing in the resolved migrations",
        ),
        (
            [Migration(1, "", "CREATE TABLE a (x)"), Migration(2, "", "INSERT INTO a VALUES (1); SELEC")],
            'while executing migration 2: error returned from database: (code: 1) near "SELEC": syntax error',
        ),
    ],
)
def test_a_migration_that_fails_says_why_and_leaves_nothing(folder: Path, steps: list[Migration], text: str) -> None:
    with with_plugins(sql.init(migrations={DB: [Migration(1, "", "CREATE TABLE a (x)")]})) as application:
        application.page.invoke("plugin:sql|load", {"db": DB})
    with with_plugins(sql.init(migrations={DB: steps})) as application:
        assert rejection(application.page, "plugin:sql|load", {"db": DB}) == text
        assert refusal(application.page, "SELECT 1") == f"database {DB} not loaded"
    assert in_file(folder / "a.db", "SELECT * FROM a") == []


def test_databases_of_the_configuration_are_open_from_the_start(folder: Path) -> None:
    builder = Builder().plugin(sql.init(migrations={DB: [Migration(1, "", "CREATE TABLE a (x)")]}))
    with running_in(builder, context("main", plugins={"sql": {"preload": [DB]}})) as application:
        allow(application, *ALL)
        assert select(application.page, "SELECT * FROM a") == []


@pytest.mark.parametrize(
    ("config", "text"),
    [
        ({"preload": ["nothing"]}, "plugins.sql.preload: invalid connection url: nothing"),
        ({"preload": 5}, "plugins.sql in the configuration: "),
    ],
)
def test_a_wrong_configuration_ends_the_start(folder: Path, config: Any, text: str) -> None:
    app = Builder().plugin(sql.init()).build(context("main", plugins={"sql": config}), "mock")
    with pytest.raises(ConfigError, match=text):
        app.run()


def test_python_uses_the_databases_of_the_pages(application: Running) -> None:
    async def use() -> Any:
        database = await sql.load(application.app, DB)
        assert await database.execute("CREATE TABLE a (x); INSERT INTO a VALUES (?)", ["one"]) == (1, 1)
        with pytest.raises(CommandError):
            await database.execute("INSERT INTO nope VALUES (1)")
        return await database.select("SELECT x FROM a")

    assert application.app.handle().spawn(use()).result(SOON) == [{"x": "one"}]
    assert select(application.page, "SELECT x FROM a") == [{"x": "one"}]


def test_without_the_plugin_the_line_to_add_is_named() -> None:
    with with_plugins() as application:
        text = rejection(application.page, "plugin:sql|load", {"db": DB})
        assert "add it with `Builder().plugin(transom.plugins.sql.init())`" in text

        async def use() -> None:
            with pytest.raises(StateError):
                await sql.load(application.app, DB)

        application.app.handle().spawn(use()).result(SOON)


@pytest.mark.parametrize(
    "args",
    [{}, {"db": 1}, {"db": DB, "query": 1, "values": []}, {"db": DB, "query": "SELECT 1", "values": 5}],
)
def test_arguments_of_other_types_are_refused(application: Running, args: Any) -> None:
    for name in ("select", "execute"):
        assert "invalid args" in rejection(application.page, f"plugin:sql|{name}", args)


def test_what_a_page_sends_as_bytes_is_a_list_as_in_tauri(application: Running) -> None:
    assert json.loads(select(application.page, "SELECT ? AS a", [1, 255])[0]["a"]) == [1, 255]
