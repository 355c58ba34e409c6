"""Formats whose tools a machine may lack: what is handed to the tools is checked, with tools of the test's own."""

from __future__ import annotations

import configparser
import json
import os
import re
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest

from tests.bundler.project import write_project
from transom.bundler import BundlePlan, plan_of, write_workflow
from transom.bundler._appimage import make_appimage
from transom.bundler._archive import make_archive
from transom.bundler._build import targets_of
from transom.bundler._container import make_container
from transom.bundler._explain import explain
from transom.bundler._flatpak import make_flatpak
from transom.errors import AuthorError, ConfigError
from transom.project import load_config


def plan(folder: Path, **bundle: Any) -> BundlePlan:
    program = write_project(folder, **bundle)
    return plan_of(load_config(folder), program)


@pytest.fixture
def frozen(tmp_path: Path) -> Path:
    """Return a folder as PyInstaller makes it."""
    folder = tmp_path / "frozen"
    (folder / "_internal" / "ui").mkdir(parents=True)
    (folder / "sample-notes").write_bytes(b"\x7fELF" + bytes(3_000_000))
    (folder / "_internal" / "ui" / "index.html").write_bytes(bytes(1_000_000))
    (folder / "_internal" / "libpython3.13.so.1.0").write_bytes(bytes(5_000_000))
    (folder / "_internal" / "libssl.so.3").write_bytes(bytes(500_000))
    (folder / "_internal" / "msgspec").mkdir()
    (folder / "_internal" / "msgspec" / "_core.so").write_bytes(bytes(400_000))
    return folder


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of programs in front of a PATH with nothing but a shell's own."""
    folder = tmp_path / "tools"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}/usr/bin{os.pathsep}/bin")
    return folder


def write_tool(path: Path, body: str) -> None:
    path.write_text(f"#!/bin/bash\n{body}\n")
    path.chmod(0o755)


def test_an_appimage_is_made_of_a_folder_with_program_entry_and_icon(tools: Path, frozen: Path, tmp_path: Path) -> None:
    write_tool(
        tools / "appimagetool",
        f'cp -a "$2" {tmp_path}/seen; cp "$2/AppRun" "$3"; echo "$ARCH $VERSION" > {tmp_path}/as',
    )
    made = make_appimage(plan(tmp_path / "project"), frozen)
    assert made.name == f"sample-notes_1.2.0_{os.uname().machine}.AppImage"
    assert os.access(made, os.X_OK)
    seen = tmp_path / "seen"
    assert (seen / "AppRun").resolve() == seen / "usr" / "lib" / "sample-notes" / "sample-notes"
    entry = configparser.ConfigParser(interpolation=None)
    entry.read(seen / "org.example.samplenotes.desktop")
    assert (seen / f"{entry['Desktop Entry']['Icon']}.png").is_file()
    assert (tmp_path / "as").read_text() == f"{os.uname().machine} 1.2.0\n"
    write_tool(tools / "appimagetool", "echo no space >&2; exit 1")
    made.unlink()
    with pytest.raises(AuthorError, match="appimagetool failed with status 1: no space"):
        make_appimage(plan(tmp_path / "second"), frozen)


def test_an_appimage_needs_its_tool_and_an_icon(
    tools: Path, frozen: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tools))
    project = plan(tmp_path / "project", icon=[], targets=["appimage", "deb"])
    with pytest.raises(AuthorError, match="needs appimagetool"):
        make_appimage(project, frozen)
    lines: list[str] = []
    assert targets_of(project.config, (), lines.append) == ("deb",)
    assert lines == ["bundle.targets: appimage is left out, as appimagetool is not on this machine"]
    write_tool(tools / "appimagetool", "exit 0")
    with pytest.raises(AuthorError, match="needs an icon"):
        make_appimage(project, frozen)


