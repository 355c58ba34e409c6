"""`transom new`: every project that it makes passes its own test; `tests/journey` builds and runs those with a bundler."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.application import Program
from tests.runtimes.browser import browser
from transom import generate_context
from transom.cli import main
from transom.cli._new import TEMPLATES, new
from transom.errors import ConfigError
from transom.testing import Rejected, running


def _greets_in_a_browser(project: Path) -> None:
    environment = {"TRANSOM_RUNTIME": "web", "DISPLAY": None, "WAYLAND_DISPLAY": None}
    with Program([sys.executable, project / "app.py"], environment) as application, browser() as chromium:
        tab = chromium.tab()
        tab.goto(application.address())
        tab.eval("document.querySelector('#name').focus()")
        for key in "Ada":
            tab.do("press", key)
        tab.do("press", "Enter")
        tab.wait("document.querySelector('#answer').value !== ''")
        assert tab.eval("document.querySelector('#answer').value") == "Hello, Ada! This is Python."
        for _ in "Ada":
            tab.do("press", "Backspace")
        tab.do("press", "Enter")
        tab.wait("document.querySelector('#answer').value === 'Enter a name.'")
        assert [line for line in tab.do("said") if line.startswith("error")] == []


@pytest.mark.parametrize("template", [name for name in TEMPLATES if not name.endswith("-ts")])
def test_a_project_without_a_bundler_runs_as_it_is(tmp_path: Path, template: str) -> None:
    project = tmp_path / "word-count"
    new(project, template)
    _greets_in_a_browser(project)


@pytest.mark.slow
@pytest.mark.parametrize("template", TEMPLATES)
def test_a_project_is_whole(tmp_path: Path, template: str) -> None:
    project = tmp_path / "word-count"
    made = set(map(str, new(project, template)))
    assert {str(path.relative_to(project)) for path in project.rglob("*") if path.is_file()} == made
    assert {"app.py", "test_app.py", "tauri.conf.json", "pyproject.toml", "README.md", ".gitignore"} <= made
    texts = {path: (project / path).read_text("utf-8") for path in made}
    assert [path for path, text in texts.items() if "{{" in text] == []
    config = generate_context(project).config
    assert (config.product_name, config.identifier) == ("Word count", "com.example.word-count")
    assert json.loads(texts["capabilities/default.json"])["permissions"] == ["core:default", "allow-greet"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q"], cwd=project, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_new_command_of_a_project_needs_its_permission_and_the_denial_is_enough_to_add_it(
    tmp_path: Path, template: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    new(tmp_path / "app", template)
    monkeypatch.setenv("TRANSOM_DEV", "1")
    program = (tmp_path / "app" / "app.py").read_text("utf-8").replace("(greet)", "(greet, leave)")
    program = program.replace("def builder(", "@command\ndef leave() -> int:\n    return 7\n\n\ndef builder(")
    scope: dict[str, Any] = {"__name__": "app"}
    exec(compile(program, "app.py", "exec"), scope)
    with running(scope["builder"](), generate_context(tmp_path / "app")) as app:
        assert app.page.invoke("greet", name="Ada") == "Hello, Ada! This is Python."
        with pytest.raises(Rejected) as denied:
            app.page.invoke("leave")
    text = str(denied.value)
    assert text.endswith('add to the list `permissions` in capabilities/default.json:5:\n\n    "allow-leave"'), text
    file = tmp_path / "app" / "capabilities" / "default.json"
    lines = file.read_text("utf-8").splitlines()
    lines[4] = lines[4].replace("]", ', "allow-leave"]')
    file.write_text("\n".join(lines), "utf-8")
    with running(scope["builder"](), generate_context(tmp_path / "app")) as app:
        assert app.page.invoke("leave") == 7


def test_the_command_line_says_what_to_run_next(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", str(tmp_path / "word-count"), "--template", "vanilla-ts"]) == 0
    printed = capsys.readouterr().out
    assert str(tmp_path / "word-count" / "app.py") in printed
    assert printed.endswith(f"cd {tmp_path / 'word-count'}\n  npm install\n  npm run build\n  python app.py\n")


@pytest.mark.parametrize(("name", "project"), [("My App", "my-app"), ("word_count", "word-count"), ("app2", "app2")])
def test_the_folder_gives_the_project_its_name(tmp_path: Path, name: str, project: str) -> None:
    new(tmp_path / name, "single")
    assert generate_context(tmp_path / name).config.identifier == f"com.example.{project}"


@pytest.mark.parametrize("name", ["Ä!", "-app", "app-", "a..b", "{{name}}"])
def test_a_name_that_cannot_be_an_identifier_is_refused_and_nothing_is_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match="use letters, digits and hyphens"):
        new(tmp_path / name, "single")
    assert not (tmp_path / name).exists()


def test_a_folder_that_is_not_empty_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", "utf-8")
    with pytest.raises(ConfigError, match="is not empty"):
        new(tmp_path, "single")
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(ConfigError, match="the project cannot be written to .*: Not a directory"):
        new(tmp_path / "file" / "app", "single")


# Without a name


def _on_a_terminal(folder: Path, answers: str) -> tuple[int, str]:
    """Run `transom new` on a pseudo-terminal, and return the exit status and what it printed."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "transom.cli", "new"]
    with subprocess.Popen(command, cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        os.write(ours, answers.encode())
        printed = b""
        with suppress(OSError):  # Linux tells so of the end
            while data := os.read(ours, 4096):
                printed += data
        status = process.wait(30)
    os.close(ours)
    return status, printed.decode().replace("\r\n", "\n")


def test_on_a_terminal_it_asks_for_the_name_and_the_template(tmp_path: Path) -> None:
    status, printed = _on_a_terminal(tmp_path, "-wrong-\nword-count\n9\n2\n")
    assert status == 0, printed
    for part in ("Name of the project [my-app]: ", "cannot name a project", "  2  vanilla ", "'9' is not a template"):
        assert part in printed
    assert (tmp_path / "word-count" / "ui" / "index.html").is_file()


def test_the_first_template_and_a_name_are_offered_and_an_end_makes_nothing(tmp_path: Path) -> None:
    assert _on_a_terminal(tmp_path, "\n\n")[0] == 0
    assert (tmp_path / "my-app" / "index.html").is_file()
    status, printed = _on_a_terminal(tmp_path, "other\n\x04")
    assert (status, "nothing was made" in printed) == (1, True)
    assert [path.name for path in tmp_path.iterdir()] == ["my-app"]


def test_in_a_pipe_it_says_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["new", "--template", "vanilla"])
    assert ended.value.code == 2
    assert "name the project, because there is no terminal to ask on: transom new NAME" in capsys.readouterr().err
