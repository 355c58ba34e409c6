from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.mock_app import Running, running
from tests.plugins.guests import guests
from tests.plugins.windowed import windowed
from tests.requirements import needs_linux
from transom.app import Builder
from transom.errors import CommandError
from transom.plugins import autostart
from transom.plugins.autostart import Autostart, exec_line

needs_linux()
PACKAGE = "@tauri-apps/plugin-autostart"
NASTY = ["/opt/my app/run", '--name=a"b`c$d\\e%f', "'", "ü", "", "a;b&c|d>e", "~#(*)?"]


def read_exec(line: str) -> list[str]:
    """Take the value of `Exec` apart as the Desktop Entry Specification says, without the code under test."""
    text = line.replace("\\\\", "\\")
    words, word, quoted, escaped = [], "", False, False
    for letter in text:
        if escaped:
            word, escaped = word + letter, False
        elif quoted and letter == "\\":
            escaped = True
        elif letter == '"':
            if quoted:
                words.append(word.replace("%%", "%"))
                word = ""
            quoted = not quoted
        elif quoted:
            word += letter
    return words


def test_every_argument_arrives_as_it_is() -> None:
    assert read_exec(exec_line(NASTY)) == NASTY
    with pytest.raises(CommandError, match="control character"):
        exec_line(["a\nExec=evil"])


def test_the_file_is_there_while_it_is_enabled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    start = Autostart("My/app\nX", NASTY)
    assert not start.is_enabled()
    start.enable()
    [path] = (tmp_path / "autostart").iterdir()
    assert path.name == "My-app X.desktop"
    lines = path.read_text().splitlines()
    assert lines[:2] == ["[Desktop Entry]", "Type=Application"]
    assert "Name=My/app X" in lines
    assert read_exec(next(line for line in lines if line.startswith("Exec="))[5:]) == NASTY
    assert start.is_enabled()
    path.write_text(path.read_text() + "Hidden=true\n")
    assert not start.is_enabled()
    start.disable()
    start.disable()
    assert not path.exists()


def test_a_folder_that_cannot_be_written_rejects(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "autostart").write_text("a file")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    with pytest.raises(CommandError, match="cannot be written"):
        Autostart("a", ["a"]).enable()


def test_nothing_is_left_of_a_file_for_which_there_is_no_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(CommandError, match="No space left on device"):
        Autostart("a", ["a"]).enable()
    assert list((tmp_path / "autostart").iterdir()) == []


@pytest.mark.parametrize("how", [["{script}", "-x"], ["-m", "started", "-x"], ["-W", "ignore", "{script}", "-x"]])
def test_the_program_is_started_as_it_was(tmp_path: Path, how: list[str]) -> None:
    script = tmp_path / "started.py"
    script.write_text("import json\nfrom transom.plugins.autostart import program\nprint(json.dumps(program()))")
    command = [part.replace("{script}", "started.py") for part in how]
    path = f"{tmp_path}:{Path(autostart.__file__).parents[3]}"
    done = subprocess.run(
        [sys.executable, *command], cwd=tmp_path, env={"PYTHONPATH": path}, capture_output=True, text=True, check=True
    )
    import json

    expected = [part.replace("{script}", str(script)) for part in how if part != "-x"]
    assert json.loads(done.stdout) == [sys.executable, *expected]


def test_an_appimage_is_started_itself_and_not_the_one_that_started_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = tmp_path / "My.AppImage"
    image.touch()
    monkeypatch.setenv("APPIMAGE", str(image))
    monkeypatch.setenv("APPDIR", "/")  # where this program lies
    assert autostart.program() == [str(image)]
    monkeypatch.setenv("APPDIR", str(tmp_path))  # of an editor, say, in whose terminal this program runs
    assert autostart.program()[0] == sys.executable


def test_python_has_the_same_functions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    application: Running
    with running(builder=Builder().plugin(autostart.init(["--hidden"]))) as application:
        app = application.app.handle()
        autostart.enable(app)
        assert autostart.is_enabled(app)
        [path] = (tmp_path / "autostart").iterdir()
        assert '"--hidden"' in path.read_text()
        autostart.disable(app)
        assert not autostart.is_enabled(app)


def test_the_npm_package_turns_it_on_and_off(tmp_path: Path, display: str) -> None:
    script = """
      const states = [await plugin.isEnabled()];
      await plugin.enable();
      states.push(await plugin.isEnabled(), await outside('ls', FOLDER));
      await plugin.disable();
      states.push(await plugin.isEnabled());
      return states;
    """.replace("FOLDER", f"'{tmp_path}/autostart'")
    environ = {"XDG_CONFIG_HOME": str(tmp_path)}
    permissions = ["autostart:default"]
    result = windowed(tmp_path / "app", display, PACKAGE, script, permissions=permissions, environ=environ)
    assert result == [False, True, "Windowed.desktop\n", False]


def test_in_a_browser_it_is_refused(tmp_path: Path) -> None:
    with guests(tmp_path, autostart.init(), permissions=["autostart:default"], packages=[PACKAGE]) as page:
        assert page.fails(PACKAGE, "await plugin.enable()")["kind"] == "unsupported"
