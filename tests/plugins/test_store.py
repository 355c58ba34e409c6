from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.mock_app import SOON, Running, events_of, listen_in
from tests.plugins.plugin_app import at_home, rejection, with_plugins
from transom.errors import StateError
from transom.plugins import store
from transom.plugins.store import _store
from transom.runtimes._mock import MockPage


@pytest.fixture
def data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    return at_home(monkeypatch, tmp_path)


@pytest.fixture
def application(data: Path) -> Iterator[Running]:
    with with_plugins(store.init()) as application:
        yield application


def call(page: MockPage, name: str, **args: Any) -> Any:
    return page.invoke(f"plugin:store|{name}", args)


def write(path: Path, values: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(values if isinstance(values, str) else json.dumps(values), "utf-8")


def test_values_by_key(application: Running) -> None:
    page = application.page
    rid = call(page, "load", path="a.json")
    assert rid > 0
    assert call(page, "set", rid=rid, key="a", value={"x": [1, 2.5, None, True, "ä"]}) is None
    call(page, "set", rid=rid, key="nothing", value=None)
    assert call(page, "get", rid=rid, key="a") == [{"x": [1, 2.5, None, True, "ä"]}, True]
    assert call(page, "get", rid=rid, key="nothing") == [None, True]
    assert call(page, "get", rid=rid, key="b") == [None, False]
    assert [call(page, "has", rid=rid, key=key) for key in ("a", "b")] == [True, False]
    assert call(page, "keys", rid=rid) == ["a", "nothing"]
    assert call(page, "values", rid=rid) == [{"x": [1, 2.5, None, True, "ä"]}, None]
    assert call(page, "entries", rid=rid) == [["a", {"x": [1, 2.5, None, True, "ä"]}], ["nothing", None]]
    assert call(page, "length", rid=rid) == 2
    assert [call(page, "delete", rid=rid, key="a") for _ in range(2)] == [True, False]
    call(page, "clear", rid=rid)
    assert call(page, "length", rid=rid) == 0


def test_the_file_is_as_tauri_writes_it(application: Running, data: Path) -> None:
    rid = call(application.page, "load", path="deep/a.json", options={"autoSave": False})
    call(application.page, "set", rid=rid, key="name", value="Zoë")
    call(application.page, "set", rid=rid, key="list", value=[1, {}])
    assert not (data / "deep").exists()
    call(application.page, "save", rid=rid)
    assert (data / "deep/a.json").read_text("utf-8") == '{\n  "name": "Zoë",\n  "list": [\n    1,\n    {}\n  ]\n}'
    assert [path.name for path in (data / "deep").iterdir()] == ["a.json"]
    assert (data / "deep/a.json").stat().st_mode & 0o777 == 0o600


def test_a_store_saves_itself_after_its_last_change(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    saved, written = threading.Event(), []
    replace = _store.replace

    def watched(path: Path, content: bytes) -> None:
        replace(path, content)
        written.append(json.loads(content))
        saved.set()

    monkeypatch.setattr(_store, "replace", watched)
    with with_plugins(store.init()) as application:
        rid = call(application.page, "load", path="a.json", options={"autoSave": 50})
        for number in range(20):
            call(application.page, "set", rid=rid, key="n", value=number)
        assert saved.wait(SOON)
        assert written[-1] == {"n": 19} or len(written) < 20
    assert json.loads((data / "a.json").read_text("utf-8")) == {"n": 19}


@pytest.mark.parametrize("auto_save", [None, True, False, 0, 3_600_000])
def test_the_end_of_the_application_saves_whatever_a_store_does_by_itself(data: Path, auto_save: Any) -> None:
    with with_plugins(store.init()) as application:
        rid = call(application.page, "load", path="a.json", options={"autoSave": auto_save})
        call(application.page, "set", rid=rid, key="a", value=1)
    assert json.loads((data / "a.json").read_text("utf-8")) == {"a": 1}


def test_a_store_that_was_not_changed_is_not_written(data: Path) -> None:
    with with_plugins(store.init()) as application:
        call(application.page, "load", path="a.json", options={"defaults": {"a": 1}})
    assert not (data / "a.json").exists()


def test_what_tauri_has_written_is_read(application: Running, data: Path) -> None:
    write(data / "a.json", {"a": 1, "b": {"c": None}})
    rid = call(application.page, "load", path="a.json", options={"defaults": {"a": 0, "d": 2}})
    assert dict(call(application.page, "entries", rid=rid)) == {"a": 1, "b": {"c": None}, "d": 2}
    write(data / "b.json", {"a": 1})
    rid = call(application.page, "load", path="b.json", options={"defaults": {"d": 2}, "overrideDefaults": True})
    assert call(application.page, "entries", rid=rid) == [["a", 1]]
    rid = call(application.page, "load", path="b.json", options={"defaults": {"d": 2}, "createNew": True})
    assert call(application.page, "entries", rid=rid) == [["d", 2]]


def test_reset_goes_back_to_the_defaults_and_clear_does_not(application: Running) -> None:
    rid = call(application.page, "load", path="a.json", options={"defaults": {"a": 1, "b": 2}})
    call(application.page, "set", rid=rid, key="a", value=9)
    call(application.page, "set", rid=rid, key="c", value=3)
    call(application.page, "delete", rid=rid, key="b")
    call(application.page, "reset", rid=rid)
    assert dict(call(application.page, "entries", rid=rid)) == {"a": 1, "b": 2}
    call(application.page, "clear", rid=rid)
    assert call(application.page, "entries", rid=rid) == []


def test_reload_adds_what_the_file_holds_or_takes_only_that(application: Running, data: Path) -> None:
    rid = call(application.page, "load", path="a.json", options={"autoSave": False})
    call(application.page, "set", rid=rid, key="mine", value=1)
    write(data / "a.json", {"theirs": 2})
    call(application.page, "reload", rid=rid)
    assert dict(call(application.page, "entries", rid=rid)) == {"mine": 1, "theirs": 2}
    call(application.page, "reload", rid=rid, ignoreDefaults=True)
    assert call(application.page, "entries", rid=rid) == [["theirs", 2]]
    (data / "a.json").unlink()
    assert rejection(application.page, "plugin:store|reload", {"rid": rid}) == "No such file or directory (os error 2)"
    write(data / "a.json", "[1]")
    assert "holds no JSON object" in rejection(application.page, "plugin:store|reload", {"rid": rid})


def test_every_page_has_the_same_store_and_hears_of_changes(application: Running, data: Path) -> None:
    page, other = application.page, application.open("other")
    rid = call(page, "load", path="a.json")
    assert call(other, "load", path="./a.json") == rid
    assert call(other, "get_store", path=str(data / "a.json")) == rid
    assert call(other, "get_store", path="b.json") is None
    listen_in(other, "store://change", 7)
    call(page, "set", rid=rid, key="a", value=1)
    call(page, "delete", rid=rid, key="a")
    file = str(data / "a.json")
    assert [payload for _, payload, _ in events_of(other)] == [
        {"path": file, "resourceId": rid, "key": "a", "value": 1, "exists": True},
        {"path": file, "resourceId": rid, "key": "a", "value": None, "exists": False},
    ]


def test_a_closed_store_saves_its_changes_and_is_gone(application: Running, data: Path) -> None:
    page = application.page
    rid = call(page, "load", path="a.json")
    call(page, "set", rid=rid, key="a", value=1)
    page.invoke("plugin:resources|close", {"rid": rid})
    assert json.loads((data / "a.json").read_text("utf-8")) == {"a": 1}
    assert call(page, "get_store", path="a.json") is None
    assert rejection(page, "plugin:store|has", {"rid": rid, "key": "a"}) == f"The resource id {rid} is invalid."
    again = call(page, "load", path="a.json")
    assert call(page, "get", rid=again, key="a") == [1, True]


def test_the_oldest_form_of_the_options(application: Running) -> None:
    rid = call(application.page, "load", path="a.json", autoSave=False, createNew=True)
    assert call(application.page, "length", rid=rid) == 0


@pytest.mark.parametrize("path", ["../a.json", "/etc/passwd", "a/../../../b.json", "link/a.json", ""])
def test_a_page_cannot_keep_a_store_elsewhere(application: Running, data: Path, tmp_path: Path, path: str) -> None:
    data.mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    (data / "link").symlink_to(tmp_path / "elsewhere")
    for command in ("load", "get_store"):
        text = rejection(application.page, f"plugin:store|{command}", {"path": path})
        assert "outside of the application's folders" in text or "is not empty" in text


def test_an_author_may_let_pages_keep_stores_anywhere(data: Path, tmp_path: Path) -> None:
    with with_plugins(store.init(anywhere=True)) as application:
        rid = call(application.page, "load", path=str(tmp_path / "b.json"))
        call(application.page, "set", rid=rid, key="a", value=1)
        call(application.page, "save", rid=rid)
    assert json.loads((tmp_path / "b.json").read_text("utf-8")) == {"a": 1}


def test_a_file_that_cannot_be_read_is_kept(application: Running, data: Path, caplog: pytest.LogCaptureFixture) -> None:
    write(data / "a.json", "{half")
    rid = call(application.page, "load", path="a.json", options={"defaults": {"a": 1}})
    assert call(application.page, "entries", rid=rid) == [["a", 1]]
    assert (data / "a.json.broken").read_text("utf-8") == "{half"
    assert "is kept as a.json.broken" in caplog.text


def test_a_save_that_fails_leaves_the_file_as_it_was(application: Running, data: Path) -> None:
    if os.geteuid() == 0:
        (data / "a.json").mkdir(parents=True)
    else:
        write(data / "a.json", {})
        data.chmod(0o500)
    rid = call(application.page, "load", path="a.json", options={"autoSave": False, "createNew": True})
    text = rejection(application.page, "plugin:store|save", {"rid": rid})
    data.chmod(0o700)
    assert "(os error" in text
    assert [path.name for path in data.iterdir()] == ["a.json"]


def test_functions_of_the_author_read_and_write(data: Path) -> None:
    plugin = store.init(
        serializers={"flat": lambda values: repr(sorted(values)).encode()},
        deserializers={"flat": lambda content: {content.decode(): True}},
    )
    names = {"serializeFnName": "flat", "deserializeFnName": "flat"}
    write(data / "a.txt", "x")
    with with_plugins(plugin) as application:
        rid = call(application.page, "load", path="a.txt", options=names)
        assert call(application.page, "keys", rid=rid) == ["x"]
        call(application.page, "save", rid=rid)
        assert (data / "a.txt").read_text("utf-8") == "['x']"
        text = rejection(application.page, "plugin:store|load", {"path": "b", "options": {"serializeFnName": "no"}})
        assert "no serialize function is called no" in text


def test_python_uses_the_stores_of_the_pages(application: Running, data: Path) -> None:
    settings = store.load(application.app, "a.json", defaults={"theme": "light"})
    rid = call(application.page, "load", path="a.json")
    assert rid == settings.rid
    settings.set("theme", "dark")
    assert call(application.page, "get", rid=rid, key="theme") == ["dark", True]
    call(application.page, "set", rid=rid, key="n", value=[1])
    assert settings.get("n") == [1]
    assert settings.get("none", 5) == 5
    assert store.get_store(application.app, "a.json") is settings
    with pytest.raises(TypeError):
        settings.set("n", object())
    assert settings.get("n") == [1]
    settings.close_resource()
    assert store.get_store(application.app, "a.json") is None
    assert json.loads((data / "a.json").read_text("utf-8")) == {"theme": "dark", "n": [1]}


def test_without_the_plugin_the_line_to_add_is_named() -> None:
    with with_plugins() as application:
        text = rejection(application.page, "plugin:store|load", {"path": "a"})
        assert "add it with `Builder().plugin(transom.plugins.store.init())`" in text
        with pytest.raises(StateError):
            store.load(application.app, "a.json")
