from __future__ import annotations

import re
import sys

import pytest

from tests.acl.core_permissions import core_authority
from transom.acl import (
    APP_ACL_KEY,
    Capability,
    CapabilityBuilder,
    CommandScope,
    GlobalScope,
    Grant,
    Origin,
    Permission,
    RuntimeAuthority,
    RuntimeCapability,
    Scopes,
)
from transom.errors import ConfigError, NotAllowed

LOCAL = Origin.local()
REMOTE = Origin.remote("https://example.org")
MISSING = (
    "plugin:",
    "plugin:|emit",
    "plugin:window|set_title",
    "plugin:event",
    "plugin:event|",
    "plugin:event|shout",
    "plugin:event|emit|x",
    "plugin:core|emit",
    "plugin:core:event|emit",
    f"plugin:{APP_ACL_KEY}|scan",
)
CORE = ("event|emit", "event|emit_to", "event|listen", "event|unlisten", "resources|close", "stream|pull")


def may(authority: RuntimeAuthority, command: str, origin: Origin = LOCAL, window: str = "main") -> bool:
    """Ask in both ways, which have to agree."""
    if authority.resolve_access(command, window, "view", origin) is None:
        with pytest.raises(NotAllowed, match=f"^Command {re.escape(command)} not allowed by ACL: "):
            authority.authorize(command, window, "view", origin)
        return False
    grant = authority.authorize(command, window, "view", origin)
    assert (grant.command, grant.webview) == (command, "view")
    return True


def having(*capabilities: RuntimeCapability | Capability | str) -> RuntimeAuthority:
    authority = core_authority()
    authority.declare(
        "fs",
        commands=["read", "write"],
        default=["allow-read"],
        permissions=[Permission(identifier="home", scope=Scopes(("$HOME",)))],
    )
    for capability in capabilities:
        authority.add_capability(capability)
    return authority


def everywhere(identifier: str = "c") -> CapabilityBuilder:
    return CapabilityBuilder(identifier).window("*").remote("https://example.org")


@pytest.mark.parametrize("command", ["scan", "", "a|b", *(f"plugin:{name}" for name in CORE)])
def test_a_local_page_may_call_the_applications_commands_and_the_core_ones(command: str) -> None:
    assert core_authority().authorize(command, "main", "view", LOCAL) == Grant(command, "view")
    assert core_authority().resolve_access(command, "main", "view", LOCAL) == ()


@pytest.mark.parametrize(
    "command",
    [
        "plugin:fs|read",
        "plugin:fs|write",
    ],
)
def test_a_plugins_command_needs_a_permission(command: str) -> None:
    with pytest.raises(NotAllowed) as caught:
        having().authorize(command, "main", "view", LOCAL)
    assert str(caught.value) == f"Command {command} not allowed by ACL: webview 'view' has no permission for it"


@pytest.mark.parametrize("command", MISSING)
@pytest.mark.parametrize("development", [False, True])
def test_a_command_that_does_not_exist_is_refused_whatever_capabilities_say(command: str, development: bool) -> None:
    authority = core_authority(development=development)
    authority.add_capability(everywhere().permission("core:default").permission("allow-emit").permission("allow-scan"))
    for origin in (LOCAL, REMOTE):
        assert authority.resolve_access(command, "main", "view", origin) is None
        with pytest.raises(NotAllowed):
            authority.authorize(command, "main", "view", origin)


@pytest.mark.parametrize("command", ["scan", *(f"plugin:{name}" for name in CORE), "plugin:fs|read", *MISSING])
def test_a_remote_page_may_call_nothing_of_itself(command: str) -> None:
    with pytest.raises(NotAllowed) as caught:
        having(CapabilityBuilder("local").window("*").permission("fs:default")).authorize(command, "main", "v", REMOTE)
    assert str(caught.value) == (
        f"Command {command} not allowed by ACL: the page in webview 'v' is of the remote origin https://example.org, "
        "and no capability gives it this command"
    )


