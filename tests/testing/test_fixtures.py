"""The fixtures of `transom.testing.fixtures`, in a project of its own."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.requirements import ROOT
from transom.cli._new import new


@pytest.fixture
def project(tmp_path: Path) -> Path:
    new(tmp_path / "word-count", "single")
    (tmp_path / "word-count" / "test_app.py").unlink()
    return tmp_path / "word-count"


def outcome(project: Path, text: str, *plugins: str) -> tuple[dict[str, int], str]:
    """Run a test file in the project; return how many tests had which outcome, and the output."""
    (project / "test_page.py").write_text(text, "utf-8")
    options = [word for plugin in ("transom.testing.fixtures", *plugins) for word in ("-p", plugin)]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options],
        cwd=project,
        # The plugins that are named, and no other one that is installed here.
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{project}"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    words = done.stdout.strip().splitlines()[-1].replace(",", "").split()
    return {kind: int(number) for number, kind in itertools.pairwise(words) if number.isdigit()}, done.stdout


def test_a_test_asks_for_the_page_of_the_project(project: Path) -> None:
    found, printed = outcome(
        project,
        """
import pytest
from transom.testing import Rejected

def test_it_greets(page):
    assert page.invoke("greet", name="Ada") == "Hello, Ada! This is Python."

def test_it_needs_a_name(app):
    with pytest.raises(Rejected, match="Enter a name"):
        app.page.invoke("greet", name=" ")

def test_it_has_the_configuration_of_the_project(transom_app):
    assert transom_app.handle.config().identifier == "com.example.word-count"
""",
    )
    assert found["passed"] == 3, printed


def test_a_test_replaces_the_application_and_its_state(project: Path) -> None:
    found, printed = outcome(
        project,
        """
import pytest
from transom import Builder, State, command, generate_handler

@command
def count(words: State[list]) -> int:
    return len(words)

@pytest.fixture
def transom_builder():
    return Builder().manage(["one", "two"]).invoke_handler(generate_handler(count))

@pytest.fixture
def transom_context():  # the project's capability names a command that this application does not have
    return None

def test_it_counts(page):
    assert page.invoke("count") == 2

class TestOthers:
    @pytest.fixture
    def transom_options(self):
        return {"state": {list: ["one"]}, "permissions": []}

    def test_it_counts_what_the_options_have(self, page):
        assert page.invoke("count") == 1
""",
    )
    assert found["passed"] == 2, printed


def test_a_project_without_a_builder_is_told_what_to_write(project: Path) -> None:
    (project / "app.py").write_text("", "utf-8")
    found, printed = outcome(project, "def test_it(page):\n    pass\n")
    assert found == {"error": 1} or found.get("error") == 1, printed
    assert "app.py has no function `builder`" in printed


def test_the_page_of_playwright_keeps_its_name(project: Path) -> None:
    (project / "playwright.py").write_text(
        "import pytest\n@pytest.fixture\ndef page():\n    return 'theirs'\n", "utf-8"
    )
    found, printed = outcome(
        project,
        "def test_it(page, transom_page):\n    assert page == 'theirs' and transom_page.invoke('greet', name='A')\n",
        "playwright",
    )
    assert found["passed"] == 1, printed


def test_pytest_finds_the_fixtures_of_an_installed_transom() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["entry-points"]["pytest11"] == {"transom": "transom.testing.fixtures"}


def test_pytest_starts_without_the_rest_of_transom() -> None:
    code = "import sys, transom.testing.fixtures; print([n for n in sys.modules if n.startswith('transom.runtimes')])"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout == "[]\n"
