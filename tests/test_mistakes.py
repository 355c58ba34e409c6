"""Twenty mistakes that authors make, and what each is told: the thing, the rule and what mends it."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys
import threading
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.requirements import ROOT, needs_webkitgtk
from transom import Builder, Channel, command, generate_context, generate_handler
from transom.errors import ChannelClosed, CommandDefinitionError, ConfigError, RuntimeUnavailable
from transom.testing import Rejected, running

HERE = re.escape(__file__)


class Thing:
    """Something that has no form in JSON."""


def answer_of(*commands: Any, name: str, **arguments: Any) -> Any:
    """Call a command as a page does."""
    with running(Builder().invoke_handler(generate_handler(*commands))) as app:
        return app.page.invoke(name, **arguments)


def rejection_of(*commands: Any, name: str, **arguments: Any) -> Any:
    with pytest.raises(Rejected) as rejected:
        answer_of(*commands, name=name, **arguments)
    return rejected.value.value


def project_in(folder: Path, text: str | None = None, **fields: Any) -> Path:
    config = {
        "identifier": "org.example.app",
        "build": {"frontendDist": "ui"},
        "app": {"windows": [{"title": "App"}]},
        **fields,
    }
    (folder / "tauri.conf.json").write_text(json.dumps(config) if text is None else text, "utf-8")
    return folder


def start(folder: Path, builder: Builder | None = None, runtime: str = "web") -> int:
    return (builder or Builder()).setup(lambda app: app.exit(0)).run(generate_context(folder), runtime)


@command
def greet(name: str) -> str:
    return f"Hello, {name}!"


# Commands


def test_an_annotation_that_cannot_be_decoded() -> None:
    def count(thing: Thing) -> int:
        return 0

    with pytest.raises(
        CommandDefinitionError,
        match=rf"command count: .*the type Thing is not supported; use .* or State\[Thing\] if .*\({HERE}:\d+\)$",
    ):
        generate_handler(command(count))


def test_an_annotation_that_is_not_imported() -> None:
    namespace: dict[str, Any] = {}
    code = "from __future__ import annotations\ndef count(app: AppHandl) -> int: ..."
    exec(compile(code, "/home/ada/app.py", "exec"), namespace)
    with pytest.raises(
        CommandDefinitionError, match=r"name 'AppHandl' is not defined; import the name .*\(/home/ada/app\.py:2\)$"
    ):
        generate_handler(command(namespace["count"]))


def test_a_misspelt_command(caplog: pytest.LogCaptureFixture) -> None:
    assert rejection_of(greet, name="gret") == "Command gret not found; did you mean `greet`?"
    assert "did you mean `greet`?" in caplog.text


@pytest.mark.filterwarnings("ignore:coroutine:RuntimeWarning")
def test_a_missing_await() -> None:
    async def read() -> int:
        return 1

    @command
    async def load() -> Any:
        return read()

    said = rejection_of(load, name="load")
    assert said["kind"] == "internal"
    assert said["message"].endswith("read() was called without `await`; write `await` before it, in an `async def`")


def test_two_commands_of_one_name() -> None:
    def other() -> None: ...

    with pytest.raises(CommandDefinitionError) as told:
        generate_handler(greet, command(other, name="greet"))
    assert re.fullmatch(
        rf"two commands are called greet: .*greet \({HERE}:\d+\) and .*other \({HERE}:\d+\); rename one with .*",
        str(told.value),
    )


def test_a_result_that_cannot_be_sent(caplog: pytest.LogCaptureFixture) -> None:
    @command
    def make() -> Any:
        return Thing()

    said = "an object of the type Thing cannot be sent to the page; return JSON types, msgspec or dataclass values, or bytes"
    assert rejection_of(make, name="make")["message"] == f"TypeError: {said}"
    assert "command 'make' failed" in caplog.text


def test_an_exception_has_its_traceback_in_the_log_and_its_text_on_the_page(caplog: pytest.LogCaptureFixture) -> None:
    @command
    def find() -> Any:
        return {}["key"]

    assert rejection_of(find, name="find") == {"kind": "internal", "command": "find", "message": "KeyError: 'key'"}
    assert f'File "{__file__}", line ' in caplog.text


def test_an_async_command_that_blocks(caplog: pytest.LogCaptureFixture) -> None:
    @command
    async def compute() -> None:
        threading.Event().wait(0.3)

    answer_of(compute, name="compute")
    assert "command 'compute' blocked the event loop for 3" in caplog.text
    assert "make it a `def`, or move the slow part to `await asyncio.to_thread(...)`" in caplog.text


def test_an_argument_in_the_wrong_case_and_one_that_is_missing() -> None:
    @command
    def open_file(file_name: str) -> str:
        return file_name

    assert "fileName" in rejection_of(open_file, name="open_file", filename="a")


def test_sending_on_a_closed_channel() -> None:
    kept: list[Channel[int]] = []

    @command
    def follow(channel: Channel[int]) -> None:
        kept.append(channel)

    with running(Builder().invoke_handler(generate_handler(follow))) as app:
        app.page.invoke("follow", channel=app.page.channel())
        kept[0].close()
        with pytest.raises(ChannelClosed, match="this channel was closed, or the page dropped it"):
            kept[0].send(1)


def test_a_plugin_that_was_not_added() -> None:
    said = rejection_of(greet, name="plugin:dialog|open")
    assert said.endswith("add it with `Builder().plugin(transom.plugins.dialog.init())`")


def test_a_command_that_no_capability_allows() -> None:
    said = rejection_of(greet, name="plugin:window|set_title", value="x")
    assert said.startswith(
        "window.set_title not allowed. Permissions associated with this command: core:window:allow-set-title"
    )
    assert "create `capabilities/main.json` beside `tauri.conf.json`" in said


# Projects

WRONG: list[tuple[str, dict[str, Any], str]] = [
    (
        "an identifier",
        {"identifier": "my app"},
        r"identifier: expected .*found the string \"my app\"; write for example",
    ),
    (
        "an unknown field",
        {"app": {"windows": [{"titel": "x"}]}},
        r"app\.windows\[0\]\.titel: unknown field; did you mean `title`\?",
    ),
    (
        "a syntax error",
        {"text": '{\n  "identifier": "a.b",\n}'},
        r":3: not valid JSON at column 1: .*remove the comma before it",
    ),
]


@pytest.mark.parametrize(("fields", "said"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_a_configuration_with(tmp_path: Path, fields: dict[str, Any], said: str) -> None:
    with pytest.raises(ConfigError, match=said) as told:
        generate_context(project_in(tmp_path, **fields))
    assert str(told.value).startswith(f"{tmp_path / 'tauri.conf.json'}:")


def test_no_configuration(tmp_path: Path) -> None:
    with pytest.raises(
        ConfigError, match=r"no `tauri\.conf\.json` in .*; create one, for example .* with \{\"identifier\""
    ):
        generate_context(tmp_path)


def test_a_folder_of_the_front_end_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(
        ConfigError, match=r"build\.frontendDist is 'ui', and .*ui does not exist; build the front end first"
    ):
        start(project_in(tmp_path))


def test_a_front_end_without_a_document(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "ui").mkdir()
    assert start(project_in(tmp_path)) == 0
    assert "loads index.html, but" in caplog.text
    assert "build the front end first, or correct build.frontendDist" in caplog.text


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    (tmp_path / "ui").mkdir()
    (tmp_path / "ui" / "index.html").write_text("", "utf-8")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(
            RuntimeUnavailable, match=rf"cannot listen on 127\.0\.0\.1:{port}: .*; choose another with Builder\.web"
        ):
            start(project_in(tmp_path), Builder().web(port=port))


def test_no_display(tmp_path: Path) -> None:
    needs_webkitgtk()
    (tmp_path / "ui").mkdir()
    (tmp_path / "ui" / "index.html").write_text("", "utf-8")
    project_in(tmp_path)
    code = f"from transom import Builder, generate_context; Builder().run(generate_context({str(tmp_path)!r}), 'webkitgtk')"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(ROOT / "src"), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("transom: the webkitgtk runtime needs a display")
    assert done.stderr.count("\n") == 1  # no traceback: nobody's code is wrong
    assert "in a browser with TRANSOM_RUNTIME=web" in done.stderr


def test_a_python_that_is_too_old_is_refused_by_the_installer() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["requires-python"] == ">=3.11"
