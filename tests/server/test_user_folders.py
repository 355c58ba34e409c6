"""What users leave on the disk is deleted when the author says so, and nothing else."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest

from tests.mock_app import running
from tests.plugins.plugin_app import at_home
from transom import AppHandle, User, remove_user_folder, remove_user_folders, user_folder

ANN, BOB, GUEST = User("ann"), User("bob"), User("guest", anonymous=True)
MONTH = timedelta(days=30)


def filled(app: AppHandle, user: User, days: int, *, written: int | None = None) -> Path:
    """Make a user's folder, last used so many days ago, with a file that was written so many days ago."""
    folder = user_folder(app, user)
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "a.json").write_text("{}", "utf-8")
    for path, age in ((folder / "deep" / "a.json", days if written is None else written), (folder, days)):
        then = time.time() - age * 86_400
        os.utime(path, (then, then))
    return folder


@pytest.fixture
def data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    return at_home(monkeypatch, tmp_path)


def test_a_user_is_forgotten_and_the_others_are_not(data: Path) -> None:
    with running() as application:
        app = application.app.handle()
        ann, bob = filled(app, ANN, 0), filled(app, BOB, 0)
        assert remove_user_folder(app, ANN)
        assert not remove_user_folder(app, ANN)
        assert (ann.exists(), bob.is_dir()) == (False, True)
        with pytest.raises(ValueError, match=r"User\.LOCAL has no folder of its own"):
            remove_user_folder(app, User.LOCAL)


def test_what_nobody_has_used_is_deleted_and_a_signed_in_user_keeps_what_is_his(data: Path) -> None:
    with running() as application:
        app = application.app.handle()
        assert remove_user_folders(app, unused_for=MONTH) == 0
        old, kept = filled(app, GUEST, 40), filled(app, User("new", anonymous=True), 20)
        wrote = filled(app, User("writes", anonymous=True), 40, written=3)
        came = filled(app, User("comes", anonymous=True), 40)
        assert user_folder(app, User("comes", anonymous=True)) == came  # a plugin needs it in a new session
        ann, bob = filled(app, ANN, 40), filled(app, BOB, 1)
        (data / "users" / "anonymous" / "link").symlink_to(bob, target_is_directory=True)
        assert remove_user_folders(app, unused_for=MONTH) == 1
        assert [each.is_dir() for each in (old, kept, wrote, came, ann, bob)] == [False, *[True] * 5]
        assert remove_user_folders(app, unused_for=MONTH, anonymous=False) == 1
        assert [each.is_dir() for each in (kept, wrote, came, ann, bob)] == [True, True, True, False, True]
