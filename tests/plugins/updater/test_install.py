"""What an update may replace: the application itself, for this machine, in the promised version, whole."""

from __future__ import annotations

import io
import os
import platform
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest

from tests.requirements import needs_package_tools
from transom.errors import CommandError
from transom.plugins.updater import Bundle
from transom.plugins.updater._bundle import app_of, running_bundle
from transom.plugins.updater._deb_back import Kept
from transom.plugins.updater._install import install

ME = Bundle(type="dir", package="notes", identifier="org.example.notes", version="1.0.0", machine=platform.machine())


def make(folder: Path, **changed: Any) -> Path:
    """Make the folder of a bundle."""
    (folder / "_internal").mkdir(parents=True)
    program = folder / "notes"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    Bundle(**{name: changed.get(name, getattr(ME, name)) for name in ME.__struct_fields__}).write(folder)
    return folder


def packed(folder: Path, *more: tarfile.TarInfo) -> io.BytesIO:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz") as archive:
        archive.add(folder, "notes-2.0.0")
        for member in more:
            archive.addfile(member)
    return data


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = make(tmp_path / "apps" / "notes")
    monkeypatch.setenv("APPIMAGE", "/opt/Editor.AppImage")  # that of an editor, whose terminal started this program
    monkeypatch.setenv("APPDIR", str(tmp_path))
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(folder / "notes"))
    return folder


def beside(installed: Path) -> set[str]:
    return {path.name for path in installed.parent.iterdir()}


def test_a_folder_comes_beside_the_running_one(installed: Path, tmp_path: Path) -> None:
    assert running_bundle() == ME
    assert app_of(ME) == installed
    install(packed(make(tmp_path / "new", version="2.0.0")), "v2.0.0")
    assert Bundle.read(installed) == ME
    new = Bundle.read(installed.parent / ".notes.update")
    assert new is not None
    assert new.version == "2.0.0"
    assert os.access(installed.parent / ".notes.update" / "notes", os.X_OK)
    assert beside(installed) == {"notes", ".notes.update", ".notes.update.json"}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"version": "1.5.0"}, "promises version 2.0.0, and the archive is 1.5.0"),  # an old signed one, offered as new
        ({"machine": "amiga"}, "the archive is for amiga"),
        ({"identifier": "org.example.other"}, "another application, org.example.other"),
        ({"package": "other"}, "another application"),
    ],
)
def test_another_version_machine_or_application_is_refused(
    installed: Path, tmp_path: Path, changed: dict[str, str], said: str
) -> None:
    new = make(tmp_path / "new", **{"version": "2.0.0", **changed})
    with pytest.raises(CommandError, match=said):
        install(packed(new), "2.0.0")
    assert beside(installed) == {"notes"}


