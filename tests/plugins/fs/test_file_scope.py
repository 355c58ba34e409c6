from __future__ import annotations

from pathlib import Path

import pytest

from tests.requirements import needs_posix
from transom.acl.patterns import _path_scope
from transom.plugins.fs import FileScope


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    needs_posix()
    for name in ("in/a.txt", "in/deep/b.txt", "in/.hidden", "out/secret.txt", "in/secret/c.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "in/link.txt").symlink_to(tmp_path / "out/secret.txt")
    (tmp_path / "door").symlink_to(tmp_path / "in")
    return tmp_path


def test_patterns_allow_and_a_deny_counts_first(tree: Path) -> None:
    scope = FileScope(["$IN/**"], ["$IN/secret/**"], variables={"IN": str(tree / "in")})
    files = ("in/a.txt", "in/deep/b.txt", "in/new.txt", "in/secret/c.txt", "out/secret.txt", "in/.hidden", "in")
    assert [scope.is_allowed(tree / file) for file in files] == [True, True, True, False, False, False, False]
    assert [scope.is_forbidden(tree / file) for file in files] == [False, False, False, True, False, False, False]


def test_a_link_leads_where_its_target_may_be_used(tree: Path) -> None:
    scope = FileScope(["$IN/*"], variables={"IN": str(tree / "in")})
    assert not scope.is_allowed(tree / "in/link.txt")
    scope.allow_file(tree / "out/secret.txt")
    assert scope.is_allowed(tree / "in/link.txt")


def test_folders_reached_by_links_are_the_same(tree: Path) -> None:
    for scope in (FileScope(["$DOOR/*"], variables={"DOOR": str(tree / "door")}), FileScope([f"{tree}/door/*"])):
        assert scope.is_allowed(tree / "door/a.txt")
        assert scope.is_allowed(tree / "in/a.txt")
    denied = FileScope([f"{tree}/**"], [f"{tree}/door/**"])
    assert not denied.is_allowed(tree / "door/a.txt")
    assert not denied.is_allowed(tree / "in/a.txt")


def test_a_path_with_dots_in_it_is_taken_to_where_it_leads(tree: Path) -> None:
    scope = FileScope([f"{tree}/in/*"])
    assert not scope.is_allowed(tree / "in/../out/secret.txt")
    assert scope.is_allowed(f"{tree}/out/../in/a.txt")


def test_files_and_folders_are_added_while_it_is_used(tree: Path) -> None:
    scope = FileScope()
    (tree / "in/[1]*.txt").touch()
    scope.allow_file(tree / "in/[1]*.txt")
    assert [scope.is_allowed(tree / f"in/{name}") for name in ("[1]*.txt", "1.txt", "a.txt")] == [True, False, False]
    scope.allow_directory(tree / "in")
    assert [scope.is_allowed(tree / name) for name in ("in", "in/a.txt", "in/deep/b.txt")] == [True, True, False]
    scope.allow_directory(tree / "in", recursive=True)
    assert scope.is_allowed(tree / "in/deep/b.txt")
    scope.forbid_file(tree / "in/a.txt")
    scope.forbid_directory(tree / "in/secret", recursive=True)
    files = ("in/a.txt", "in/secret/c.txt", "in/deep/b.txt")
    assert [scope.is_allowed(tree / file) for file in files] == [False, False, True]
    scope.allow_file(tree / "in/a.txt")
    assert not scope.is_allowed(tree / "in/a.txt")


@pytest.mark.parametrize("pattern", ["**", "**/*"])
def test_two_stars_at_the_beginning_are_every_file(tree: Path, pattern: str) -> None:
    assert FileScope([pattern]).is_allowed(tree / "in/a.txt")
    assert not FileScope([pattern], ["**/secret.txt"]).is_allowed(tree / "out/secret.txt")


def test_a_folder_is_literal_where_a_backslash_separates(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_path_scope, "_WINDOWS", True)
    folder = tree / "my-notes (x86)!"
    scope = FileScope([f"{folder}/*"])
    assert scope.is_allowed(folder / "a")
    scope.forbid_file(folder / "a[1]")
    assert not scope.is_allowed(folder / "a[1]")
    assert scope.is_allowed(folder / "a1")
