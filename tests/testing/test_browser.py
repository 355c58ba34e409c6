"""`transom.testing.browser`: an application for a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.runtimes.browser import browser
from transom.cli._new import new
from transom.testing.browser import served


def test_a_browser_drives_the_application(tmp_path: Path) -> None:
    new(tmp_path / "app", "single")
    with served(tmp_path / "app" / "app.py") as address, browser() as chromium:
        tab = chromium.tab()
        tab.goto(address)
        assert tab.eval("window.__TAURI_INTERNALS__.invoke('greet', { name: 'Ada' })") == "Hello, Ada! This is Python."


def test_a_program_that_fails_says_why(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("raise SystemExit('no licence')", "utf-8")
    with pytest.raises(RuntimeError, match="no licence"), served(tmp_path / "app.py"):
        pass


def test_a_program_that_serves_nothing_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("print('busy'); import threading; threading.Event().wait()", "utf-8")
    with pytest.raises(TimeoutError, match="no address came"), served(tmp_path / "app.py", timeout=0.5):
        pass