def test_the_runtime_decides_what_is_local_not_the_text_of_the_origin() -> None:
    with pytest.raises(NotAllowed, match="remote origin tauri://localhost"):
        core_authority().authorize("scan", "main", "main", Origin.remote("tauri://localhost"))


def test_a_capability_gives_a_plugins_commands_to_whom_it_names() -> None:
    authority = having(CapabilityBuilder("c").window("main").permission("fs:default"))
    assert may(authority, "plugin:fs|read")
    assert not may(authority, "plugin:fs|read", window="other")
    assert not may(authority, "plugin:fs|write")
    assert not may(authority, "plugin:fs|read", REMOTE)


def test_a_capability_gives_a_remote_page_what_it_says_and_no_more() -> None:
    authority = having(everywhere().permission("allow-scan-all").permission("core:event:allow-listen"))
    assert may(authority, "scan_all", REMOTE)
    assert may(authority, "plugin:event|listen", REMOTE)
    assert not may(authority, "plugin:event|emit", REMOTE)
    assert not may(authority, "other", REMOTE)
    assert not may(authority, "scan_all", Origin.remote("https://example.net"))


def test_what_is_denied_is_said_to_be_denied() -> None:
    authority = having(everywhere().permission("deny-scan"))
    with pytest.raises(NotAllowed, match="not allowed by ACL: a capability denies it to webview 'view'$"):
        authority.authorize("scan", "main", "view", LOCAL)


def test_a_deny_takes_also_what_needs_no_permission() -> None:
    authority = having(CapabilityBuilder("c").window("main").permission("deny-scan").permission("core:event:deny-emit"))
    assert not may(authority, "scan")
    assert not may(authority, "plugin:event|emit")
    assert may(authority, "scan", window="other")
    assert may(authority, "plugin:event|listen")


@pytest.mark.parametrize("order", [1, -1])
def test_a_deny_counts_before_an_allow(order: int) -> None:
    both = [everywhere("a").permission("fs:allow-read"), everywhere("b").permission("fs:deny-read")]
    assert not may(having(*both[::order]), "plugin:fs|read")
    assert not may(
        having(everywhere().permission("fs:deny-read").permission("fs:allow-read")), "plugin:fs|read", REMOTE
    )


def test_a_deny_covers_every_spelling_of_a_command() -> None:
    authority = having(everywhere().permission("deny-read-it"))
    assert [may(authority, name) for name in ("read_it", "read-it", "readit")] == [False, False, True]


def test_a_capability_counts_from_the_next_call_on() -> None:
    authority = having()
    assert not may(authority, "plugin:fs|read")
    authority.add_capability(everywhere().permission("fs:allow-read"))
    assert may(authority, "plugin:fs|read")
    authority.add_capability(everywhere().permission("fs:deny-read"))
    assert not may(authority, "plugin:fs|read")


def test_every_kind_of_capability_is_taken() -> None:
    permissions = ("fs:allow-read",)
    text = '{"capabilities": [{"identifier": "a", "windows": ["*"], "permissions": ["fs:allow-read"]}]}'
    for capability in (
        CapabilityBuilder("a").window("*").permission("fs:allow-read"),
        Capability(identifier="a", windows=("*",), permissions=permissions),
        text,
        'identifier = "a"\nwindows = ["*"]\npermissions = ["fs:allow-read"]',
    ):
        assert may(having(capability), "plugin:fs|read")  # type: ignore[arg-type]


def test_nothing_is_added_of_a_text_with_an_error_in_it() -> None:
    authority = having()
    with pytest.raises(ConfigError, match="capability `b`: unknown permission allow-raed for fs"):
        authority.add_capability(
            '[{"identifier": "a", "windows": ["*"], "permissions": ["fs:allow-read"]},'
            '{"identifier": "b", "permissions": ["fs:allow-raed"]}]'
        )
    assert not may(authority, "plugin:fs|read")


