"""A Debian package is made again from its files, and put back when the new one does not reach its first page."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.requirements import needs_linux, needs_package_tools
from tests.server.engines import until
from tests.test_children import gone
from transom.errors import CommandError
from transom.plugins.updater._deb_back import Kept

needs_linux()
STATUS = """Package: notes
Status: install ok installed
Priority: optional
Maintainer: A <a@example.org>
Architecture: all
Version: 1.0.0
Conffiles:
 /etc/notes.conf 8f2f7a0b1c0d
Description: notes
 Short texts.
"""


def test_a_package_is_made_again_from_its_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    needs_package_tools()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    installed = tmp_path / "usr"
    (installed / "lib").mkdir(parents=True)
    program = installed / "lib" / "notes"
    program.write_bytes(b"\x7fELF")
    program.chmod(0o755)
    (installed / "bin").symlink_to("lib")
    listed = [installed, installed / "lib", program, installed / "bin", installed / "left-out"]
    answers = {
        "--status": STATUS,
        "--control-list": "postinst\nmd5sums\n",
        "--control-show": "#!/bin/sh\ntrue",
        "--listfiles": "\n".join(map(str, listed)),
    }

    def ask(*words: str, program: str = "dpkg-query") -> str:
        if program == "dpkg-query":
            return answers[words[0]]
        return subprocess.run([program, *words], capture_output=True, text=True, check=True).stdout

    kept = Kept("org.example.notes")
    kept.make("notes", ask)
    assert [path.name for path in kept.folder.iterdir()] == ["old.deb"]
    assert kept.folder.stat().st_mode & 0o77 == 0
    root = tmp_path / "root"
    subprocess.run(["dpkg-deb", "--raw-extract", kept.package, root], check=True)
    there = root / str(tmp_path).lstrip("/") / "usr"
    assert sorted(path.name for path in there.iterdir()) == ["bin", "lib"]
    assert (there / "bin").readlink() == Path("lib")
    assert os.access(there / "lib" / "notes", os.X_OK)
    control = (root / "DEBIAN" / "control").read_text()
    assert control.splitlines()[1:4] == ["Priority: optional", "Maintainer: A <a@example.org>", "Architecture: all"]
    assert "Conffiles" not in control
    assert "conf 8f" not in control
    assert control.endswith("Description: notes\n Short texts.\n")
    assert os.access(root / "DEBIAN" / "postinst", os.X_OK)
    answers["--listfiles"] = "/dev/null"
    with pytest.raises(CommandError, match="neither a file nor a folder"):
        kept.make("notes", ask)
    assert list(kept.folder.iterdir()) == []


class Update:
    """An application that was replaced while it runs; a line on its input restarts it as the new version.

    Args:
        folder: An empty folder.
        new: What the new version does, in a shell.
        seconds: How long it may take.
        install: What installs the old package, in a shell.
    """

    def __init__(self, folder: Path, new: str, seconds: int = 60, install: str = 'cp "$1" got.deb') -> None:
        self.folder = folder
        self.kept = Kept("org.example.notes")
        self.kept.folder.mkdir(parents=True)
        self.kept.package.write_bytes(b"the old package")
        program = folder / "notes"
        shutil.copy2("/bin/bash", program)
        self.process = subprocess.Popen(
            [program, "-c", f"read -r line && exec {program} -c {new!r}"],
            cwd=folder,
            stdin=subprocess.PIPE,
        )
        until(lambda: (Path("/proc") / str(self.process.pid) / "exe").readlink() == program)
        program.unlink()  # as dpkg does
        shutil.copy2("/bin/bash", program)
        environment = {**os.environ, "LIVES": "1"}
        installs = ["sh", "-c", f"cd {folder}; {install}", "install"]
        command = ["touch", str(folder / "started")]
        self.kept.watch("2.0.0", installs, environment, process=self.process.pid, command=command, seconds=seconds)

    def restart(self) -> None:
        assert self.process.stdin is not None
        self.kept.restart()
        self.process.stdin.write(b"\n")
        self.process.stdin.close()

    def is_over(self) -> bool:
        """Return whether nothing watches any more."""
        own = str(self.kept.folder).encode()
        return not any(own in words(path) for path in Path("/proc").glob("[0-9]*/cmdline"))


def words(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # it has ended
        return b""


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return


def test_a_new_version_that_crashes_is_taken_back_and_the_old_one_started(tmp_path: Path) -> None:
    update = Update(tmp_path, "exit 3")
    update.restart()
    assert update.process.wait(60) == 3
    until(lambda: (tmp_path / "started").exists() and update.is_over())
    assert (tmp_path / "got.deb").read_bytes() == b"the old package"
    assert update.kept.failed() == "2.0.0"
    assert [path.name for path in update.kept.folder.iterdir()] == ["failed"]


@pytest.mark.slow
def test_a_new_version_that_shows_nothing_is_ended_and_taken_back(tmp_path: Path) -> None:
    update = Update(tmp_path, "sleep 600 & wait", seconds=1)
    update.restart()
    assert update.process.wait(60) == -15
    until(lambda: (tmp_path / "started").exists() and update.is_over())


def test_a_new_version_that_reaches_its_page_is_kept(tmp_path: Path) -> None:
    update = Update(tmp_path, "read -r line < go")
    os.mkfifo(tmp_path / "go")
    update.restart()
    assert update.kept.confirm()
    assert not update.kept.confirm()
    (tmp_path / "go").write_text("\n")
    assert update.process.wait(60) == 0
    until(update.is_over)
    assert not (tmp_path / "got.deb").exists()
    assert list(update.kept.folder.iterdir()) == []


def test_nothing_is_watched_of_an_application_that_ends_without_a_restart(tmp_path: Path) -> None:
    update = Update(tmp_path, "exit 3")
    with update.process:
        update.process.kill()
    until(update.is_over)
    assert not (tmp_path / "got.deb").exists()
    assert update.kept.confirm()  # the next start reaches its page


@pytest.mark.parametrize("install", ["exit 126", 'cp "$1" got.deb; exit 100'])
def test_a_user_who_does_not_consent_keeps_the_new_version(tmp_path: Path, install: str) -> None:
    update = Update(tmp_path, "exit 3", install=install)
    update.restart()
    update.process.wait()
    until(update.is_over)
    assert not (tmp_path / "started").exists()
    assert [path.name for path in update.kept.folder.iterdir()] == ["failed"]


def test_an_old_package_that_somebody_changed_is_not_installed(tmp_path: Path) -> None:
    update = Update(tmp_path, "exit 3")
    update.kept.package.write_bytes(b"another package")
    update.restart()
    update.process.wait()
    until(update.is_over)
    assert not (tmp_path / "got.deb").exists()
    assert gone(update.process.pid)
