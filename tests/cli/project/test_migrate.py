"""`transom migrate` on a project of Tauri 1, which is then one of Tauri 2."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.requirements import ROOT
from transom import generate_context
from transom.cli import main

VANILLA = ROOT / "tests" / "conformance" / "projects" / "vanilla_v1"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    shutil.copytree(VANILLA, tmp_path / "vanilla")
    return tmp_path / "vanilla"


def test_the_files_of_tauri_2_are_written_and_the_old_one_is_kept(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (project / "src-tauri" / "tauri.conf.json").read_bytes()
    assert main(["migrate", str(project)]) == 0
    said = capsys.readouterr().out
    assert (project / "src-tauri" / "tauri.conf.v1.json").read_bytes() == before
    context = generate_context(project)
    assert (context.config.generation, context.config.identifier) == ("2.x", "com.example.vanilla")
    (capability,) = (source.capability for source in context.access.capabilities)
    assert (capability.identifier, capability.windows) == ("migrated", ("*",))
    for part in ("tauri.conf.v1.json", "migrated.json", "add them to the program: shell", '.client("1.x")'):
        assert part in said


def test_a_disk_without_room_leaves_the_project_as_it_was(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    config = project / "src-tauri" / "tauri.conf.json"
    before, write = config.read_bytes(), Path.write_text

    def full(path: Path, text: str, *more: str) -> int:
        if path.name != config.name:
            return write(path, text, *more)
        write(path, text[:10], *more)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    assert main(["migrate", str(project)]) == 1
    assert "the files cannot be written: No space left on device" in capsys.readouterr().err
    assert config.read_bytes() == before
    assert not [path for path in project.rglob("*") if path.name in ("tauri.conf.v1.json", "migrated.json")]


def test_nothing_is_replaced_and_a_second_time_says_so(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capability = project / "src-tauri" / "capabilities" / "migrated.json"
    capability.parent.mkdir()
    capability.write_text("mine")
    assert main(["migrate", str(project)]) == 1
    assert "is there already, and is not replaced" in capsys.readouterr().err
    assert capability.read_text() == "mine"
    assert "tauri" in json.loads((project / "src-tauri" / "tauri.conf.json").read_text())
    capability.unlink()
    assert main(["migrate", str(project)]) == 0
    assert main(["migrate", str(project)]) == 0
    assert "is a configuration of Tauri 2, and is used as it is" in capsys.readouterr().out
