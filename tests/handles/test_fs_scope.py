from __future__ import annotations

from pathlib import Path

import pytest

from tests.mock_app import running
from transom.acl.patterns import _path_scope
from transom.config import FsScope as FsScopeConfig
from transom.handles import FsScope


@pytest.fixture
def scope(tmp_path: Path) -> FsScope:
    return FsScope(FsScopeConfig(allow=("$HOME/known/*",), deny=("$HOME/known/secret",)), {"HOME": tmp_path.as_posix()})


def test_the_configuration_is_where_it_begins(scope: FsScope, tmp_path: Path) -> None:
    assert scope.is_allowed(tmp_path / "known" / "a")
    assert not scope.is_allowed(tmp_path / "known" / "secret")
    assert not scope.is_allowed(tmp_path / "other" / "a")
    assert scope.allowed_patterns() == ("$HOME/known/*",)
    assert scope.forbidden_patterns() == ("$HOME/known/secret",)


@pytest.mark.parametrize(
    "name", ["a", "with space", "st*r", "que?stion", "[a]", "{a,b}", "(x)", "a!b", "back\\slash", ".dot", "é"]
)
def test_a_file_is_allowed_by_its_own_name_and_no_other(scope: FsScope, tmp_path: Path, name: str) -> None:
    assert not scope.is_allowed(tmp_path / name)
    scope.allow_file(tmp_path / name)
    assert scope.is_allowed(tmp_path / name)
    assert not scope.is_allowed(tmp_path / "b")
    assert not scope.is_allowed(tmp_path / f"{name}x")
    assert not scope.is_allowed(tmp_path / name / "inside")
    scope.forbid_file(tmp_path / name)
    assert not scope.is_allowed(tmp_path / name)
    scope.allow_file(tmp_path / name)
    assert not scope.is_allowed(tmp_path / name)


def test_a_name_is_literal_where_a_backslash_separates(
    scope: FsScope, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_path_scope, "_WINDOWS", True)
    folder = tmp_path / "Program Files (x86)" / "[a]{b}"
    scope.allow_directory(folder, recursive=True)
    assert scope.is_allowed(folder / "c" / "d")
    scope.forbid_file(folder / "c!")
    assert not scope.is_allowed(folder / "c!")


def test_a_folder_is_allowed_with_what_is_in_it(scope: FsScope, tmp_path: Path) -> None:
    scope.allow_directory(tmp_path / "flat", recursive=False)
    scope.allow_directory(tmp_path / "deep", recursive=True)
    assert scope.is_allowed(tmp_path / "flat" / "a")
    assert not scope.is_allowed(tmp_path / "flat" / "b" / "c")
    assert scope.is_allowed(tmp_path / "deep" / "b" / "c")
    scope.forbid_directory(tmp_path / "deep" / "b", recursive=True)
    assert not scope.is_allowed(tmp_path / "deep" / "b" / "c")
    assert scope.is_allowed(tmp_path / "deep" / "a")


def test_a_link_is_allowed_with_what_it_leads_to(scope: FsScope, tmp_path: Path) -> None:
    (tmp_path / "real").write_text("x")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    scope.allow_file(tmp_path / "link")
    assert scope.is_allowed(tmp_path / "link")
    assert scope.is_allowed(tmp_path / "real")


def test_dropped_files_may_be_read_by_the_page(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "a").write_text("x")
    with running() as application:
        scope = application.app.asset_protocol_scope()
        assert not scope.is_allowed(tmp_path / "a")
        paths = [str(tmp_path / "a"), str(tmp_path / "folder")]
        entered = {"paths": paths, "position": {"x": 1, "y": 2}}
        application.core.webview_event("main", "drag-enter", entered)
        assert not scope.is_allowed(tmp_path / "a")
        application.core.webview_event("main", "drag-drop", entered)
        assert scope.is_allowed(tmp_path / "a")
        assert scope.is_allowed(tmp_path / "folder" / "b" / "c")
        assert not scope.is_allowed(tmp_path / "c")
