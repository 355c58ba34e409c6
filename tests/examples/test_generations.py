"""The example with a window of each generation, with the npm packages that it names."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conformance.application import Program
from tests.requirements import NODE_MODULES, ROOT, needs_chromium, needs_node, needs_npm_package, needs_webkitgtk

EXAMPLE = ROOT / "examples" / "generations"
# Name in the example -> the same package of the tests.
PACKAGES = {"@tauri-apps/api": "@tauri-apps/api", "tauri": "tauri-0.15", "tauri-api-1": "tauri-api-1.6"}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the example as its `npm run build` does."""
    folder = tmp_path_factory.mktemp("generations") / "example"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("node_modules", "dist"))
    needs_npm_package("esbuild")
    modules = folder / "node_modules"
    (modules / "@tauri-apps").mkdir(parents=True)
    for name, package in PACKAGES.items():
        (modules / name).symlink_to(needs_npm_package(package), target_is_directory=True)
    build = json.loads((folder / "package.json").read_text("utf-8"))["scripts"]["build"]
    path = f"{NODE_MODULES / '.bin'}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(["sh", "-c", build], cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, text=True, timeout=120, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder


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
