"""`transom.testing.window`: an application in its real windows, driven by WebKitWebDriver."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.requirements import ROOT, needs_selenium, needs_web_driver, needs_webkitgtk
from transom import generate_context
from transom.cli._new import new
from transom.errors import RuntimeUnavailable
from transom.testing import replay, running
from transom.testing.window import driver


@pytest.mark.filterwarnings("ignore:setting remote_server_addr:DeprecationWarning")  # Selenium warns of itself
def test_the_example_of_the_documentation_drives_a_window(
    display: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    needs_webkitgtk()
    needs_web_driver("WebKitWebDriver")
    needs_selenium()
    new(tmp_path / "app", "single")
    monkeypatch.chdir(tmp_path / "app")
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("TRANSOM_DEV", "1")
    monkeypatch.setenv("TRANSOM_RECORD", str(tmp_path / "session.jsonl"))
    text = (ROOT / "docs/testing.md").read_text("utf-8")
    [example] = [code for code in re.findall(r"```py\n(.*?)```", text, re.DOTALL) if "testing.window" in code]
    names: dict[str, Any] = {}
    exec(compile(example, "docs/testing.md", "exec"), names)
    names["test_it_greets_in_a_window"]()

    # What was done in the window is a test without one from now on.
    monkeypatch.delenv("TRANSOM_RECORD")
    import importlib.util

    spec = importlib.util.spec_from_file_location("application_of_the_window", tmp_path / "app" / "app.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert '"resolve":"Hello, Ada! This is Python."' in (tmp_path / "session.jsonl").read_text("utf-8")
    with running(module.builder(), generate_context(tmp_path / "app")) as app:
        replay(app, tmp_path / "session.jsonl", ignore=["plugin:window|*"])


def test_a_driver_is_let_in_only_where_it_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new(tmp_path / "app", "vanilla")
    assert generate_context(tmp_path / "app", development=True).automation is False
    monkeypatch.setenv("TRANSOM_AUTOMATION", "1")
    assert generate_context(tmp_path / "app").automation is True
    assert generate_context(tmp_path / "app", automation=False).automation is False
    monkeypatch.setattr("sys.frozen", True, raising=False)
    assert generate_context(tmp_path / "app").automation is False
    assert generate_context(tmp_path / "app", automation=True).automation is True


def test_a_session_is_recorded_in_development_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new(tmp_path / "app", "vanilla")
    monkeypatch.setenv("TRANSOM_RECORD", "session.jsonl")
    assert generate_context(tmp_path / "app", development=False).recording is None
    assert generate_context(tmp_path / "app", development=True).recording == Path("session.jsonl")


def test_a_machine_without_the_driver_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RuntimeUnavailable, match="sudo apt install webkit2gtk-driver"), driver("app.py"):
        pass
