"""What the plugins do on a full disk and with numbers of resources that are none: they reject, and nothing is half done."""

from __future__ import annotations

import json
import os
import resource
import sqlite3
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tests.mock_app import SOON, context, running_in
from tests.plugins.http.server import server
from tests.plugins.plugin_app import allow, at_home, rejection, with_plugins
from tests.requirements import needs_posix, needs_stronghold_packages
from transom.app import Builder
from transom.plugins import fs, sql, store, stronghold, updater, upload, window_state

needs_posix()
BIG = "x" * 100_000
KEY = b64encode(b"untrusted comment: x\n" + b64encode(b"Ed" + bytes(40)) + b"\n").decode()


@pytest.fixture
def data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    folder = at_home(monkeypatch, tmp_path)
    folder.mkdir(parents=True)
    return folder


@contextmanager
def full_disk(size: int = 20_000) -> Iterator[None]:
    """Let no file of this process grow beyond a size, which the system refuses as it refuses a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_store_keeps_its_file_on_a_full_disk(data: Path) -> None:
    with with_plugins(store.init()) as application:
        page = application.page
        rid = page.invoke("plugin:store|load", {"path": "a.json", "options": {"autoSave": False}})
        page.invoke("plugin:store|set", {"rid": rid, "key": "a", "value": 1})
        page.invoke("plugin:store|save", {"rid": rid})
        page.invoke("plugin:store|set", {"rid": rid, "key": "big", "value": BIG})
        with full_disk():
            assert rejection(page, "plugin:store|save", {"rid": rid}) == "File too large (os error 27)"
        assert json.loads((data / "a.json").read_text("utf-8")) == {"a": 1}
        assert [path.name for path in data.iterdir()] == ["a.json"]
        page.invoke("plugin:store|save", {"rid": rid})  # what could not be saved is not lost
    assert json.loads((data / "a.json").read_text("utf-8")) == {"a": 1, "big": BIG}


def test_a_file_that_does_not_fit_stays_as_it_was_and_its_page_is_told(data: Path) -> None:
    permissions = ["fs:read-all", "fs:write-all", "fs:scope-appdata-recursive"]
    with with_plugins(fs.init(), permissions=permissions) as application, full_disk():
        args = {"path": str(data / "a.txt"), "data": BIG, "options": {}}
        (data / "a.txt").write_text("before", "utf-8")
        for options in ({}, {"append": True}):
            text = rejection(application.page, "plugin:fs|write_text_file", {**args, "options": options})
            assert "(os error 27)" in text
            assert (data / "a.txt").read_text("utf-8") == "before"
        small = {"path": str(data / "b.txt"), "data": "small", "options": {}}
        (data / "b.txt").write_text("longer than what comes", "utf-8")
        application.page.invoke("plugin:fs|write_text_file", small)
        assert (data / "b.txt").read_text("utf-8") == "small"
        application.page.invoke("plugin:fs|write_text_file", {**small, "options": {"append": True}})
    assert (data / "b.txt").read_text("utf-8") == "smallsmall"


def test_a_database_is_as_it_was_on_a_full_disk(data: Path, tmp_path: Path) -> None:
    db = {"db": "sqlite:a.db"}
    with with_plugins(sql.init(), permissions=["sql:default", "sql:allow-execute"]) as application:
        page = application.page
        page.invoke("plugin:sql|load", db)
        page.invoke("plugin:sql|execute", {**db, "query": "CREATE TABLE a (x)", "values": []})
        insert = {**db, "query": "INSERT INTO a VALUES (?)", "values": [BIG * 10]}
        with full_disk(100_000):
            text = rejection(page, "plugin:sql|execute", insert)
            assert text.startswith("error returned from database: (code: ")
        page.invoke("plugin:sql|execute", {**insert, "values": ["small"]})
    with closing(sqlite3.connect(tmp_path / "config" / "org.example.mock" / "a.db")) as connection:
        assert connection.execute("SELECT x FROM a").fetchall() == [("small",)]
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_stronghold_keeps_its_snapshot_on_a_full_disk(data: Path) -> None:
    needs_stronghold_packages()
    path = {"snapshotPath": "v.hold"}
    with with_plugins(stronghold.init()) as application:
        page = application.page
        page.invoke("plugin:stronghold|initialize", {**path, "password": "p"})
        page.invoke("plugin:stronghold|create_client", {**path, "client": "c"})
        page.invoke("plugin:stronghold|save", path)
        before = (data / "v.hold").read_bytes()
        secret = {"client": "c", "vault": "v", "recordPath": "r", "secret": [1] * 50_000}
        page.invoke("plugin:stronghold|save_secret", {**path, **secret})
        with full_disk():
            assert rejection(page, "plugin:stronghold|save", path) == "File too large (os error 27)"
        assert (data / "v.hold").read_bytes() == before


def test_the_states_of_windows_are_kept_on_a_full_disk(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "config" / "org.example.mock" / ".window-state.json"
    with with_plugins(window_state.init()) as application:
        application.page.invoke("plugin:window-state|save_window_state", {"flags": 63})
        before = file.read_bytes()
        with full_disk(10):
            text = rejection(application.page, "plugin:window-state|save_window_state", {"flags": 63})
        assert text == "File too large (os error 27)"
        assert file.read_bytes() == before


# Command with a number -> its other arguments. Add here a command that takes the number of a resource.
NUMBERED: dict[str, dict[str, Any]] = {
    "fs|read": {"len": 1},
    "fs|seek": {"offset": 0, "whence": 0},
    "fs|fstat": {},
    "fs|ftruncate": {},
    "fs|write": {"data": [1]},
    "fs|read_text_file_lines_next": {},
    "fs|unwatch": {},
    "http|fetch_cancel": {},
    "http|fetch_send": {},
    "http|fetch_read_body": {},
    "store|set": {"key": "a", "value": 1},
    "store|get": {"key": "a"},
    "store|has": {"key": "a"},
    "store|delete": {"key": "a"},
    "store|clear": {},
    "store|reset": {},
    "store|keys": {},
    "store|values": {},
    "store|entries": {},
    "store|length": {},
    "store|reload": {},
    "store|save": {},
    "updater|download": {"onEvent": "__CHANNEL__:1"},
    "updater|download_and_install": {"onEvent": "__CHANNEL__:1"},
}


@pytest.mark.parametrize("name", NUMBERED)
def test_a_number_that_is_no_resource_is_refused(data: Path, name: str) -> None:
    plugin, command = name.split("|")
    with with_plugins(
        import_module(f"transom.plugins.{plugin}").init(), permissions=[f"{plugin}:allow-{command.replace('_', '-')}"]
    ) as application:
        page, other = application.page, application.open("other")
        # A resource of another kind, of another page, and one that is closed.
        theirs = other.invoke("plugin:image|new", {"rgba": [0, 0, 0, 0], "width": 1, "height": 1})
        closed = page.invoke("plugin:image|new", {"rgba": [0, 0, 0, 0], "width": 1, "height": 1})
        page.invoke("plugin:resources|close", {"rid": closed})
        for rid in (theirs, closed, 0, -1, 4_000_000_000):
            text = rejection(page, f"plugin:{name}", {"rid": rid, **NUMBERED[name]})
            assert text == f"The resource id {rid} is invalid."
        for rid in (1.5, "1", None, [1], {}):
            assert "invalid args `rid`" in rejection(page, f"plugin:{name}", {"rid": rid, **NUMBERED[name]})


def the_files(data: Path) -> None:
    (data / "folder" / "inner").mkdir(parents=True)
    (data / "file").write_text("text", "utf-8")
    (data / "damaged.db").write_bytes(b"no database" * 1000)
    (data / "locked").write_text("text", "utf-8")


# Call -> what its rejection says. `@` is the application's data folder. Add here what can be wrong with what is on the disk.
ON_DISK: list[tuple[str, dict[str, Any], str]] = [
    *(
        (f"fs|{name}", {"path": "@/none", "options": {}}, "No such file or directory (os error 2)")
        for name in ("read_file", "read_text_file", "read_dir", "stat", "lstat", "size", "remove", "truncate", "open")
    ),
    ("fs|read_text_file_lines", {"path": "@/none", "options": {}}, "(os error 2)"),
    ("fs|copy_file", {"fromPath": "@/none", "toPath": "@/new", "options": {}}, "(os error 2)"),
    ("fs|rename", {"oldPath": "@/none", "newPath": "@/new", "options": {}}, "(os error 2)"),
    ("fs|watch", {"paths": ["@/none"], "options": {}, "onEvent": "__CHANNEL__:1"}, "No path was found. about"),
    ("fs|write_text_file", {"path": "@/none/new", "data": "x", "options": {}}, "(os error 2)"),
    ("fs|create", {"path": "@/none/new", "options": {}}, "(os error 2)"),
    ("fs|mkdir", {"path": "@/none/new", "options": {}}, "(os error 2)"),
    ("fs|mkdir", {"path": "@/folder", "options": {}}, "File exists (os error 17)"),
    ("fs|write_text_file", {"path": "@/file", "data": "x", "options": {"createNew": True}}, "(os error 17)"),
    ("fs|read_text_file", {"path": "@/folder", "options": {}}, "Is a directory (os error 21)"),
    ("fs|write_text_file", {"path": "@/folder", "data": "x", "options": {}}, "(os error 21)"),
    ("fs|read_dir", {"path": "@/file", "options": {}}, "Not a directory (os error 20)"),
    ("fs|read_text_file", {"path": "@/file/below", "options": {}}, "Not a directory (os error 20)"),
    ("fs|remove", {"path": "@/folder", "options": {}}, "Directory not empty (os error 39)"),
    ("fs|read_text_file", {"path": "@/locked", "options": {}}, "Permission denied (os error 13)"),
    ("fs|write_text_file", {"path": "@/locked", "data": "x", "options": {}}, "Permission denied (os error 13)"),
    ("sql|load", {"db": "sqlite:@/folder"}, "unable to open database file"),
    (
        "upload|upload",
        {"url": "http://127.0.0.1:9/", "filePath": "@/none", "onProgress": "__CHANNEL__:1", "headers": {}},
        "(os error 2)",
    ),
    (
        "upload|upload",
        {"url": "http://127.0.0.1:9/", "filePath": "@/folder", "onProgress": "__CHANNEL__:1", "headers": {}},
        "(os error 21)",
    ),
    ("stronghold|initialize", {"snapshotPath": "@/damaged.db", "password": "p"}, "this file is not a snapshot"),
    ("stronghold|initialize", {"snapshotPath": "@/folder", "password": "p"}, "(os error 21)"),
]


@pytest.mark.parametrize(("name", "args", "said"), ON_DISK, ids=lambda value: str(value)[:50])
def test_what_is_wrong_on_the_disk_is_said(
    data: Path, monkeypatch: pytest.MonkeyPatch, name: str, args: dict[str, Any], said: str
) -> None:
    the_files(data)
    (data / "salt.txt").write_bytes(b"s" * 32)  # stronghold would make it
    before = sorted(path.relative_to(data) for path in data.rglob("*"))
    opened = os.open

    def locked(path: Any, *given: Any, **named: Any) -> int:
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *given, **named)

    plugin, _, command = name.partition("|")
    permissions = [
        f"{plugin}:allow-{command.replace('_', '-')}",
        *(["fs:scope-appdata-recursive"] if plugin == "fs" else []),
    ]
    made = json.loads(json.dumps(args).replace("@", str(data)))
    with with_plugins(import_module(f"transom.plugins.{plugin}").init(), permissions=permissions) as application:
        monkeypatch.setattr(os, "open", locked)  # root may open everything
        text = rejection(application.page, f"plugin:{name}", made)
        monkeypatch.undo()
    assert said in text
    assert sorted(path.relative_to(data) for path in data.rglob("*")) == before
    assert (data / "file").read_text("utf-8") == "text"


@contextmanager
def at_server(*plugins: Any, permissions: list[Any], **fields: Any) -> Iterator[Any]:
    """Run an application with these plugins and fields of its configuration, as `with_plugins` does."""
    builder = Builder()
    for plugin in plugins:
        builder.plugin(plugin)
    with running_in(builder, context("main", **fields)) as application:
        allow(application, *permissions)
        yield application


def test_the_end_of_the_page_ends_a_download_that_never_ends_and_leaves_no_file(data: Path) -> None:
    with server() as there, at_server(upload.init(), permissions=["upload:default"]) as application:
        (data / "kept.bin").write_bytes(b"old")
        args = {"url": f"{there.url}/endless", "filePath": str(data / "kept.bin"), "headers": {}}
        application.page.send("plugin:upload|download", {**args, "onProgress": "__CHANNEL__:7"})
        application.page.wait(lambda message: message[:2] == [2, 7], 1)  # some of it has come
        application.page.end()
        assert there.gone.wait(SOON)
    assert [(path.name, path.read_bytes()) for path in data.iterdir()] == [("kept.bin", b"old")]


def test_an_update_server_that_stalls_is_given_up_after_the_pages_time(data: Path) -> None:
    with server() as there:
        given = {"pubkey": KEY, "endpoints": [f"{there.url}/stall"], "dangerousInsecureTransportProtocol": True}
        with at_server(updater.init(), permissions=["updater:default"], plugins={"updater": given}) as application:
            text = rejection(application.page, "plugin:updater|check", {"timeout": 50})
    assert "Could not fetch a valid release JSON from the remote" in text
    assert "timed out" in text
