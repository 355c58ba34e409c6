"""Every command of every official plugin with arguments of every wrong type: it answers, and is no fault of the program."""

from __future__ import annotations

import json
import logging
from base64 import b64encode
from collections.abc import Iterator
from concurrent.futures import Future
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tests.mock_app import Running, context, running_in
from tests.plugins.plugin_app import allow, at_home
from tests.requirements import needs_posix, needs_stronghold_packages
from transom.acl import OFFICIAL_PLUGINS
from transom.app import Builder
from transom.commands import CommandSet
from transom.core import Plugin
from transom.runtimes import ChooseFiles, ShowMessage
from transom.runtimes._mock import MockRejection, MockRuntime

pytestmark = pytest.mark.slow  # every command with every kind of value

needs_posix()
# They end the application.
ENDING = {"process|exit", "process|restart"}
# Argument -> what a page may send; any other is a text.
PLAIN: dict[str, Any] = {
    "options": {},
    "rid": 1,
    "pid": 1,
    "id": 1,
    "values": [],
    "value": [1],
    "secret": [1],
    "shortcuts": ["F8"],
    "paths": ["/nowhere"],
    "flags": 63,
    "level": 3,
    "position": 1,
    "clientConfig": {"method": "GET", "url": "http://127.0.0.1:9/", "headers": [], "data": None},
    "headers": {},
    "onEvent": "__CHANNEL__:1",
    "onProgress": "__CHANNEL__:1",
    "onMessage": "__CHANNEL__:1",
    "handler": "__CHANNEL__:1",
    "db": "sqlite:a.db",
    "snapshotPath": "a.hold",
    "procedure": {"type": "BIP39Generate", "payload": {}},
}
DEEP: Any = []
for _ in range(200):
    DEEP = [DEEP]
WRONG: list[Any] = [
    None,
    True,
    -1,
    1.5,
    2**70,
    "",
    "\0",
    "../../x",
    "x" * 100_000,
    "__CHANNEL__:x",
    [],
    [None],
    DEEP,
    {},
    {"a": {"b": None}},
    {"path": 5, "url": [], "method": {}, "rid": "x", "type": 9, "payload": 3, "title": [], "encoding": 4},
]
KEY = b64encode(b"untrusted comment: x\n" + b64encode(b"Ed" + bytes(40)) + b"\n").decode()
CONFIG = {
    "cli": {"args": []},
    "updater": {"pubkey": KEY, "endpoints": ["http://127.0.0.1:9/"], "dangerousInsecureTransportProtocol": True},
}


def made(name: str) -> Plugin:
    plugin: Plugin = import_module(f"transom.plugins.{name.replace('-', '_')}").init()
    return plugin


def commands() -> list[tuple[str, str, tuple[str, ...]]]:
    """Return plugin, command and the names of what its page sends, for every command."""
    found = []
    for name in sorted(OFFICIAL_PLUGINS):
        handler = made(name).handler
        if isinstance(handler, CommandSet):
            found += [
                (name, each.name, tuple(one.key for one in each.parameters if one.from_page)) for each in handler.specs
            ]
    return found


PERFORM = MockRuntime.perform


def answering(runtime: MockRuntime, op: Any) -> Any:
    """Answer dialogs at once, as a user who presses the first button and chooses no file."""
    if not isinstance(op, ShowMessage | ChooseFiles):
        return PERFORM(runtime, op)
    future: Future[Any] = Future()
    future.set_result(0 if isinstance(op, ShowMessage) else [])
    return future


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    needs_stronghold_packages()
    home = tmp_path_factory.mktemp("home")
    (home / "bin").mkdir()
    plugins = [made(name) for name in sorted(OFFICIAL_PLUGINS) if name != "single-instance"]
    allowed = [
        f"{name}:allow-{command.replace('_', '-')}"
        for name, command, _ in commands()
        if f"{name}|{command}" not in ENDING
    ]
    with pytest.MonkeyPatch.context() as patch:
        at_home(patch, home).mkdir(parents=True)
        patch.setenv("PATH", str(home / "bin"))  # no program is there that could be started
        patch.setenv("DBUS_SESSION_BUS_ADDRESS", "disabled:")
        patch.setenv("DISPLAY", "")
        patch.delenv("WAYLAND_DISPLAY", raising=False)
        patch.setattr(MockRuntime, "perform", answering)
        builder = Builder()
        for plugin in plugins:
            builder.plugin(plugin)
        with running_in(builder, context("main", plugins=CONFIG)) as application:
            allow(application, *allowed)
            yield application


@pytest.mark.parametrize(
    ("plugin", "command", "keys"),
    [pytest.param(*each, id="|".join(each[:2])) for each in commands() if "|".join(each[:2]) not in ENDING],
)
def test_arguments_of_wrong_types_are_answered(
    application: Running, caplog: pytest.LogCaptureFixture, plugin: str, command: str, keys: tuple[str, ...]
) -> None:
    caplog.set_level(logging.ERROR)
    page = application.page
    plain = {key: PLAIN.get(key, "x") for key in keys}
    sent = [{**plain, key: wrong} for key in keys for wrong in WRONG] + [{}, {"unknown": 1}]
    for args in sent:
        try:
            page.invoke(f"plugin:{plugin}|{command}", args)
        except MockRejection as rejection:
            text = json.dumps(rejection.value)
            assert text not in ("null", '""'), args
            for of_the_program in ("Traceback", "site-packages", str(Path(__file__).parents[2]), "NoneType"):
                assert of_the_program not in text, (args, text)
    # What a page sends is never a fault of the program, which would be logged with its traceback.
    assert [record.getMessage() for record in caplog.records] == []
    assert page.invoke("plugin:os|family") == "unix"
