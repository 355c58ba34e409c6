"""The unmodified npm clients of the generations before 2.x, against the runtimes: in Node.js, in a browser, in a window."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.conformance.application import Program, write_project
from tests.requirements import (
    NODE_MODULES,
    ROOT,
    needs_chromium,
    needs_global_api,
    needs_node,
    needs_npm_package,
    needs_pywebview,
    needs_webkitgtk,
)
from transom.cli import main

JS = NODE_MODULES.parent
APPLICATION = Path(__file__).parent / "commands_older.py"
TABLE: dict[str, list[str]] = json.loads((Path(__file__).parent / "older_checks.json").read_text("utf-8"))
_SECONDS = 150


class Client(NamedTuple):
    """An npm package of an older generation.

    Attributes:
        package: Its folder in `tests/js`.
        generation: What the application calls its generation.
        page: The page with its checks.
        table: The names of its checks, in `older_checks.json`.
        with_global: Whether the page uses `window.__TAURI__` instead of the package.
    """

    package: str
    generation: str
    page: str
    table: str
    with_global: bool = False


# Add here to introduce another package.
CLIENTS = {
    "1.0.0": Client("tauri-api-1.0", "1.x", "older_v1", "1.x"),
    "1.6.0": Client("tauri-api-1.6", "1.x", "older_v1", "1.x"),
    "1.6.0-global": Client("tauri-api-1.6", "1.x", "older_v1_global", "1.x global", with_global=True),
    "1.0.0-rc.0": Client("tauri-api-1.0-rc.0", "1.x", "older_v1", "1.x"),
    "1.0.0-beta.1": Client("tauri-api-1.0-beta.1", "1.0-beta", "older_beta", "1.0-beta"),
    "1.0.0-beta.8": Client("tauri-api-1.0-beta.8", "1.0-beta", "older_beta", "1.0-beta"),
    "0.15.0": Client("tauri-0.15", "0.x", "older_v0", "0.x"),
    "0.5.2": Client("tauri-0.5", "0.x", "older_v0_global", "0.x global"),
}
PLACES = {"node": "web", "chromium": "web", "webkitgtk": "webkitgtk", "pywebview": "pywebview"}
WINDOWS = ("webkitgtk", "pywebview")
# The oldest and the newest everywhere would say nothing that one of them does not.
RUNS = [
    *(("node", version) for version, client in CLIENTS.items() if not client.page.endswith("global")),
    ("chromium", "1.6.0"),
    ("webkitgtk", "1.6.0"),
    ("webkitgtk", "1.6.0-global"),
    ("webkitgtk", "1.0.0-beta.8"),
    ("webkitgtk", "0.15.0"),
    ("webkitgtk", "0.5.2"),
    ("pywebview", "1.6.0"),
]


class Run(NamedTuple):
    """What one page with one client reported: `None` for a check that holds, else why it does not."""

    results: dict[str, str | None]
    trouble: str
    names: list[str]


def _front_end(package: str, page: str, folder: Path) -> None:
    needs_npm_package(package)
    needs_npm_package("esbuild")
    command = [needs_node(), JS / "bundle.mjs", package, folder, page]
    made = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert made.returncode == 0, made.stderr


def _driver(place: str, address: str) -> Program:
    if place == "node":
        needs_npm_package("ws")
        return Program([needs_node(), JS / "node_client.mjs", address])
    needs_npm_package("playwright-core")
    return Program([needs_node(), JS / "browser_client.mjs", needs_chromium(), address])


def _collect(application: Program) -> tuple[dict[str, str | None], str]:
    results: dict[str, str | None] = {}
    until = time.monotonic() + _SECONDS
    try:
        while "finished" not in (message := _report(application, until)):
            results[message["name"]] = None if message["ok"] else message["detail"]
    except AssertionError as error:
        return results, str(error)
    return results, ""


def _report(application: Program, until: float) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(application.line(max(until - time.monotonic(), 0.1)))
    return report


def _environment(place: str, request: pytest.FixtureRequest) -> dict[str, str | None]:
    environment: dict[str, str | None] = {
        "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    }
    if place in WINDOWS:
        needs_webkitgtk()
        environment |= {"DISPLAY": request.getfixturevalue("display"), "WAYLAND_DISPLAY": None, "GDK_BACKEND": "x11"}
    if place == "pywebview":
        needs_pywebview()
        environment |= {"PYWEBVIEW_GUI": "gtk"}
    return environment


@pytest.fixture(scope="module", params=RUNS, ids="-".join)
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Run all checks of one client once in one place."""
    place, version = request.param
    client = CLIENTS[version]
    environment = _environment(place, request)
    windows = [{"title": "Older"}, {"label": "other", "visible": False, "url": "other.html"}]
    if client.with_global:
        needs_global_api()
    project = write_project(tmp_path_factory.mktemp(place), windows=windows, withGlobalTauri=client.with_global)
    _front_end(client.package, client.page, project / "dist")
    (project / "dist" / "other.html").write_text("<!doctype html><title>Other</title>", "utf-8")
    arguments = [sys.executable, APPLICATION, project, PLACES[place], client.generation]
    with ExitStack() as stack:
        application = stack.enter_context(Program(arguments, environment))
        driver = stack.enter_context(_driver(place, application.address())) if place not in WINDOWS else None
        results, trouble = _collect(application)
        if trouble:
            trouble += "".join(application.errors)[-2000:] + ("" if driver is None else "".join(driver.errors)[-4000:])
        if driver is not None:
            driver.close_input()
            driver.status()
    return Run(results, trouble, TABLE[client.table])


