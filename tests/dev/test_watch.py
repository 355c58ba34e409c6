"""Which files `transom dev` follows, and what their changes mean."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from queue import SimpleQueue
from threading import Event
from typing import Any

import pytest

from transom.dev import _watch, kind_of, watched_folders


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


def test_folders_that_are_gone_again_do_not_end_the_following(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    created = tmp_path / "created"
    created.mkdir()
    told: Iterator[set[tuple[int, str]]] = iter([{(1, str(created))}, {(2, str(tmp_path / "app.py"))}])
    attempts = iter(range(10))

    class Notify:
        def __init__(self, *_: Any) -> None:
            if next(attempts) in (0, 2):  # at the start, and when there is a new folder
                raise FileNotFoundError(2, "No such file or directory")

        def watch(self, _: int, __: int, ___: int, stopped: Event) -> Any:
            return next(told, None) or stopped.wait() or "stop"

    monkeypatch.setattr(_watch, "watched_folders", lambda *_: [tmp_path / "gone"])
    changed: SimpleQueue[frozenset[Path]] = SimpleQueue()
    follower = _watch.Follower([tmp_path], (), changed.put)
    monkeypatch.setattr(follower, "_notify_class", Notify)
    follower.start()
    try:
        assert changed.get(timeout=10) == {created}
        assert changed.get(timeout=10) == {tmp_path / "app.py"}
    finally:
        follower.stop()
