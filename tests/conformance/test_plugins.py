"""The unmodified guest packages of official plugins, in Node.js, in a browser and in a window."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
import time
from contextlib import ExitStack, closing
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
    needs_openssl,
    needs_pywebview,
    needs_stronghold_packages,
    needs_watchfiles,
    needs_webkitgtk,
)
from transom.acl import OFFICIAL_PLUGINS, WITHOUT_PACKAGE

JS = NODE_MODULES.parent
_SECONDS = 120  # for all checks together; they take 5 to 10, and longer on a busy machine
PLACES = {"node": "web", "chromium": "web", "webkitgtk": "webkitgtk", "pywebview": "pywebview"}
WINDOWS = ("webkitgtk", "pywebview")
# Version of the guest packages that the application is for -> the page, and its number of checks.
PAGES = {"2.x": "plugins", "2.0": "plugins_2_0"}
COUNTS = {"2.x": 24, "2.0": 8}
# Files that the pages leave in the application's data.
FILES = {
    "2.x": {"open.txt": b"Hello", "made.txt": b"A", "s.bin": b"\1\2\3", "three": b"12", "got.txt": b"hello"},
    "2.0": {"open2.txt": b"Hello", "made2.txt": b"A", "2.txt": "one\ntwö\nthree".encode(), "got2.txt": b"hello"},
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("guest", PAGES)
def test_the_guest_packages_find_what_they_expect(
    guest: str, place: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    needs_watchfiles()
    needs_stronghold_packages()
    needs_openssl()
    home = tmp_path / "home"
    home.mkdir()
    environment: dict[str, str | None] = {"HOME": str(home), "PYTHONPATH": f"{ROOT}:{ROOT}/src"}
    environment |= {f"XDG_{name}_HOME": None for name in ("DATA", "CONFIG", "CACHE")}
    environment |= {"LC_ALL": None, "LC_MESSAGES": None, "LANG": "de_DE.UTF-8"}
    environment |= {"DBUS_SESSION_BUS_ADDRESS": "disabled:", "PATH": f"{openers(home)}:{os.environ['PATH']}"}
    if place in WINDOWS:
        needs_webkitgtk()
        environment |= {"DISPLAY": request.getfixturevalue("display"), "WAYLAND_DISPLAY": None, "GDK_BACKEND": "x11"}
    if place == "pywebview":
        needs_pywebview()
        environment |= {"PYWEBVIEW_GUI": "gtk"}
    project = write_project(tmp_path / "project")
    bundled(project / "dist", PAGES[guest])
    command = [sys.executable, ROOT / "tests/conformance/plugins.py", project, PLACES[place], guest]
    with ExitStack() as stack:
        app = stack.enter_context(Program(command, environment))
        page = None if place in WINDOWS else stack.enter_context(page_in(place, app.address()))
        results = collected(app, page)
        assert app.status() == 7, app.errors  # the page ended it, in a window after it had started it again
        if page is not None:
            page.close_input()
            page.status()
    assert {name: detail for name, detail in results.items() if detail} == {}
    assert len(results) == COUNTS[guest]
    assert len((home / "starts").read_text("utf-8").splitlines()) == (2 if place in WINDOWS else 1)
    data = home / ".local" / "share" / "app.transom.conformance"
    assert {name: (data / name).read_bytes() for name in FILES[guest]} == FILES[guest]
    if guest == "2.x":
        seen_from_outside(home)


def seen_from_outside(home: Path) -> None:
    logged = "".join(file.read_text("utf-8") for file in home.rglob("*.log"))
    assert all(f"{word} {index}" in logged for word in ("fine", "hm") for index in (0, 1))
    for version in ("new", "old"):
        [file] = home.rglob(f"{version}.db")
        with closing(sqlite3.connect(file)) as connection:
            assert connection.execute("SELECT title FROM a").fetchall() == [(version,)]
    [hold] = home.rglob("both.hold")
    assert hold.stat().st_mode & 0o777 == 0o600
    assert b"secret" not in hold.read_bytes()


def openers(home: Path) -> Path:
    """Write programs that open addresses, and note down what they were given in `opened`; return their folder."""
    folder = home / "bin"
    folder.mkdir()
    for name in ("xdg-open", "firefox"):
        (folder / name).write_text(f'#!/bin/sh\necho "{name} $*" >> "{home}/opened"\n', "utf-8")
        (folder / name).chmod(0o755)
    return folder


def bundled(folder: Path, page: str) -> None:
    names = [name for name in OFFICIAL_PLUGINS if name not in WITHOUT_PACKAGE]
    for package in ("esbuild", *(f"@tauri-apps/plugin-{name}" for name in names)):
        needs_npm_package(package)
    for name in names:
        needs_npm_package(f"tauri-plugin-{name}-2.0")
    client = needs_npm_package("tauri-api-2.12")
    made = subprocess.run(
        [needs_node(), JS / "bundle.mjs", client.name, folder, page],
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