def test_the_application_may_declare_permissions_too() -> None:
    authority = core_authority()
    authority.declare(APP_ACL_KEY, commands=["scan", "read_all"], sets={"tools": ["allow-scan", "allow-read-all"]})
    authority.add_capability(everywhere().permission("tools"))
    assert may(authority, "read_all", REMOTE)
    with pytest.raises(
        ConfigError, match="for app manifest, because the application has no command `scna`; did you mean `deny-scan`?"
    ):
        authority.add_capability(everywhere().permission("deny-scna"))


@pytest.mark.parametrize(
    ("system", "platform"),
    [
        ("linux", "linux"),
        ("darwin", "macOS"),
        ("win32", "windows"),
        ("freebsd14", "linux"),
        ("ios", "iOS"),
        ("android", "android"),
    ],
)
def test_capabilities_of_this_system_count(monkeypatch: pytest.MonkeyPatch, system: str, platform: str) -> None:
    monkeypatch.setattr(sys, "platform", system)
    for name in ("linux", "macOS", "windows", "iOS", "android"):
        assert may(having(everywhere().permission("fs:allow-read").platform(name)), "plugin:fs|read") is (
            name == platform
        )


def test_another_platform_can_be_asked_about_if_there_is_such() -> None:
    authority = core_authority(platform="android")
    authority.add_capability(everywhere().permission("allow-scan").platform("android"))
    assert may(authority, "scan", REMOTE)
    with pytest.raises(ConfigError, match="unknown platform amiga"):
        core_authority(platform="amiga")


def test_a_grant_carries_the_scopes_of_every_entry_that_matches() -> None:
    authority = having(
        CapabilityBuilder("a").window("main").permission_scoped("fs:allow-read", ["/a"], ["/x"]),
        CapabilityBuilder("b").window("main").permission("fs:allow-read"),
        CapabilityBuilder("c").window("ma*").permission_scoped("fs:allow-read", ["/b"]),
        CapabilityBuilder("d").window("other").permission_scoped("fs:allow-read", ["/c"]).permission("fs:home"),
    )
    grant = authority.authorize("plugin:fs|read", "main", "main", LOCAL)
    assert CommandScope.of(grant, str) == CommandScope(("/a", "/b"), ("/x",))
    assert GlobalScope.of(grant, str) == GlobalScope(("$HOME",))


def test_scopes_of_capabilities_added_one_by_one_stay_apart() -> None:
    # Tauri: both scopes have the number 1, so each command would get both.
    authority = having(
        CapabilityBuilder("a").window("*").permission_scoped("fs:allow-read", ["/a"]),
        CapabilityBuilder("b").window("*").permission_scoped("fs:allow-write", ["/b"]),
    )
    for command, allowed in (("read", "/a"), ("write", "/b")):
        grant = authority.authorize(f"plugin:fs|{command}", "main", "main", LOCAL)
        assert CommandScope.of(grant, str).allows == (allowed,)


def test_a_scope_of_the_applications_own_command_reaches_those_that_it_names() -> None:
    authority = having(CapabilityBuilder("a").window("main").permission_scoped("allow-scan", ["/a"]))
    scopes = [CommandScope.of(authority.authorize("scan", name, name, LOCAL), str) for name in ("main", "other")]
    assert [scope.allows for scope in scopes] == [("/a",), ()]


def test_a_caller_gets_one_grant_and_so_reads_scopes_once() -> None:
    authority = having(everywhere().permission_scoped("allow-scan", ["/a"]))
    first, second = (authority.authorize("scan", "main", "main", LOCAL) for _ in range(2))
    assert first is second
    authority.add_capability(everywhere("d").permission_scoped("allow-scan", ["/b"]))
    assert CommandScope.of(authority.authorize("scan", "main", "main", LOCAL), str).allows == ("/a", "/b")
