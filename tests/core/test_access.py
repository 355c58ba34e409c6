"""What an application allows, from its files on disk to the answers that its pages get."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.mock_app import Running, running_in
from transom.app import Builder, generate_context
from transom.commands import command, generate_handler
from transom.core import PluginBuilder
from transom.errors import ConfigError
from transom.runtimes._mock import MockRejection


@command
async def ping() -> str:
    """Answer."""
    return "pong"


@command
async def write_file() -> str:
    """Answer."""
    return "written"


PLUGIN = PluginBuilder("own").invoke_handler(generate_handler(ping, write_file)).permissions(
    default=("allow-ping",), unavailable=("allow-swim",)
).build()  # fmt: skip


def capability(*permissions: Any, identifier: str = "main", **fields: Any) -> str:
    return msgspec.json.encode(
        {"identifier": identifier, "windows": ["main"], "permissions": permissions, **fields}
    ).decode()


@contextmanager
def project(folder: Path, files: dict[str, str], builder: Builder | None = None) -> Iterator[Running]:
    """Run a project with these files beside its configuration, with the windows `main` and `other`."""
    write(folder, files)
    builder = (builder or Builder()).plugin(PLUGIN).invoke_handler(generate_handler(ping, write_file))
    with running_in(builder, generate_context(folder, development=False)) as application:
        yield application


def write(folder: Path, files: dict[str, str]) -> None:
    config = {
        "identifier": "org.example.x",
        "build": {"frontendDist": "."},
        "app": {"windows": [{"label": "main"}, {"label": "other"}]},
    }
    (folder / "tauri.conf.json").write_bytes(msgspec.json.encode(config))
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def may(app: Running, name: str, window: str = "main", **args: Any) -> bool:
    try:
        app.runtime.pages[window].invoke(name, args)
    except MockRejection as rejection:
        if "not allowed by ACL" not in str(rejection.value):
            raise
        return False
    return True


LISTEN = {"event": "x", "target": {"kind": "Any"}, "handler": 1}


def test_exactly_what_the_files_allow_is_allowed(tmp_path: Path) -> None:
    files = {
        "capabilities/main.json": capability("own:default", "core:event:allow-emit"),
        "capabilities/other.toml": 'identifier = "other"\nwindows = ["o*"]\npermissions = ["own:allow-write-file"]',
        "capabilities/mac.json": capability("own:allow-write-file", identifier="mac", platforms=["macOS"]),
    }
    with project(tmp_path, files) as app:
        assert may(app, "plugin:own|ping")
        assert not may(app, "plugin:own|ping", "other")
        assert may(app, "plugin:own|write_file", "other")
        assert not may(app, "plugin:own|write_file")  # for macOS only
        assert may(app, "plugin:event|emit", event="x")
        assert not may(app, "plugin:event|listen", **LISTEN)
        assert not may(app, "plugin:event|emit", "other", event="x")
        assert may(app, "plugin:stream|pull", "other", channel=1, count=1)  # the link's own
        assert may(app, "ping", "other")


def test_a_project_without_capabilities_has_the_core_defaults(tmp_path: Path) -> None:
    with project(tmp_path, {}) as app:
        assert may(app, "plugin:event|listen", "other", **LISTEN)
        assert not may(app, "plugin:own|ping")


def test_permission_files_put_the_applications_own_commands_under_control(tmp_path: Path) -> None:
    permissions = '[[permission]]\nidentifier = "playing"\ncommands.allow = ["ping"]'
    with project(tmp_path, {"permissions/a.toml": permissions, "capabilities/a.json": capability("playing")}) as app:
        assert may(app, "ping")
        assert not may(app, "ping", "other")
        assert not may(app, "write_file")


def test_strict_permissions_put_the_applications_own_commands_under_control(tmp_path: Path) -> None:
    files = {"capabilities/a.json": capability("allow-write-file")}
    with project(tmp_path, files, Builder().strict_permissions()) as app:
        assert may(app, "write_file")
        assert not may(app, "ping")


def test_what_the_application_lacks_is_named_in_one_warning_and_grants_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    files = {
        "capabilities/a.json": capability(
            "own:allow-ping", "updater:default", {"identifier": "fs:scope-x", "allow": [1]}, "own:allow-swim",
            xyz=1,
        ),
        "capabilities/b.json": capability("updater:default", identifier="b"),
    }  # fmt: skip
    with caplog.at_level(logging.WARNING, "transom"), project(tmp_path, files) as app:
        assert may(app, "plugin:own|ping")
    [line] = [record.getMessage() for record in caplog.records]
    note, *warnings = line.splitlines()
    assert "a.json:1: xyz: unknown field `xyz`" in note
    missing, absent = (warning.replace(f"{tmp_path}/", "") for warning in warnings)
    assert missing == (
        "these permissions grant nothing, because the plugin does not have the command: own:allow-swim "
        "(in capabilities/a.json)"
    )
    assert absent == (
        "these permissions grant nothing, because the plugin is not added; add it with Builder.plugin, if transom has it: "
        "updater:default (in capabilities/b.json), fs:scope-x (in capabilities/a.json)"
    )


def test_every_misspelt_permission_of_a_known_plugin_is_named_with_its_line(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "capabilities/a.json": '{"identifier": "a", "windows": ["["],\n"permissions": ["own:allow-pong",\n'
            '"core:windw:default", {"identifier":\n"own:defualt"}, "allow-writefile"]}'
        },
    )
    builder, context = Builder().plugin(PLUGIN).invoke_handler(generate_handler(write_file)), generate_context(tmp_path)
    with pytest.raises(ConfigError) as caught:
        builder.build(context, "mock")
    assert str(caught.value).replace(f"{tmp_path}/", "").splitlines() == [
        (
            "capabilities/a.json:1: windows[0]: failed to run glob: the `[` in '[' is never closed; write `[[]` for the "
            "character"
        ),
        "capabilities/a.json:2: permissions[0]: unknown permission allow-pong for own; did you mean `own:allow-ping`?",
        "capabilities/a.json:3: permissions[1]: unknown ACL for core:windw; did you mean `core:window`?",
        "capabilities/a.json:3: permissions[2]: unknown permission defualt for own; did you mean `own:default`?",
        (
            "capabilities/a.json:4: permissions[3]: unknown permission allow-writefile for app manifest, because the "
            "application has no command `writefile`; did you mean "
            "`allow-write-file`?"
        ),
    ]


def test_a_file_can_be_added_while_the_application_runs(tmp_path: Path) -> None:
    more = tmp_path / "more.toml"
    more.write_text(
        '[[capabilities]]\nidentifier = "more"\nwindows = ["other"]\npermissions = ["own:default"]\n'
        '[[capabilities]]\nidentifier = "wrong"\npermissions = ["own:allow-pong", "fs:default"]\n'
    )
    with project(tmp_path, {"capabilities/a.json": capability()}) as app:
        with pytest.raises(ConfigError) as caught:
            app.app.add_capability(more)
        first, second = str(caught.value).replace(f"{tmp_path}/", "").splitlines()
        assert first.startswith("more.toml:7: capabilities[1].permissions[0]: unknown permission allow-pong for own; ")
        assert second.startswith("more.toml:7: capabilities[1].permissions[1]: unknown ACL for fs, expected one of ")
        assert not may(app, "plugin:own|ping", "other")
        more.write_text(more.read_text().partition('[[capabilities]]\nidentifier = "wrong"')[0])
        app.app.add_capability(more)
        assert may(app, "plugin:own|ping", "other")
        with pytest.raises(ConfigError, match="the file cannot be read"):
            app.app.add_capability(tmp_path / "none.json")
