from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.mock_app import Running, running
from tests.requirements import needs_posix
from transom.handles import BaseDirectory
from transom.runtimes._mock import MockRejection


@pytest.fixture(scope="module")
def application() -> Iterator[Running]:
    needs_posix()
    with running() as application:
        yield application


# What Tauri's own functions return on Linux. Add here to test another path.
RESULTS: list[tuple[str, dict[str, Any], object]] = [
    ("join", {"paths": []}, "."),
    ("join", {"paths": ["", ""]}, "."),
    ("join", {"paths": ["", "a"]}, "a"),
    ("join", {"paths": ["a", "", "b"]}, "a/b"),
    ("join", {"paths": ["a", "/b", "c"]}, "a/b/c"),
    ("join", {"paths": ["a/", "b"]}, "a/b"),
    ("join", {"paths": ["/a", "..", "b"]}, "/b"),
    ("join", {"paths": ["a", "..", "..", "b"]}, "b"),
    ("join", {"paths": ["a", ".."]}, "."),
    ("join", {"paths": ["//a", "./b//c/"]}, "/a/b/c"),
    ("join", {"paths": ["a\\", "b"]}, "a\\b"),
    ("normalize", {"path": ""}, ""),
    ("normalize", {"path": "."}, "."),
    ("normalize", {"path": ".."}, ".."),
    ("normalize", {"path": "../a"}, "a"),
    ("normalize", {"path": "/a/./b//../c"}, "/a/c"),
    ("normalize", {"path": "/a/b/"}, "/a/b/"),
    ("normalize", {"path": "/../.."}, "/"),
    ("normalize", {"path": "/"}, "//"),
    ("resolve", {"paths": []}, str(Path.cwd())),
    ("resolve", {"paths": ["."]}, str(Path.cwd())),
    ("resolve", {"paths": ["a", "..", "b", "."]}, str(Path.cwd() / "b")),
    ("resolve", {"paths": ["/foo/bar", "/tmp/file", "baz"]}, "/tmp/file/baz"),
    ("dirname", {"path": "/foo/bar/baz"}, "/foo/bar"),
    ("dirname", {"path": "/foo/bar/"}, "/foo"),
    ("dirname", {"path": "/foo"}, "/"),
    ("dirname", {"path": "//foo"}, "/"),
    ("dirname", {"path": "foo"}, ""),
    ("dirname", {"path": "."}, ""),
    ("dirname", {"path": "a/.."}, "a"),
    ("dirname", {"path": "a//b/./c/."}, "a//b"),
    ("extname", {"path": "/a/b.tar.gz"}, "gz"),
    ("extname", {"path": "a."}, ""),
    ("basename", {"path": "/a/b/c.json"}, "c.json"),
    ("basename", {"path": "/a/b/"}, "b"),
    ("basename", {"path": "/a/some.json", "ext": ".json"}, "some"),
    ("basename", {"path": "/a/some.json", "ext": "json"}, "some."),
    ("basename", {"path": "/a/some.json.json", "ext": ".json"}, "some.json"),
    ("basename", {"path": "/a/some.json.html", "ext": ".json"}, "some.json.html"),
    ("basename", {"path": "/a/b", "ext": None}, "b"),
    ("is_absolute", {"path": "/a"}, True),
    ("is_absolute", {"path": "a/b"}, False),
    ("isAbsolute", {"path": "/a"}, True),
    ("isAbsolute", {"path": ""}, False),
]


@pytest.mark.parametrize(("name", "args", "result"), RESULTS, ids=lambda value: str(value)[:60])
def test_a_result_is_the_one_of_tauri(application: Running, name: str, args: Any, result: object) -> None:
    assert application.page.invoke(f"plugin:path|{name}", args) == result


@pytest.mark.parametrize(
    ("name", "path", "text"),
    [
        ("dirname", "/", "path does not have a parent"),
        ("dirname", "", "path does not have a parent"),
        ("extname", "/a/b", "path does not have an extension"),
        ("extname", "/a/.hidden", "path does not have an extension"),
        ("extname", "/a/..", "path does not have an extension"),
        ("basename", "/", "path does not have a basename"),
        ("basename", "a/..", "path does not have a basename"),
    ],
)
def test_a_path_without_the_part_rejects_as_in_tauri(application: Running, name: str, path: str, text: str) -> None:
    with pytest.raises(MockRejection) as caught:
        application.page.invoke(f"plugin:path|{name}", {"path": path})
    assert caught.value.value == text


def test_a_folder_and_a_path_in_it(application: Running, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))

    def resolve(directory: int, **more: Any) -> object:
        return application.page.invoke("plugin:path|resolve_directory", {"directory": directory, **more})

    assert resolve(BaseDirectory.HOME) == str(tmp_path)
    assert resolve(BaseDirectory.APP_DATA, path="a/b") == str(tmp_path / "data/org.example.mock/a/b")
    assert resolve(BaseDirectory.HOME, path=None) == str(tmp_path)
    assert resolve(BaseDirectory.HOME, path="/etc") == "/etc"
    assert resolve(BaseDirectory.HOME, path="a/") == f"{tmp_path}/a/"
    assert resolve(BaseDirectory.TEMP) == tempfile.gettempdir()


def test_every_folder_of_the_client_resolves(application: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/run/user/1")
    for base in BaseDirectory:
        folder = application.page.invoke("plugin:path|resolve_directory", {"directory": int(base)})
        assert isinstance(folder, str)
        assert Path(folder).is_absolute()


def test_a_folder_that_the_system_lacks_rejects(application: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    with pytest.raises(MockRejection, match="unknown path"):
        application.page.invoke("plugin:path|resolve_directory", {"directory": int(BaseDirectory.RUNTIME)})
    with pytest.raises(MockRejection, match="invalid args `directory`"):
        application.page.invoke("plugin:path|resolve_directory", {"directory": 99})
