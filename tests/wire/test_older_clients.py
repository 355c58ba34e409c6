"""What the npm package of 1.x becomes: each of its functions, called once, and the calls of 2.x that reach the back end."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.requirements import NODE_MODULES, needs_node, needs_npm_package
from transom.wire import OlderClients, initialization_script

EXPECTED: dict[str, Any] = json.loads((Path(__file__).parent / "older_v1_calls.json").read_text("utf-8"))
# What pages of 1.x send beside the package: scripts of Tauri 1 in the page.
BY_SCRIPTS = {"Window.manage print", "Window.manage __toggleMaximize", "Window.manage __toggleDevtools"}


def _script(folder: Path) -> Path:
    script = folder / "transom.js"
    settings: dict[str, object] = {"maxMessageBytes": 1 << 20, "pathSeparator": "/", "pathDelimiter": ":"}
    clients = OlderClients({"": "1.x"}, ("main", "other"))
    script.write_text(
        initialization_script("mock", label="main", key="key", settings=settings, clients=clients), "utf-8"
    )
    return script


def _plain(value: Any) -> Any:
    """Return a call without the numbers of callbacks, which are random."""
    if isinstance(value, dict):
        return {
            key: "callback" if key == "handler" and isinstance(item, int) else _plain(item)
            for key, item in value.items()
        }
    if isinstance(value, str):
        return re.sub(r"^__CHANNEL__:\d+$", "__CHANNEL__", value)
    return [_plain(item) for item in value] if isinstance(value, list) else value


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    package = needs_npm_package("tauri-api-1.6")
    program = NODE_MODULES.parent / "older_calls.mjs"
    command = [needs_node(), program, _script(tmp_path_factory.mktemp("older")), package]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return [_plain(json.loads(line)) for line in done.stdout.splitlines()]


def test_each_function_of_1x_becomes_calls_of_2x(reports: list[dict[str, Any]]) -> None:
    found = {report.pop("name"): report for report in reports[:-1]}
    assert {name: report for name, report in found.items() if report != EXPECTED.get(name)} == {}
    assert found.keys() == EXPECTED.keys()


def test_every_message_of_the_package_is_accepted(reports: list[dict[str, Any]]) -> None:
    sent, accepted = set(reports[-1]["sent"]), set(reports[-1]["accepted"])
    assert sent - accepted == set()
    assert accepted - sent == BY_SCRIPTS | {"Notification.notification", "Notification.requestNotificationPermission"}


def test_the_functions_called_here_send_every_message_of_the_package(reports: list[dict[str, Any]]) -> None:
    package = needs_npm_package("tauri-api-1.6")
    texts = [path.read_text("utf-8") for path in (*package.glob("*.js"), *package.glob("helpers/*.js"))]
    in_package = {
        f"{module}.{name}"
        for text in texts
        for module, name in re.findall(r"__tauriModule: '(\w+)',\s+message: \{\s+cmd: '(\w+)'", text)
    }
    types = {f"Window.manage {name}" for text in texts for name in re.findall(r"cmd: \{\s+type: '(\w+)'", text)}
    assert (len(in_package), len(types)) == (58, 52)
    assert in_package - {"Window.manage"} | types == set(reports[-1]["sent"])
