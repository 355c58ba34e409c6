"""The unmodified npm client, oldest and newest, against every runtime: in Node.js, in a browser, in a window."""

from __future__ import annotations

import json
import os
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.conformance.application import Program, write_project
from tests.requirements import (
    NODE_MODULES,
    needs_chromium,
    needs_node,
    needs_npm_package,
    needs_pywebview,
    needs_qt,
    needs_webkitgtk,
)

JS = NODE_MODULES.parent
TABLE: dict[str, list[str]] = json.loads((Path(__file__).parent / "checks.json").read_text("utf-8"))
NAMES = [f"{group}: {name}" for group, names in TABLE.items() for name in names]
CLIENTS = {"2.0.0": "tauri-api-2.0", "2.12.5": "tauri-api-2.12"}
# What the page runs in -> the runtime of the application. Add here to introduce another.
PLACES = {"node": "web", "chromium": "web", "webkitgtk": "webkitgtk", "pywebview": "pywebview", "qt": "pywebview"}
WINDOWS = ("webkitgtk", "pywebview", "qt")
# The older client is tried once with each of the two links: pywebview's windows and Node.js have the one of browsers.
RUNS = [*((place, max(CLIENTS)) for place in PLACES), *((place, "2.0.0") for place in ("chromium", "webkitgtk"))]
# Qt's engine has no sandbox for root, and no GPU under Xvfb.
QT = {"PYWEBVIEW_GUI": "qt", "QT_QPA_PLATFORM": "xcb", "QTWEBENGINE_CHROMIUM_FLAGS": "--no-sandbox --disable-gpu"}
_SECONDS = 150  # for all checks together: they take 10 to 15, and longer on a busy machine
# The limit of a message in bytes, which the sizes of large calls follow. Where a link was tried with large calls already,
# calls of a quarter take the same ways.
LIMIT, LOW_LIMIT = 20 << 20, 5 << 20
SMALLER = [("pywebview", max(CLIENTS)), ("qt", max(CLIENTS)), ("chromium", "2.0.0")]


class Run(NamedTuple):
    """What one page with one client reported.

    Attributes:
        results: `None` for a check that holds, else why it does not.
        trouble: What came instead of the end of the reports; empty when they are complete.
        status: Exit status after SIGTERM, and the seconds that it took.
        errors: What the application wrote to stderr.
        last_words: What the page says of its calls when the application has ended; `None` where it ends with it.
    """

    results: dict[str, str | None]
    trouble: str
    status: tuple[int, float]
    errors: str
    last_words: str | None


def front_end(version: str, folder: Path, limit: int) -> Path:
    package = needs_npm_package(CLIENTS[version])
    needs_npm_package("esbuild")
    made = subprocess.run(
        [needs_node(), JS / "bundle.mjs", package.name, folder / "dist"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "CONFORMANCE_LIMIT": str(limit)},
    )
    assert (made.returncode, made.stdout.strip()) == (0, version), made.stderr
    return folder


def driver_of(place: str, address: str) -> Program:
    if place == "node":
        needs_npm_package("ws")
        return Program([needs_node(), JS / "node_client.mjs", address])
    needs_npm_package("playwright-core")
    return Program([needs_node(), JS / "browser_client.mjs", needs_chromium(), address])


def collect(application: Program) -> tuple[dict[str, str | None], str]:
    results: dict[str, str | None] = {}
    until = time.monotonic() + _SECONDS
    try:
        while True:
            message: dict[str, Any] = json.loads(application.line(max(until - time.monotonic(), 0.1)))
            if "finished" in message:
                return results, ""
            results[message["name"]] = None if message["ok"] else message["detail"]
    except AssertionError as error:
        return results, str(error)


def environment_of(place: str, limit: int, request: pytest.FixtureRequest) -> dict[str, str | None]:
    """Return what the application gets in its environment, with a display for windows."""
    environment: dict[str, str | None] = {"CONFORMANCE_MAX_MESSAGE_BYTES": str(limit)}
    if place in WINDOWS:
        needs_webkitgtk()
        environment |= {"DISPLAY": request.getfixturevalue("display"), "WAYLAND_DISPLAY": None, "GDK_BACKEND": "x11"}
    if place == "pywebview":
        needs_pywebview()
        environment |= {"PYWEBVIEW_GUI": "gtk"}
    elif place == "qt":
        needs_qt()
        environment |= QT
    return environment


@pytest.fixture(scope="module", params=RUNS, ids="-".join)
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Run all checks once in one place with one client."""
    place, version = request.param
    limit = LOW_LIMIT if request.param in SMALLER else LIMIT
    environment = environment_of(place, limit, request)
    project = front_end(version, write_project(tmp_path_factory.mktemp(place)), limit)
    with ExitStack() as stack:
        application = stack.enter_context(Program.application(project, PLACES[place], environment))
        driver = stack.enter_context(driver_of(place, application.address())) if place not in WINDOWS else None
        results, trouble = collect(application)
        if driver is not None:
            trouble = trouble and f"{trouble}\nthe page: {''.join(driver.errors)[-4000:]}"
        begin = time.monotonic()
        status = application.end()
        seconds = time.monotonic() - begin
        last_words = None
        if driver is not None:
            last_words = driver.line(10) if not trouble else ""
            driver.close_input()
            driver.status()
    return Run(results, trouble, (status, seconds), "".join(application.errors), last_words)


@pytest.mark.parametrize("name", NAMES)
def test_the_npm_client_finds_what_it_expects(run: Run, name: str) -> None:
    assert name in run.results, f"the page did not report this check; {run.trouble}"
    assert run.results[name] is None, run.results[name]


def test_the_page_reports_every_check_of_the_table_and_no_other(run: Run) -> None:
    assert not run.trouble
    assert list(run.results) == NAMES


def test_the_application_ends_within_a_second_of_a_signal_with_a_page_open(run: Run) -> None:
    status, seconds = run.status
    assert status == 143, run.errors
    assert seconds < 3, f"it took {seconds:.2f} s"  # an interpreter needs its own time to go, on a busy machine more


def test_the_application_logs_nothing_but_the_bugs_that_were_asked_for(run: Run) -> None:
    assert "secret of the application" in run.errors
    assert "answered twice" not in run.errors
    assert "never retrieved" not in run.errors
    assert "never awaited" not in run.errors


def test_calls_of_a_page_that_is_left_behind_reject_with_the_reason(run: Run) -> None:
    if run.last_words is not None:  # a window ends with its application
        reason = "the connection to the application is closed (1001: the application has ended); load the page again"
        assert run.last_words.strip() == f"ended: {reason} / {reason}"
