"""`transom build` checks permissions and bindings after the front end is built, and before it makes anything."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from transom.cli import main

PROGRAM = """
from transom import Builder, CommandError, command, generate_context, generate_handler

class Gone(CommandError):
    name: str

@command(raises=(Gone,))
def greet(name: str) -> str:
    return name

def main() -> None:
    Builder().invoke_handler(generate_handler(greet)).run(generate_context())

if __name__ == "__main__":
    main()
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "ui").mkdir()
    (tmp_path / "ui" / "index.html").write_text("<!doctype html>")
    (tmp_path / "app.py").write_text(PROGRAM)
    config = {"productName": "Notes", "version": "1.0.0", "identifier": "org.example.notes"}
    (tmp_path / "tauri.conf.json").write_text(json.dumps({**config, "build": {"frontendDist": "ui"}}))
    return tmp_path


def built(project: Path) -> int:
    return main(["build", str(project / "app.py"), "-b", "sdist"])


@pytest.mark.slow
@pytest.mark.parametrize("options", [[], ["--result"]])
def test_bindings_that_are_older_than_the_commands_end_the_build(
    project: Path, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    module = project / "src" / "bindings.ts"
    assert main(["bindings", str(project / "app.py"), "--out", str(module), *options]) == 0
    assert built(project) == 0
    sdist = Path(capsys.readouterr().out.split()[-1])
    assert sdist.is_file()
    sdist.unlink()
    (project / "app.py").write_text(PROGRAM.replace("name: str) -> str", "name: str, times: int) -> str"))
    assert built(project) == 1
    said = capsys.readouterr().err
    assert f"the bindings {module} do not match the commands of app.py" in said
    assert f"run: transom bindings {project / 'app.py'} --out {module}{' --result' if options else ''}" in said
    assert not sdist.exists()
    other = project / "node_modules" / "a" / "bindings.ts"
    other.parent.mkdir(parents=True)
    module.rename(other)  # of a package, not of this project
    assert built(project) == 0


def test_a_command_before_the_build_may_make_them(project: Path) -> None:
    module = project / "bindings.ts"
    module.write_text("// Made by `transom bindings` from the commands of the application.\nold")
    assert built(project) == 1
    file = project / "tauri.conf.json"
    config = json.loads(file.read_text())
    config["build"]["beforeBuildCommand"] = f"{sys.executable} -m transom.cli bindings app.py --out bindings.ts"
    file.write_text(json.dumps(config))
    assert built(project) == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            '{"identifier": "a", "windows": ["main"], "permissions": ["core:windo:default"]}',
            "did you mean `core:window`",
        ),
        ('{"identifier": "a", "windows": ["main"], "permissions": ["allow-gret"]}', "allow-greet"),
        ('{"identifier": "a",, }', "a.json"),
    ],
)
def test_a_wrong_capability_ends_the_build(
    project: Path, text: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "capabilities").mkdir()
    (project / "capabilities" / "a.json").write_text(text)
    assert built(project) == 1
    assert said in capsys.readouterr().err
    assert not (project / "target").exists()


def test_a_program_that_cannot_run_here_is_bundled_and_that_is_said(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "app.py").write_text("import argparse\nargparse.ArgumentParser().parse_args(['x'])\n" + PROGRAM)
    assert built(project) == 0
    assert "the names of permissions are not checked: " in capsys.readouterr().err
