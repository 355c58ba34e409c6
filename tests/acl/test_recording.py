from __future__ import annotations

import pytest

from tests.acl.core_permissions import CORE_COMMANDS
from transom.acl import CapabilityBuilder, Origin, RecordedCall, RecordingAuthority
from transom.errors import NotAllowed

LOCAL = Origin.local()


def authority() -> RecordingAuthority:
    made = RecordingAuthority(development=True, has_app_acl=True)
    for plugin, commands in CORE_COMMANDS.items():
        made.declare(plugin, commands=commands, default=[f"allow-{name.replace('_', '-')}" for name in commands])
    made.declare("fs", commands=["read_file", "stat"], default=["allow-stat"])
    return made


def test_what_local_pages_call_is_allowed_and_noted_once() -> None:
    made = authority()
    made.add_capability(CapabilityBuilder("c").window("main").permission_scoped("fs:allow-stat", ["x"]))
    for _ in range(2):
        for command in ("plugin:fs|read_file", "plugin:fs|stat", "scan_all", "plugin:event|emit", "plugin:stream|pull"):
            assert made.authorize(command, "main", "main", LOCAL).command == command
    assert made.calls == (
        RecordedCall("main", "plugin:fs|read_file", "fs:allow-read-file", scoped=False),
        RecordedCall("main", "plugin:fs|stat", "fs:allow-stat", scoped=True),
        RecordedCall("main", "scan_all", "allow-scan-all", scoped=False),
        RecordedCall("main", "plugin:event|emit", "core:event:allow-emit", scoped=False),
        RecordedCall("main", "plugin:stream|pull", None, scoped=False),
    )


def test_what_is_denied_does_not_exist_or_is_called_from_elsewhere_stays_refused() -> None:
    made = authority()
    made.add_capability(CapabilityBuilder("c").window("main").permission("fs:deny-stat"))
    for command, origin in (
        ("plugin:fs|stat", LOCAL),
        ("plugin:fs|shout", LOCAL),
        ("plugin:none|x", LOCAL),
        ("plugin:fs|read_file", Origin.remote("https://example.org")),
    ):
        with pytest.raises(NotAllowed):
            made.authorize(command, "main", "main", origin)
    assert made.calls == ()