def test_a_flatpak_manifest_names_files_that_are_there(
    tools: Path, frozen: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tools))
    made = make_flatpak(plan(tmp_path / "project"), frozen)
    assert made.name == "org.example.samplenotes.json"
    manifest = json.loads(made.read_text())
    [module] = manifest["modules"]
    files = made.parent / module["sources"][0]["path"]
    assert os.access(files / "usr" / "bin" / manifest["command"], os.X_OK)
    assert manifest["id"] == "org.example.samplenotes"
    share = files / "usr" / "share"
    assert (share / "icons/hicolor/128x128/apps/org.example.samplenotes.png").is_file()
    entry = (share / "applications/org.example.samplenotes.desktop").read_text()
    assert "\nIcon=org.example.samplenotes\n" in entry
    # Flatpak exports only what has the application's name.
    exported = [
        path.name
        for kind in ("applications", "metainfo", "icons")
        for path in (share / kind).rglob("*.*")
        if path.is_file()
    ]
    assert all(name.startswith("org.example.samplenotes") for name in exported)
    assert not [word for word in manifest["finish-args"] if word.startswith("--filesystem")]


def test_an_identifier_that_flatpak_refuses_is_named(frozen: Path, tmp_path: Path) -> None:
    program = write_project(tmp_path / "project")
    file = program.parent / "tauri.conf.json"
    file.write_text(file.read_text().replace("org.example.samplenotes", "org.my-notes"))
    with pytest.raises(ConfigError, match="identifier: Flatpak takes three names"):
        make_flatpak(plan_of(load_config(program.parent), program), frozen)


def test_flatpak_builder_is_used_where_it_is(tools: Path, frozen: Path, tmp_path: Path) -> None:
    write_tool(tools / "flatpak-builder", 'mkdir repo; echo "$*" > said')
    write_tool(tools / "flatpak", 'touch "$3"')
    made = make_flatpak(plan(tmp_path / "project"), frozen)
    assert made.name == "sample-notes.flatpak"
    assert (made.parent / "said").read_text().endswith("build org.example.samplenotes.json\n")
    write_tool(tools / "flatpak-builder", "echo No remote refs found >&2; exit 1")
    with pytest.raises(
        AuthorError, match=r"(?s)No remote refs found.*samplenotes\.json; org\.gnome\.Platform .*`flathub`"
    ):
        make_flatpak(plan(tmp_path / "second"), frozen)


# Instructions of https://docs.docker.com/reference/dockerfile/ that a file of ours may have.
INSTRUCTIONS = {"FROM", "COPY", "RUN", "USER", "ENV", "EXPOSE", "HEALTHCHECK", "CMD"}


def test_a_containerfile_runs_the_wheel_as_a_user_without_rights(tools: Path, tmp_path: Path) -> None:
    for name in ("podman", "buildah", "docker"):
        write_tool(tools / name, "exit 1")  # a builder without its service
    project = plan(tmp_path / "project")
    project.program.write_text("from transom import Builder\nbuilder = Builder()\n")
    file = make_container(project)
    lines = [line for line in file.read_text().splitlines() if line and not line.startswith("#")]
    words = [line.split()[0] for line in lines]
    assert set(words) == INSTRUCTIONS
    assert words[0] == "FROM"
    assert ":" in lines[0]  # a tag
    assert words.index("USER") < words.index("CMD")
    copied = next(line.split()[1:-1] for line in lines if line.startswith("COPY"))
    assert all((file.parent / name).is_file() for name in copied)
    assert (file.parent / "requirements.txt").read_text() == "transom\n"
    command = json.loads(next(line for line in lines if line.startswith("CMD")).removeprefix("CMD "))
    assert command[:3] == ["transom", "serve", "sample_notes.app:builder"]
    json.loads(next(line for line in lines if line.startswith("HEALTHCHECK")).partition("CMD ")[2])
    hadolint = Path(sys.executable).with_name("hadolint")
    done = subprocess.run([hadolint, file], capture_output=True, text=True, check=False, timeout=120)
    assert done.stdout == ""
    assert done.returncode == 0


