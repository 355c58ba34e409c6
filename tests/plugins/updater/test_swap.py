"""A program that is replaced is whole at every moment, whenever it is killed."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from transom.plugins.updater import _swap

pytestmark = pytest.mark.slow  # programs that are killed at every step

PROGRAM = Path(__file__).with_name("swap_program.py")


class Installed:
    """The program of version 1 in a folder."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self.folder = base / "app"
        self.folder.mkdir(parents=True)
        (self.folder / "version").write_text("1")
        (self.folder / "behaviour").write_text("page")

    def run(self, verb: str, *words: str, kill_in: str = "", at: int = 0) -> int:
        """Run the program and return its exit status."""
        environment = {"PATH": os.environ["PATH"], "KILL_IN": kill_in, "KILL_AT": str(at)}
        command = [sys.executable, "-IS", PROGRAM, self.folder, verb, *words]
        return subprocess.run(command, env=environment, stderr=subprocess.DEVNULL, timeout=60, check=False).returncode

    def stage(self, version: str, behaviour: str) -> None:
        """Put a new version beside the program."""

        def fill(made: Path) -> None:
            (made / "version").write_text(version)
            (made / "behaviour").write_text(behaviour)

        _swap.stage(self.folder, version, fill)

    @property
    def version(self) -> str:
        """The version in the place of the program, which is whole."""
        assert sorted(path.name for path in self.folder.iterdir()) == ["behaviour", "version"]
        return (self.folder / "version").read_text()

    def log(self) -> list[str]:
        """The versions that ran, in order; empties it."""
        file = self.base / "log"
        lines = file.read_text().split() if file.exists() else []
        file.unlink(missing_ok=True)
        return lines

    def names(self) -> set[str]:
        """What lies beside the program."""
        return {path.name for path in self.base.iterdir()} - {"app", "log", "killed"}


def test_the_next_start_is_that_of_the_new_version_and_nothing_is_left(tmp_path: Path) -> None:
    app = Installed(tmp_path)
    assert app.run("stage", "2", "page") == 0
    assert app.version == "1"
    assert app.run("start") == 0
    assert (app.log(), app.version, app.names()) == (["2"], "2", set())
    assert app.run("start") == 0
    assert app.log() == ["2"]


def test_a_version_that_fails_before_its_first_page_is_taken_back_and_not_installed_again(tmp_path: Path) -> None:
    app = Installed(tmp_path)
    app.stage("2", "crash")
    assert app.run("start") == 0
    assert (app.log(), app.version, app.names()) == (["2", "1"], "1", {".app.update.json"})
    assert app.run("stage", "2", "page") != 0
    assert (app.run("start"), app.log()) == (0, ["1"])
    assert app.run("stage", "3", "page") == 0
    assert (app.run("start"), app.log(), app.version, app.names()) == (0, ["3"], "3", set())


def test_a_version_that_quits_before_its_first_page_has_another_chance_and_no_more(tmp_path: Path) -> None:
    app = Installed(tmp_path)
    app.stage("2", "quit")
    assert [app.run("start") for _ in range(3)] == [0, 0, 0]
    assert (app.log(), app.version) == (["2", "2", "1"], "1")


def test_a_version_that_cannot_start_is_taken_back(tmp_path: Path) -> None:
    app = Installed(tmp_path)
    _swap.stage(app.folder, "2", lambda made: (made / "version").write_text("2") and None)
    app.run("start")
    assert (app.log(), app.version) == (["2", "1"], "1")


# What happens, and in which version the program is killed at each of its steps.
KILLS = {
    "while it is put beside": ("stage", "1", "page"),
    "while it is put in place": ("start", "1", "page"),
    "while it is confirmed": ("start", "2", "page"),
    "while it is taken back": ("start", "1", "crash"),
}


@pytest.mark.parametrize("scenario", KILLS)
def test_a_program_that_is_killed_at_any_step_is_whole_and_goes_on(tmp_path: Path, scenario: str) -> None:
    verb, kill_in, behaviour = KILLS[scenario]
    # A version that was killed before it was confirmed is taken back, and remembered.
    left = {".app.update.json"} if behaviour == "crash" or kill_in == "2" else set()
    step = 0
    while True:
        step += 1
        app = Installed(tmp_path / str(step))
        if verb == "stage":
            app.run("stage", "2", behaviour, kill_in=kill_in, at=step)
        else:
            app.stage("2", behaviour)
            app.run("start", kill_in=kill_in, at=step)
        assert app.version in ("1", "2")
        if not (app.base / "killed").exists():
            break
        for start in range(4):
            assert start < 3, (step, app.version, app.names())  # at the third start at the latest all is well
            app.log()
            status = app.run("start")
            assert app.version in ("1", "2")
            if status == 0 and app.names() <= left and app.log() == [app.version]:
                break
        assert behaviour == "page" or app.version == "1"
    assert step > 3  # it was killed at steps that there are


def test_nothing_is_left_of_an_update_that_cannot_be_written(tmp_path: Path) -> None:
    app = Installed(tmp_path)

    def fill(made: Path) -> None:
        (made / "version").write_text("2")
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        _swap.stage(app.folder, "2", fill)
    assert (app.version, app.names()) == ("1", set())


def test_a_program_that_runs_is_not_replaced(tmp_path: Path) -> None:
    app = Installed(tmp_path)
    app.stage("2", "page")
    descriptor = _swap.use(app.folder)
    try:
        assert (app.run("start"), app.log(), app.version) == (0, ["1"], "1")
    finally:
        os.close(descriptor)
    assert (app.run("start"), app.log(), app.version) == (0, ["2"], "2")


def test_an_update_for_another_version_than_the_installed_one_is_dropped(tmp_path: Path) -> None:
    app = Installed(tmp_path)
    app.stage("2", "page")
    app.folder.rename(tmp_path / "old")
    Installed(tmp_path / "x").folder.rename(app.folder)  # the user unpacks another version by hand
    (app.folder / "version").write_text("7")
    assert (app.run("start"), app.log(), app.version) == (0, ["7"], "7")
    assert app.names() == {"old", "x"}


def test_a_file_is_replaced_as_a_folder_is(tmp_path: Path) -> None:
    app = tmp_path / "one.AppImage"
    app.write_text("1")
    _swap.stage(app, "2", lambda made: made.write_text("2") and None)
    assert app.read_text() == "1"
    pid = os.posix_spawn(
        sys.executable,
        [
            sys.executable,
            "-c",
            f"from pathlib import Path\nfrom transom.plugins.updater import _swap\n_swap.begin(Path({str(app)!r}), ['/bin/true'], {{}}, watch=False)",
        ],
        {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert app.read_text() == "2"
    assert _swap.confirm(app)
    assert [path.name for path in tmp_path.iterdir()] == ["one.AppImage"]
    assert not _swap.confirm(app)
