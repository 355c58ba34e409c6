"""The plugin with servers of PostgreSQL and MariaDB, which the tests start."""

from __future__ import annotations

import asyncio
import socket
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.mock_app import SOON, Running
from tests.plugins.plugin_app import rejection, with_plugins
from tests.requirements import needs_postgres
from transom.plugins import sql
from transom.plugins.sql import Migration, _connection
from transom.runtimes._mock import MockPage, MockRejection

ALL = ("sql:default", "sql:allow-execute")
pytestmark = pytest.mark.usefixtures("postgres", "mariadb")


class Asked:
    """A database of a server, asked by a page and, from outside, by the server's own program.

    Attributes:
        page: The page.
        db: The address.
    """

    def __init__(self, application: Running, server: str, name: str) -> None:
        self.application = application
        self.page: MockPage = application.page
        self.db = f"{server}/{name}"
        self._port = str(urlsplit(server).port)
        self._name = name

    def load(self) -> None:
        assert self.page.invoke("plugin:sql|load", {"db": self.db}, timeout=60) == self.db

    def execute(self, query: str, *values: Any) -> Any:
        return self.page.invoke("plugin:sql|execute", {"db": self.db, "query": query, "values": list(values)})

    def select(self, query: str, *values: Any) -> Any:
        return self.page.invoke("plugin:sql|select", {"db": self.db, "query": query, "values": list(values)})

    def refusal(self, query: str, *values: Any) -> Any:
        return rejection(self.page, "plugin:sql|select", {"db": self.db, "query": query, "values": list(values)})

    def outside(self, query: str) -> str:
        if self.db.startswith("postgres"):
            command = [needs_postgres() / "psql", "-h", "127.0.0.1", "-p", self._port, "-U", "tester", "-Atc", query]
        else:
            command = ["mariadb", "--no-defaults", "-h127.0.0.1", f"-P{self._port}", "-uroot", "-N", "-e", query]
        done = subprocess.run([*command, self._name], capture_output=True, text=True, timeout=60, check=True)
        return done.stdout.strip()


@pytest.fixture
def application(folder: Path) -> Iterator[Running]:
    with with_plugins(sql.init(), permissions=ALL) as application:
        yield application


@pytest.fixture
def pg(application: Running, postgres: str, request: pytest.FixtureRequest) -> Asked:
    asked = Asked(application, postgres, request.node.name.partition("[")[0][:60])
    asked.load()
    return asked


@pytest.fixture
def my(application: Running, mariadb: str, request: pytest.FixtureRequest) -> Asked:
    asked = Asked(application, mariadb, request.node.name.partition("[")[0][:60])
    asked.load()
    return asked


def test_types_of_postgres(pg: Asked) -> None:
    columns = {
        "t": "text",
        "i": "int",
        "s": "bigint",
        "f": "float8",
        "r": "real",
        "b": "bool",
        "j": "jsonb",
        "n": "numeric(6, 2)",
        "d": "date",
        "ts": "timestamp",
        "tz": "timestamptz",
        "ti": "time",
        "by": "bytea",
        "u": "uuid",
        "a": "int[]",
        "nothing": "text",
    }
    pg.execute(f"CREATE TABLE a ({', '.join(f'{name} {kind}' for name, kind in columns.items())})")
    uuid = "3f2504e0-4f89-11d3-9a0c-0305e82c3301"
    values = ["hé", 5, 2**40, 1.5, 0.1, True, {"a": [1]}, 12.5, "2026-01-02", "2026-01-02 03:04:05"]
    values += ["2026-01-02 03:04:05+02", "13:02:03.50", "\\x01ff", uuid, "{1,2}", None]
    marks = ", ".join(f"${number + 1}" for number in range(len(values)))
    assert pg.execute(f"INSERT INTO a VALUES ({marks})", *values) == [1, None]
    assert pg.select("SELECT * FROM a WHERE i = $1 LIMIT $2", 5, 1) == [
        {
            "t": "hé",
            "i": 5,
            "s": 2**40,
            "f": 1.5,
            "r": 0.1,
            "b": True,
            "j": {"a": [1]},
            "n": "12.50",
            "d": "2026-01-02",
            "ts": "2026-01-02 3:04:05.0",
            "tz": "2026-01-02 1:04:05.0 +00:00:00",
            "ti": "13:02:03.5",
            "by": [1, 255],
            "u": uuid,
            "a": "{1,2}",
            "nothing": None,
        }
    ]
    assert pg.outside("SELECT t, i, b, j, d FROM a") == 'hé|5|t|{"a": [1]}|2026-01-02'


