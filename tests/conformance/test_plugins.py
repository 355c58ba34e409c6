"""The unmodified guest packages of official plugins, in Node.js, in a browser and in a window."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.application import Program, write_project
from tests.docs.plugin_table import plugins
from tests.requirements import (
    NODE_MODULES,
    ROOT,
    needs_chromium,
    needs_node,
    needs_npm_package,
    needs_pywebview,
    needs_watchfiles,
    needs_webkitgtk,
)
from transom.acl import WITHOUT_PACKAGE

JS = NODE_MODULES.parent
_SECONDS = 120  # for all checks together; they take 5 to 10, and longer on a busy machine
PLACES = {"node": "web", "chromium": "web", "webkitgtk": "webkitgtk", "pywebview": "pywebview"}
WINDOWS = ("webkitgtk", "pywebview")


@pytest.mark.parametrize("place", PLACES)
def test_the_guest_packages_find_what_they_expect(place: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    needs_watchfiles()
    home = tmp_path / "home"
    home.mkdir()
    environment: dict[str, str | None] = {"HOME": str(home), "PYTHONPATH": f"{ROOT}:{ROOT}/src"}
    environment |= {f"XDG_{name}_HOME": None for name in ("DATA", "CONFIG", "CACHE")}
    if place in WINDOWS:
        needs_webkitgtk()
        environment |= {"DISPLAY": request.getfixturevalue("display"), "WAYLAND_DISPLAY": None, "GDK_BACKEND": "x11"}
    if place == "pywebview":
        needs_pywebview()
        environment |= {"PYWEBVIEW_GUI": "gtk"}
    project = write_project(tmp_path / "project")
    bundled(project / "dist")
    command = [sys.executable, ROOT / "tests/conformance/plugins.py", project, PLACES[place]]
    with ExitStack() as stack:
        app = stack.enter_context(Program(command, environment))
        page = None if place in WINDOWS else stack.enter_context(page_in(place, app.address()))
        results = collected(app, page)
        if page is not None:
            page.close_input()
            page.status()
    assert {name: detail for name, detail in results.items() if detail} == {}
    assert len(results) >= 17
    logged = "".join(file.read_text("utf-8") for file in home.rglob("*.log"))
    assert all(f"{word} {index}" in logged for word in ("fine", "hm") for index in (0, 1))


def bundled(folder: Path) -> None:
    of_2_0 = [f"tauri-plugin-{name}-2.0" for name in ("log", "shell", "websocket")]
    newest = ("dialog", "fs", "http", "log", "shell", "store", "upload", "websocket")
    for package in ("esbuild", *of_2_0, *(f"@tauri-apps/plugin-{name}" for name in newest)):
        needs_npm_package(package)
    client = needs_npm_package("tauri-api-2.12")
    made = subprocess.run(
        [needs_node(), JS / "bundle.mjs", client.name, folder, "plugins"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert made.returncode == 0, made.stderr


def page_in(place: str, address: str) -> Program:
    if place == "node":
        needs_npm_package("ws")
        return Program([needs_node(), JS / "node_client.mjs", address])
    needs_npm_package("playwright-core")
    return Program([needs_node(), JS / "browser_client.mjs", needs_chromium(), address])


def collected(app: Program, page: Program | None) -> dict[str, str]:
    results: dict[str, str] = {}
    until = time.monotonic() + _SECONDS
    while True:
        try:
            message: dict[str, Any] = json.loads(app.line(max(until - time.monotonic(), 0.1)))
        except AssertionError as error:
            raise AssertionError(f"{results}\n{error}\nthe page: {page and page.errors}") from None
        if "finished" in message:
            return results
        results[message["name"]] = message["detail"]


@pytest.mark.parametrize(
    "plugin", [one for one in plugins() if one.name not in WITHOUT_PACKAGE], ids=lambda plugin: plugin.name
)
def test_every_command_that_a_package_calls_is_there(plugin: Any) -> None:
    package = needs_npm_package(f"@tauri-apps/plugin-{plugin.name}")
    text = "".join(file.read_text("utf-8") for file in package.glob("dist-js/*.js"))
    called = set(re.findall(rf"plugin:{plugin.name}\|(\w+)", text))
    assert called - set(plugin.commands or ()) == set()
