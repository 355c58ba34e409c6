"""`Builder.invoke_system`: the npm client on a message system of the application's own, in a browser and in a window."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.conformance.application import Program, write_project
from tests.requirements import NODE_MODULES, needs_chromium, needs_node, needs_npm_package, needs_webkitgtk

HERE = Path(__file__).parent
WRONG = "invalid args `right` for command `add`: command add missing required key right"
EXPECTED = [
    "sum 3",
    "bad __TAURI_INVOKE_KEY__ value received in ipc message",
    "long 2000",
    "text '</script>\u2028\\",
    f"wrong {WRONG}",
    'fails {"kind":"no"}',
    "headers x",
    "heard an event",
    "done",
]


@pytest.mark.parametrize("runtime", ["web", "webkitgtk"])
def test_calls_travel_by_the_applications_own_system(
    runtime: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    package = needs_npm_package("tauri-api-2.12")
    needs_npm_package("esbuild")
    bundle = [needs_node(), NODE_MODULES.parent / "bundle.mjs", package.name, tmp_path / "dist", "message_system"]
    subprocess.run(bundle, check=True, capture_output=True, timeout=60)
    project = write_project(tmp_path)
    environment: dict[str, str | None] = {}
    if runtime == "webkitgtk":
        needs_webkitgtk()
        environment = {"DISPLAY": request.getfixturevalue("display"), "WAYLAND_DISPLAY": None, "GDK_BACKEND": "x11"}
    with ExitStack() as stack:
        program = [sys.executable, HERE / "message_system.py", project, runtime]
        application = stack.enter_context(Program(program, environment))
        if runtime == "web":
            needs_npm_package("playwright-core")
            driver = [needs_node(), NODE_MODULES.parent / "browser_client.mjs", needs_chromium(), application.address()]
            browser = stack.enter_context(Program(driver))
            stack.callback(browser.status)
            stack.callback(browser.close_input)
        lines = [json.loads(application.line()) for _ in EXPECTED]
    assert lines == EXPECTED