def test_the_npm_client_of_an_older_generation_finds_what_it_expects(run: Run) -> None:
    assert not run.trouble
    assert {name: why for name, why in run.results.items() if why is not None} == {}
    assert list(run.results) == run.names


@pytest.mark.parametrize(("place", "generation"), [("chromium", ""), ("webkitgtk", ""), ("webkitgtk", "1.x")])
def test_a_project_of_tauri_1_runs_without_a_changed_line(
    place: str, generation: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """With a generation, its files are migrated to those of Tauri 2 before, and the program says what its pages speak."""
    needs_global_api()
    project = Path(__file__).parent / "projects" / "vanilla_v1"
    if generation:
        project = shutil.copytree(project, tmp_path / "project")
        assert main(["migrate", str(project)]) == 0
    script = Path(__file__).parent / "pages" / "drive_v1.js"
    arguments = [sys.executable, APPLICATION, project, PLACES[place], generation, script]
    with ExitStack() as stack:
        application = stack.enter_context(Program(arguments, _environment(place, request)))
        driver = stack.enter_context(_driver(place, application.address())) if place not in WINDOWS else None
        results: dict[str, str] = {}
        while "finished" not in (report := _report(application, time.monotonic() + _SECONDS)):
            results[report["name"]] = report["detail"]
        if driver is not None:
            driver.close_input()
            driver.status()
    refused = results.pop("not in the allowlist")
    assert refused.startswith("'path > all' not in the allowlist (https://tauri.app/docs/api/config#tauri.allowlist): ")
    assert results == {
        "version": "0.0.0",
        "greeting": "Hello, World! You've been greeted from Python!",
        "event": "yes",
        "window": "main",
    }


_SPLASH = """
import sys
from transom import Webview, generate_context, v0
splash = '''<title>s</title><script>
  const { invoke, promisified } = window.__TAURI__;
  promisified({ cmd: 'seen', address: location.pathname }).then(() => invoke({ cmd: 'closeSplashscreen' }));
</script>'''
def handler(webview: Webview, arg: str) -> None:
    message = v0.decode(arg, dict)
    print(message["address"], flush=True)
    if "callback" in message:
        v0.execute_promise(webview, lambda: None, message["callback"], message["error"])
    else:
        webview.app_handle().exit()
v0.AppBuilder().splashscreen_html(splash).invoke_handler(handler).build(generate_context(sys.argv[1]), sys.argv[2]).run()
"""


@pytest.mark.parametrize("place", ["chromium", "webkitgtk"])
def test_a_splash_screen_of_0x_is_shown_before_the_page_of_its_window(
    place: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    project = write_project(tmp_path)
    (project / "dist").mkdir()
    page = "<!doctype html><script>window.__TAURI__.invoke({ cmd: 'seen', address: location.pathname })</script>"
    (project / "dist" / "index.html").write_text(page, "utf-8")
    arguments = [sys.executable, "-c", _SPLASH, project, PLACES[place]]
    with ExitStack() as stack:
        application = stack.enter_context(Program(arguments, _environment(place, request)))
        driver = stack.enter_context(_driver(place, application.address())) if place not in WINDOWS else None
        shown = [application.line(60).strip() for _ in range(2)]
        assert shown == ["/transom-splashscreen.html", "/index.html"]
        assert application.status() == 0
        if driver is not None:
            driver.close_input()
            driver.status()


def test_windows_of_every_generation_talk_to_each_other(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    labels = {"main": ("tauri-api-1.6", "v1"), "zero": ("tauri-0.15", "v0"), "two": ("tauri-api-2.12", "v2")}
    project = write_project(tmp_path, windows=[{"label": label, "url": f"{label}/index.html"} for label in labels])
    for label, (package, page) in labels.items():
        _front_end(package, f"older_chat_{page}", project / "dist" / label)
    arguments = [sys.executable, APPLICATION, project, "webkitgtk", "mixed"]
    names = ["0.x", "1.x", "2.x"]
    expected = [f"{name}: Hello, {name}! You've been greeted from Python!" for name in names]
    expected += [f"{listener} heard {speaker}" for listener in names for speaker in names]
    with Program(arguments, _environment("webkitgtk", request)) as application:
        until = time.monotonic() + _SECONDS
        assert sorted(_report(application, until)["name"] for _ in expected) == sorted(expected)