def test_types_of_mysql(my: Asked) -> None:
    columns = {
        "t": "text",
        "i": "int",
        "u": "bigint unsigned",
        "f": "double",
        "b": "boolean",
        "y": "tinyint",
        "n": "decimal(6, 2)",
        "d": "date",
        "ts": "datetime(3)",
        "tz": "timestamp null",
        "ti": "time",
        "bl": "blob",
        "j": "json",
        "nothing": "text",
    }
    my.execute(f"CREATE TABLE a ({', '.join(f'{name} {kind}' for name, kind in columns.items())})")
    values = ["h'é\\ ? %s", 5, 2**64 - 1, 1.5, True, 7, 12.5, "2026-01-02", "2026-01-02 03:04:05.120"]
    values += ["2026-01-02 03:04:05", "13:02:03", "ab", {"a": [1]}, None]
    assert my.execute(f"INSERT INTO a VALUES ({', '.join('?' * len(values))})", *values) == [1, 0]
    assert my.select("SELECT * FROM a WHERE i = ? LIMIT ?", 5, 1) == [
        {
            "t": "h'é\\ ? %s",
            "i": 5,
            "u": 2**64 - 1,
            "f": 1.5,
            "b": True,
            "y": 7,
            "n": "12.50",
            "d": "2026-01-02",
            "ts": "2026-01-02 3:04:05.12",
            "tz": "2026-01-02 3:04:05.0 +00:00:00",
            "ti": "13:02:03.0",
            "bl": [97, 98],
            "j": '{"a":[1]}',
            "nothing": None,
        }
    ]
    assert my.outside("SELECT i, b, d, j FROM a") == '5\t1\t2026-01-02\t{"a":[1]}'


def test_a_text_cannot_leave_its_literal(my: Asked) -> None:
    evil = ["' OR '1'='1", "\\' OR 1=1 -- ", "\\", "?", "a\0b", '"; DROP TABLE a; --', "\u02bc", "\x1a"]
    my.execute("CREATE TABLE a (t text)")
    for mode in ("", "NO_BACKSLASH_ESCAPES", "ANSI_QUOTES"):
        my.execute(f"SET SESSION sql_mode = '{mode}'")
        for text in evil:
            my.execute("DELETE FROM a")
            my.execute("INSERT INTO a VALUES (?)", text)
            assert my.select("SELECT t FROM a WHERE t = ?", text) == [{"t": text}]
            assert my.select("SELECT t FROM a WHERE t = ?", "other") == []


def test_errors_of_postgres(pg: Asked) -> None:
    assert pg.refusal("SELECT * FROM nope") == 'error returned from database: relation "nope" does not exist'
    assert "cannot insert multiple commands" in pg.refusal("SELECT 1; SELECT 2")
    assert "requires 1" in pg.refusal("SELECT $1")
    pg.execute("CREATE TABLE a (t text)")
    assert "NUL" in pg.refusal("INSERT INTO a VALUES ($1)", "a\0b")
    assert pg.select("INSERT INTO a VALUES ($1)", "by select") == []
    assert pg.outside("SELECT t FROM a") == "by select"
    assert pg.execute("INSERT INTO a VALUES ('x'); INSERT INTO a VALUES ('y'), ('z')") == [3, None]


def test_errors_of_mysql(my: Asked) -> None:
    text = my.refusal("SELECT * FROM nope")
    assert text == "error returned from database: 1146: Table 'test_errors_of_mysql.nope' doesn't exist"
    assert my.refusal("SELECT ?") == "the statement has 1 parameters, and there are 0 values"
    my.execute("CREATE TABLE a (id INT AUTO_INCREMENT PRIMARY KEY, t INT)")
    assert my.execute("INSERT INTO a (t) VALUES (?), (?)", 1, 2) == [2, 1]
    assert my.execute("CREATE TABLE IF NOT EXISTS a (x INT)") == [0, 0]  # with a warning of the server
    assert my.select("SELECT 'a' || 'b' AS x") == [{"x": "ab"}]


@pytest.mark.parametrize("kind", ["pg", "my"])
def test_begin_and_commit_meet(kind: str, request: pytest.FixtureRequest) -> None:
    asked: Asked = request.getfixturevalue(kind)
    asked.execute("CREATE TABLE a (x INT)")
    asked.execute("BEGIN")
    asked.execute("INSERT INTO a VALUES (1)")
    assert asked.outside("SELECT count(*) FROM a") == "0"
    asked.execute("COMMIT")
    assert asked.outside("SELECT count(*) FROM a") == "1"