def test_a_damaged_archive_is_refused(installed: Path, tmp_path: Path) -> None:
    new = make(tmp_path / "new", version="2.0.0")
    whole = packed(new).getvalue()
    (tmp_path / "plain").mkdir()
    outside, link = tarfile.TarInfo("../../evil"), tarfile.TarInfo("notes-2.0.0/link")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc"
    for data, said in (
        (whole[: len(whole) // 2], "the package is damaged"),
        (b"\x1f\x8b", "cannot be replaced"),
        (b"!<arch>\ndebian", "the update is not an archive"),
        (b"", "the update is not an archive"),
        (packed(tmp_path / "plain").getvalue(), "none that `transom build` made"),
        (packed(new, outside).getvalue(), "cannot be replaced|more than one folder"),
        (packed(new, link).getvalue(), "cannot be replaced"),
        (packed(new, tarfile.TarInfo("second")).getvalue(), "more than one folder"),
    ):
        with pytest.raises(CommandError, match=said):
            install(io.BytesIO(data), "2.0.0")
        assert beside(installed) == {"notes"}
    assert not (tmp_path / "evil").exists()


def test_a_folder_that_cannot_be_written_is_named(
    installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tarfile.TarFile, "extract", full)
    with pytest.raises(CommandError, match="cannot be replaced: No space left on device"):
        install(packed(make(tmp_path / "new", version="2.0.0")), "2.0.0")
    assert beside(installed) == {"notes"}


# Packages of Debian, with programs of the test's own in place of apt


def deb(folder: Path, **fields: str) -> io.BytesIO:
    needs_package_tools()
    machine = subprocess.run(
        ["dpkg", "--print-architecture"], capture_output=True, text=True, check=True
    ).stdout.strip()
    values = {"Package": "notes", "Version": "2.0.0", "Architecture": machine, "Maintainer": "a <a@example.org>"}
    values |= {"Description": "a"} | fields
    control = folder / "root" / "DEBIAN" / "control"
    control.parent.mkdir(parents=True)
    control.write_text("".join(f"{name}: {value}\n" for name, value in values.items()))
    made = folder / "made.deb"
    subprocess.run(["dpkg-deb", "--build", folder / "root", made], check=True, capture_output=True)
    return io.BytesIO(made.read_bytes())


@pytest.fixture
def tools(installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder in front of the PATH, with a pkexec and an apt-get that write down how they were called."""
    Bundle(**{**{name: getattr(ME, name) for name in ME.__struct_fields__}, "type": "deb"}).write(installed)
    tools = tmp_path / "tools"
    tools.mkdir()
    write_tool(tools / "pkexec", 'echo "asked" >> "$0.log"; exec "$@"')
    write_tool(tools / "apt-get", f'echo "$*" >> "$0.log"; cp "${{@: -1}}" {tmp_path}/got.deb')
    monkeypatch.setenv("PATH", f"{tools}:{os.environ['PATH']}")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    return tools


def write_tool(path: Path, body: str) -> None:
    path.write_text(f"#!/bin/bash\n{body}\n")
    path.chmod(0o755)


def test_a_deb_package_is_installed_by_apt_when_the_user_allows_it(tools: Path, tmp_path: Path) -> None:
    package = deb(tmp_path)
    install(package, "2.0.0")
    assert (tools / "pkexec.log").read_text() == "asked\n"
    assert (tools / "apt-get.log").read_text().startswith("install --yes --no-remove")
    assert (tmp_path / "got.deb").read_bytes() == package.getvalue()
    failed = tmp_path / "cache" / ME.identifier / "update" / "failed"
    failed.parent.mkdir(parents=True, exist_ok=True)
    failed.write_text("2.0.0")
    with pytest.raises(CommandError, match=r"2\.0\.0 was installed before and did not reach its first page"):
        install(package, "2.0.0")


def test_a_user_who_does_not_allow_it_and_an_apt_that_fails_are_told(tools: Path, tmp_path: Path) -> None:
    package = deb(tmp_path)
    write_tool(tools / "pkexec", "exit 126")
    with pytest.raises(CommandError, match="the user did not allow the installation"):
        install(package, "2.0.0")
    assert list((tmp_path / "cache").rglob("*.deb")) == []
    write_tool(tools / "pkexec", 'exec "$@"')
    write_tool(tools / "apt-get", "echo E: broken packages >&2; exit 100")
    with pytest.raises(CommandError, match="apt-get failed with status 100: E: broken packages"):
        install(package, "2.0.0")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"Version": "1.5.0"}, "has Version 1.5.0, and 2.0.0 is wanted"),
        ({"Package": "other"}, "has Package other, and notes is wanted"),
        ({"Architecture": "m68k"}, "has Architecture m68k"),
    ],
)
def test_another_package_is_not_handed_to_apt(tools: Path, tmp_path: Path, fields: dict[str, str], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        install(deb(tmp_path, **fields), "2.0.0")
    assert not (tools / "pkexec.log").exists()


def test_a_full_disk_rejects_and_an_installed_package_that_cannot_be_watched_does_not(
    tools: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = deb(tmp_path)

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(shutil, "copyfileobj", full)
        with pytest.raises(CommandError, match="cannot be installed: No space left on device"):
            install(package, "2.0.0")
    monkeypatch.setattr(Kept, "make", lambda *_: None)  # it has left no package, so that there is nothing to watch
    install(package, "2.0.0")
    assert (tmp_path / "got.deb").read_bytes() == package.getvalue()


def test_what_is_no_deb_package_is_not_handed_to_apt(tools: Path) -> None:
    for data, said in ((b"MZ", "and the update is none"), (b"!<arch>\nnothing", "the package is damaged")):
        with pytest.raises(CommandError, match=said):
            install(io.BytesIO(data), "2.0.0")
    assert not (tools / "pkexec.log").exists()
