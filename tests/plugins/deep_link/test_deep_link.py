from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.mock_app import context
from tests.plugins.guests import guests
from tests.plugins.windowed import windowed
from tests.requirements import needs_linux, needs_xdg_mime
from transom.app import Builder
from transom.errors import CommandError, ConfigError
from transom.plugins import deep_link
from transom.plugins.deep_link._links import DeepLinks, schemes_of

needs_linux()
PACKAGE = "@tauri-apps/plugin-deep-link"
CONFIG = {"deep-link": {"desktop": {"schemes": ["mine", "my.other-app"]}, "mobile": []}}
PERMISSIONS = [f"deep-link:allow-{name}" for name in ("get-current", "register", "unregister", "is-registered")]


@pytest.mark.parametrize(
    ("arguments", "current"),
    [
        (["app", "mine://a/b?c=d#e"], ["mine://a/b?c=d#e"]),
        (["app", "MINE:x"], ["MINE:x"]),
        (["app", "mine://a", "more"], None),
        (["app"], None),
        (["app", "other://a"], None),
        (["app", "mine"], None),
        (["app", "mine://a b"], None),
        (["app", "mine://a\nb"], None),
        (["app", "mine://" + "a" * 70_000], None),
        (["app", "--flag"], None),
    ],
)
def test_an_address_alone_opens_the_application(arguments: list[str], current: Any) -> None:
    app = Builder().build(context("main"), "mock")
    links = DeepLinks(app.handle(), {"mine"})
    assert links.open(arguments) is (current is not None)
    assert links.current == current


@pytest.mark.parametrize(
    "raw", [{"desktop": {"schemes": ["https"]}}, {"desktop": {"schemes": ["My App"]}}, {"desktop": 5}, []]
)
def test_a_wrong_scheme_of_the_configuration_is_an_error(raw: Any) -> None:
    with pytest.raises(ConfigError, match=r"plugins\.deep-link in the configuration"):
        schemes_of(raw)


def test_the_configuration_may_have_a_list() -> None:
    assert schemes_of({"desktop": [{"schemes": ["one"]}, {"schemes": ["two"]}]}) == {"one", "two"}
    assert schemes_of(None) == frozenset()


SCRIPT = """
const query = () => outside('xdg-mime', 'query', 'default', 'x-scheme-handler/mine');
const steps = [await plugin.getCurrent(), await plugin.isRegistered('mine')];
await plugin.register('mine');
await plugin.register('my.other-app');
steps.push(await plugin.isRegistered('mine'), (await query()).trim(), await outside('cat', FILE));
await plugin.unregister('mine');
steps.push(await plugin.isRegistered('mine'), await plugin.isRegistered('my.other-app'));
await plugin.unregister('my.other-app');
steps.push(await outside('ls', FOLDER));
steps.push(await plugin.register('https').catch((error) => error), await plugin.register('x;y').catch((error) => error));
return steps;
"""


def test_the_npm_package_registers_schemes_with_the_desktop(tmp_path: Path, display: str) -> None:
    needs_xdg_mime()
    environ = {"XDG_CONFIG_HOME": str(tmp_path / "config"), "XDG_DATA_HOME": str(tmp_path / "data")}
    (tmp_path / "config").mkdir()
    folder = tmp_path / "data" / "applications"
    file = folder / "app.transom.windowed-handler.desktop"
    script = SCRIPT.replace("FILE", f"'{file}'").replace("FOLDER", f"'{folder}'")
    result = windowed(
        tmp_path / "app", display, PACKAGE, script, permissions=PERMISSIONS, config=CONFIG, environ=environ
    )
    assert result[:4] == [None, False, True, "app.transom.windowed-handler.desktop"]
    lines = result[4].splitlines()
    assert "MimeType=x-scheme-handler/mine;x-scheme-handler/my.other-app;" in lines
    assert next(line for line in lines if line.startswith("Exec=")).endswith('" %u')
    assert result[5:7] == [False, True]
    assert "handler.desktop" not in result[7]
    assert all("is not a scheme of this application" in said for said in result[8:])


def test_in_a_browser_nothing_is_registered(tmp_path: Path) -> None:
    with guests(tmp_path, deep_link.init(), permissions=PERMISSIONS, packages=[PACKAGE], plugins=CONFIG) as page:
        assert page.run(PACKAGE, "return await plugin.getCurrent()") is None
        assert page.fails(PACKAGE, "await plugin.register('mine')")["kind"] == "unsupported"


def test_the_desktop_file_is_valid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    needs_xdg_mime()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    deep_link._plugin.Registration("org.example.app", "My\nApp").register("mine")
    file = tmp_path / "applications" / "org.example.app-handler.desktop"
    assert "Name=My App\n" in file.read_text()
    checker = shutil.which("desktop-file-validate")
    if checker is not None:
        assert subprocess.run([checker, file], capture_output=True, text=True, check=False).stdout == ""


def test_the_choices_of_other_programs_stay_as_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    others = b"[Default Applications]\ntext/plain=caf\xe9.desktop\n"
    mine = b"x-scheme-handler/mine=org.example.app-handler.desktop\n"
    file = tmp_path / "mimeapps.list"
    file.write_bytes(others + mine)
    registration = deep_link._plugin.Registration("org.example.app", "My App")

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(CommandError, match="No space left on device"):
            registration.unregister("mine")
    assert file.read_bytes() == others + mine
    registration.unregister("mine")
    assert file.read_bytes() == others


def test_a_program_of_the_desktop_that_hangs_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tool = tmp_path / "xdg-mime"
    tool.write_text("#!/bin/sh\nexec tail -f /dev/null\n")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr("transom.plugins.deep_link._desktop._SECONDS", 0.01)
    with pytest.raises(CommandError, match="`xdg-mime` did not answer"):
        deep_link._plugin.Registration("org.example.app", "My App").is_registered("mine")