@pytest.mark.parametrize("kind", ["pg", "my"])
def test_many_at_once_share_the_connections(kind: str, request: pytest.FixtureRequest) -> None:
    asked: Asked = request.getfixturevalue(kind)
    query = "SELECT count(*) AS n FROM a"
    asked.execute("CREATE TABLE a (x INT)")
    calls = [asked.page.send("plugin:sql|select", {"db": asked.db, "query": query, "values": []}) for _ in range(50)]
    assert [asked.page.answer(call, 60) for call in calls] == [[{"n": 0}]] * 50


@pytest.mark.parametrize(("kind", "sleep"), [("pg", "SELECT pg_sleep(1000)"), ("my", "SELECT sleep(1000)")])
def test_a_page_that_leaves_frees_its_connection(
    kind: str, sleep: str, request: pytest.FixtureRequest, application: Running
) -> None:
    asked: Asked = request.getfixturevalue(kind)
    other = application.open("other")
    window = application.app.handle().get_webview_window("other")
    assert window is not None
    for _ in range(10):  # as many as there are connections
        other.send("plugin:sql|select", {"db": asked.db, "query": sleep, "values": []})
    application.on_loop()
    window.reload()
    assert asked.select("SELECT 1 AS a") == [{"a": 1}]


@pytest.mark.parametrize("kind", ["postgres", "mariadb"])
def test_migrations_run_once(kind: str, request: pytest.FixtureRequest, folder: Path) -> None:
    server = request.getfixturevalue(kind)
    db = f"{server}/migrated"
    first = Migration(1, "it's one", "CREATE TABLE a (x INT); INSERT INTO a VALUES (1)")
    second = Migration(2, "two", "INSERT INTO a VALUES (2)")
    for steps, expected in (([first], "1"), ([first, second], "2"), ([first, second], "2")):
        with with_plugins(sql.init(migrations={db: steps})) as application:
            asked = Asked(application, server, "migrated")
            asked.load()
            assert asked.outside("SELECT count(*) FROM a") == expected
    wrong = Migration(3, "three", "SELEC")
    for steps, text in (
        ([first, second, wrong], "while executing migration 3: error returned from database"),
        ([first], "migration 2 was previously applied but is missing"),
        ([first, Migration(2, "two", "SELECT 2")], "has been modified" if kind == "postgres" else "migration"),
    ):
        with with_plugins(sql.init(migrations={db: steps})) as application:
            assert text in rejection(application.page, "plugin:sql|load", {"db": db})
    if kind == "mariadb":  # which has no transactions for tables, so that a step may be half done
        with with_plugins(sql.init(migrations={db: [first, second, wrong]})) as application:
            assert "migration 3 is partially applied" in rejection(application.page, "plugin:sql|load", {"db": db})


@pytest.mark.parametrize("scheme", ["postgres", "mysql"])
def test_a_server_that_is_not_there_or_says_nothing(
    scheme: str, application: Running, monkeypatch: pytest.MonkeyPatch, postgres: str, mariadb: str
) -> None:
    monkeypatch.setattr(_connection, "TIMEOUT", 0.2)
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        db = f"{scheme}://user@127.0.0.1:{server.getsockname()[1]}/a"
        text = rejection(application.page, "plugin:sql|load", {"db": db}, timeout=60)
        assert "error communicating with database" in text or "2003" in text
        assert "Traceback" not in text
        server.listen()
        text = rejection(application.page, "plugin:sql|load", {"db": db}, timeout=60)
        assert text == "pool timed out while waiting for an open connection"


@pytest.mark.parametrize("kind", ["pg", "my"])
def test_a_connection_that_the_server_has_ended_is_replaced(kind: str, request: pytest.FixtureRequest) -> None:
    asked: Asked = request.getfixturevalue(kind)
    if kind == "pg":
        [row] = asked.select("SELECT pg_backend_pid() AS id")
        asked.outside(f"SELECT pg_terminate_backend({row['id']})")
    else:
        [row] = asked.select("SELECT connection_id() AS id")
        asked.outside(f"KILL {row['id']}")
    with suppress(MockRejection):  # it was not told yet, and this is how it learns
        asked.select("SELECT 1")
    assert asked.select("SELECT 1 AS a") == [{"a": 1}]


def test_a_program_of_the_application_asks_too(pg: Asked) -> None:
    async def use() -> Any:
        database = await sql.load(pg.application.app, pg.db)
        return await asyncio.gather(*(database.select("SELECT $1 AS a", [number]) for number in range(3)))

    found = pg.application.app.handle().spawn(use()).result(SOON)
    assert found == [[{"a": number}] for number in range(3)]


@pytest.mark.parametrize("db", ["mysql://a:b@h:port/d", "mysql://[/d", "postgres://[/d"])
def test_what_is_no_address_is_refused(application: Running, db: str, postgres: str, mariadb: str) -> None:
    assert rejection(application.page, "plugin:sql|load", {"db": db}) == f"invalid connection url: {db}"
