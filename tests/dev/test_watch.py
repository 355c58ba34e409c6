"""Which files `transom dev` follows, and what their changes mean."""

from __future__ import annotations

from pathlib import Path

import pytest

from transom.dev import kind_of, watched_folders


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("app.py", "back end"),
        ("test_app.py", None),
        ("tauri.conf.json", "back end"),
        ("capabilities/default.json", "back end"),
        ("index.html", "front end"),
        ("pages/two.html", "front end"),
        ("pages/.two.html.swp", None),
        ("pages/two.html~", None),
        ("notes.txt", None),
    ],
)
def test_a_change_concerns_the_back_end_the_front_end_or_nothing(name: str, kind: str | None) -> None:
    root = Path("/project")
    assert kind_of(root / name, [root / "index.html", root / "pages"]) == kind


def test_a_development_server_follows_its_own_files() -> None:
    assert kind_of(Path("/project/index.html"), []) is None


def test_folders_of_packages_and_builds_are_left_out_except_for_a_front_end_in_one(tmp_path: Path) -> None:
    for name in ("package", "node_modules/vite", ".git/objects", "dist/assets", "other/pages"):
        (tmp_path / "project" / name).mkdir(parents=True)
    (tmp_path / "page").mkdir()
    (tmp_path / "page" / "index.html").touch()
    root = tmp_path / "project"
    wanted = [root, root / "other", root / "other" / "pages", root / "package"]
    assert watched_folders([root]) == wanted
    shown = [root / "dist", tmp_path / "page" / "index.html"]
    assert watched_folders([root], shown) == sorted(
        [*wanted, root / "dist", root / "dist" / "assets", tmp_path / "page"]
    )
