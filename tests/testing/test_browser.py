"""`transom.testing.browser`: an application for a real browser."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.requirements import ROOT, needs_chromium, needs_playwright, needs_selenium, needs_web_driver
from transom.cli._new import new
from transom.testing.browser import served


def _example(word: str) -> dict[str, Any]:
    """Run the example of the documentation with this word, and return its names."""
    text = (ROOT / "docs/testing.md").read_text("utf-8")
    [example] = [code for code in re.findall(r"```py\n(.*?)```", text, re.DOTALL) if word in code]
    names: dict[str, Any] = {}
    exec(compile(example, "docs/testing.md", "exec"), names)
    return names


def test_the_example_of_the_documentation_drives_a_browser_by_playwright(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chromium, playwright = needs_chromium(), needs_playwright()
    new(tmp_path / "app", "single")
    monkeypatch.chdir(tmp_path / "app")
    with playwright.sync_playwright() as driver:
        # In a project, pytest-playwright hands the page to the test.
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-dev-shm-usage"])
        _example("page.goto(address)")["test_it_greets"](browser.new_page())
        browser.close()


def test_a_program_that_fails_says_why(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("raise SystemExit('no licence')", "utf-8")
    with pytest.raises(RuntimeError, match="no licence"), served(tmp_path / "app.py"):
        pass


def test_a_program_that_serves_nothing_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("print('busy'); import threading; threading.Event().wait()", "utf-8")
    with pytest.raises(TimeoutError, match="no address came"), served(tmp_path / "app.py", timeout=0.5):
        pass


def test_the_example_of_the_documentation_drives_a_browser_by_webdriver(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chromium, chromedriver, webdriver = needs_chromium(), needs_web_driver("chromedriver"), needs_selenium()
    new(tmp_path / "app", "single")
    monkeypatch.chdir(tmp_path / "app")
    names = _example("ChromeOptions")
    chrome = webdriver.Chrome

    def this_chrome(options: Any) -> Any:  # Selenium would look for the newest one on the network
        options.binary_location = chromium
        options.add_argument("--no-sandbox")
        options.add_argument("--disable-dev-shm-usage")
        return chrome(options=options, service=webdriver.ChromeService(chromedriver))

    monkeypatch.setattr(webdriver, "Chrome", this_chrome)
    names["test_it_greets_in_a_browser"]()
