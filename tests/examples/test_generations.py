"""The example with a window of each generation, with the npm packages that it names."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conformance.application import Program
from tests.examples.generations import EXAMPLE, PACKAGES, build_generations
from tests.requirements import NODE_MODULES, needs_chromium, needs_node, needs_npm_package, needs_webkitgtk


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the example as its `npm run build` does."""
    return build_generations(tmp_path_factory.mktemp("generations") / "example")


def test_the_example_names_the_packages_that_are_tested() -> None:
    named = json.loads((EXAMPLE / "package.json").read_text("utf-8"))["dependencies"]
    installed = {
        name: json.loads((needs_npm_package(package) / "package.json").read_text("utf-8"))["version"]
        for name, package in PACKAGES.items()
    }
    assert {name: version.rpartition("@")[2] for name, version in named.items()} == installed


def test_the_windows_of_three_generations_hear_each_other(project: Path, display: str) -> None:
    needs_webkitgtk()
    environment = {**os.environ, "DISPLAY": display, "GDK_BACKEND": "x11", "TRANSOM_RUNTIME": "webkitgtk"}
    environment.pop("WAYLAND_DISPLAY", None)
    command = [sys.executable, project / "generations.py", "--check"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=150, check=False)
    assert (done.stdout, done.returncode) == ("generations: ok\n", 0), done.stderr


def test_the_tabs_of_three_generations_hear_each_other(project: Path) -> None:
    needs_npm_package("playwright-core")
    command = [sys.executable, project / "generations.py", "--check"]
    with Program(command, {"TRANSOM_RUNTIME": "web"}) as application:
        browser = [needs_node(), NODE_MODULES.parent / "browser_client.mjs", needs_chromium(), application.address()]
        with Program(browser) as tabs:
            assert (application.line(150), application.status()) == ("generations: ok\n", 0)
            tabs.close_input()
            tabs.status()