def test_a_container_is_built_where_a_builder_works(tools: Path, tmp_path: Path) -> None:
    project = plan(tmp_path / "project")
    with pytest.raises(ConfigError, match="give app.py a global name `builder`"):
        make_container(project)
    project.program.write_text("from transom import Builder\nbuilder = Builder()\n")
    write_tool(tools / "podman", f'echo "$PWD $*" >> {tmp_path}/said')
    file = make_container(project)
    assert (tmp_path / "said").read_text().splitlines()[1] == (
        f"{file.parent} build --file Containerfile --tag sample-notes:1.2.0 ."
    )


def test_a_builder_that_does_not_answer_is_left_out(
    tools: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = plan(tmp_path / "project")
    project.program.write_text("builder = 1\n")
    monkeypatch.setattr("transom.bundler._container._SECONDS", 0.01)
    for name in ("podman", "buildah", "docker"):
        write_tool(tools / name, "exec tail -f /dev/null")
    assert make_container(project).name == "Containerfile"


@pytest.mark.parametrize("name", ["plain", "R&D | a\\1 b"])
def test_an_archive_comes_into_the_menu_wherever_it_lies(frozen: Path, tmp_path: Path, name: str) -> None:
    with tarfile.open(make_archive(plan(tmp_path / "project"), frozen)) as archive:
        archive.extractall(tmp_path / name, filter="data")
    home = tmp_path / name / "sample-notes-1.2.0"
    environment = {**os.environ, "XDG_DATA_HOME": str(tmp_path / "data")}
    subprocess.run([home / "install.sh"], env=environment, check=True, timeout=60)
    entry = tmp_path / "data" / "applications" / "org.example.samplenotes.desktop"
    assert f'Exec="{home}/sample-notes" %u' in entry.read_text().splitlines()


def test_a_bundle_is_explained_part_by_part(frozen: Path, tmp_path: Path) -> None:
    lines = list(explain(plan(tmp_path / "project"), frozen))
    parts = [line.split(": ")[0].split(maxsplit=1) for line in lines[:-1]]
    assert [(name, float(size)) for size, name in parts] == [
        ("Python", 5.0),
        ("the program's modules", 3.0),
        ("ui (project)", 1.0),
        ("libssl.so", 0.5),
        ("msgspec", 0.4),
    ]
    assert "the project's `ui`" in lines[2]
    assert lines[-1].split()[0] == "9.9"


def test_the_workflow_of_other_systems_has_the_projects_names(tmp_path: Path) -> None:
    project = plan(tmp_path / "project")
    file = write_workflow(project, tmp_path)
    assert file == tmp_path / ".github" / "workflows" / "bundles.yml"
    text = file.read_text()
    assert "PROGRAM: project/app.py" in text
    assert '--add-data "project/ui:ui"' in text
    assert '--add-data "project/tauri.conf.json:."' in text
    assert re.findall(r"^  (\w+):$", text[text.index("\njobs:") :], re.MULTILINE) == ["linux", "windows", "macos"]
    assert "${{ secrets.TAURI_SIGNING_PRIVATE_KEY }}" in text
    assert "sample-notes_1.2.0_x64-setup.exe" in text
    assert write_workflow(project, tmp_path) == file  # the same once more
    file.write_text("mine")
    with pytest.raises(AuthorError, match="exists and is different"):
        write_workflow(project, tmp_path)
    with pytest.raises(AuthorError, match="is outside"):
        write_workflow(project, tmp_path / "other")


def test_the_program_has_the_name_of_the_configuration(tmp_path: Path) -> None:
    program = write_project(tmp_path / "project")
    file = program.parent / "tauri.conf.json"
    config = json.loads(file.read_text())
    file.write_text(json.dumps({**config, "mainBinaryName": "Notes2"}))
    project = plan_of(load_config(program.parent), program)
    assert (project.package, project.binary) == ("sample-notes", "Notes2")
    file.write_text(json.dumps({**config, "mainBinaryName": "../notes"}))
    with pytest.raises(ConfigError, match="mainBinaryName: `../notes` is not the name of a program"):
        plan_of(load_config(program.parent), program)
