"""What the npm packages of the older generations become: the calls of 2.x that reach the back end."""

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


def _script(folder: Path, generation: str = "1.x") -> Path:
    script = folder / "transom.js"
    settings: dict[str, object] = {"maxMessageBytes": 1 << 20, "pathSeparator": "/", "pathDelimiter": ":"}
    clients = OlderClients({"": generation}, ("main", "other"))
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


# Messages of 0.x -> the first command of 2.x that becomes of each; those of the injected script are the last.
V0: dict[str, str | None] = {
    "cliMatches": "plugin:cli|cli_matches",
    "openDialog": "plugin:dialog|open",
    "saveDialog": "plugin:dialog|save",
    "listen": "plugin:event|listen",
    "emit": "plugin:event|emit",
    "readTextFile": "plugin:fs|read_text_file",
    "readBinaryFile": "plugin:fs|read_file",
    "writeFile": "plugin:fs|write_file",
    "writeBinaryFile": "plugin:fs|write_file",
    "readDir": "plugin:fs|read_dir",
    "createDir": "plugin:fs|mkdir",
    "removeDir": "plugin:fs|remove",
    "copyFile": "plugin:fs|copy_file",
    "removeFile": "plugin:fs|remove",
    "renameFile": "plugin:fs|rename",
    "httpRequest": "plugin:http|fetch",
    "isNotificationPermissionGranted": "plugin:notification|is_permission_granted",
    "resolvePath": "plugin:path|resolve_directory",
    "execute": "plugin:shell|execute",
    "setTitle": "plugin:window|set_title",
    "open": "plugin:shell|open",
    "messageDialog": "plugin:dialog|message",
    "askDialog": "plugin:dialog|ask",
    "requestNotificationPermission": "plugin:notification|request_permission",
    "notification": "plugin:notification|notify",
    "closeSplashscreen": "plugin:window|destroy",
    "validateSalt": None,
    "__initialized": None,
    "init": None,
    "the application's own": "the application's own",
}
_INJECTED = 9
_ARGS = {
    "path": "a",
    "options": {"method": "GET", "url": "http://localhost/"},
    "contents": "QQ==",
    "event": "e",
    "handler": "x",
    "directory": 1,
    "data": None,
    "buttonLabels": ["a", "b"],
    "shortcut": "F1",
    "shortcuts": ["F1"],
    "client": 1,
}


def _messages(generation: str, folder: Path, messages: list[dict[str, Any]]) -> dict[str, tuple[str | None, str]]:
    """Return, by message, the first command of 2.x that became of it, and the text that refused it."""
    script = _script(folder, generation)
    lines = "".join(f"{json.dumps(message)}\n" for message in messages)
    command = [needs_node(), NODE_MODULES.parent / "older_messages.mjs", script]
    done = subprocess.run(command, input=lines, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return {name: (called, refused) for name, called, refused in map(json.loads, done.stdout.splitlines())}


def test_each_message_of_0x_becomes_a_command_of_2x(tmp_path: Path) -> None:
    sources = (needs_npm_package("tauri-0.15") / "api-src").glob("*.ts")
    in_package = {cmd for path in sources for cmd in re.findall(r"cmd: '(\w+)'", path.read_text("utf-8"))}
    assert in_package == set(list(V0)[:-_INJECTED])
    found = _messages("0.x", tmp_path, [{"cmd": cmd, "args": _ARGS} for cmd in V0])
    assert {cmd: called for cmd, (called, _) in found.items()} == V0
    assert found["validateSalt"][1] == "Invalid salt"
    assert not [cmd for cmd, (_, refused) in found.items() if refused == "no answer"]


@pytest.mark.parametrize("version", ["1", "8"])
def test_every_message_of_the_betas_becomes_a_command_of_2x(version: str, tmp_path: Path) -> None:
    package = needs_npm_package(f"tauri-api-1.0-beta.{version}")
    pattern = r"__tauriModule: '(\w+)',\s+message: \{\s+cmd: '(\w+)'"
    texts = [path.read_text("utf-8") for path in package.glob("*.ts") if not path.name.endswith(".d.ts")]
    pairs = {pair for text in texts for pair in re.findall(pattern, text)} - {("Window", "manage")}
    assert len(pairs) > 45
    last = sorted(pairs, key=lambda pair: (pair[1] == "dropClient", pair))
    found = _messages("1.0-beta", tmp_path, [{"module": a, "cmd": b, "args": _ARGS} for a, b in last])
    assert len(found) == len(pairs)
    assert not [name for name, (_, refused) in found.items() if "unknown variant" in refused or refused == "no answer"]
    silent = {name for name, (called, _) in found.items() if called is None}
    # The clients are in the page.
    assert silent == {"Http.createClient", "Http.dropClient"}
