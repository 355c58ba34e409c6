from __future__ import annotations

import pytest

from tests.acl.core_permissions import core_authority
from transom.acl import (
    APP_ACL_KEY,
    Caller,
    CapabilityBuilder,
    Commands,
    CommandScope,
    Decision,
    GlobalScope,
    Origin,
    Permission,
    Reason,
    RuntimeAuthority,
    Scopes,
)
from transom.errors import NotAllowed

LOCAL = Origin.local()
REMOTE = Origin.remote("https://example.org")


def authority(*capabilities: CapabilityBuilder, development: bool = False) -> RuntimeAuthority:
    made = core_authority(development=development)
    home = Permission(identifier="home", scope=Scopes(("$HOME",)))
    made.declare("fs", commands=["read", "write"], default=["allow-read"], permissions=[home])
    for capability in capabilities:
        made.add_capability(capability)
    return made


def decide(command: str, *capabilities: CapabilityBuilder, origin: Origin = LOCAL) -> Decision:
    return authority(*capabilities).decide(command, "main", "view", origin)


def main(identifier: str = "c") -> CapabilityBuilder:
    return CapabilityBuilder(identifier).window("main")


def origins(decision: Decision) -> list[tuple[str, str]]:
    return [(entry.capability, entry.permission) for entry in decision.entries]


def test_a_capability_allows() -> None:
    decision = decide(
        "plugin:fs|read",
        main("a").permission_scoped("fs:default", ["/a"]),
        main("b").permission("fs:allow-read").permission("fs:home"),
        CapabilityBuilder("c").window("other").permission_scoped("fs:allow-read", ["/c"]),
    )
    assert (decision.command, decision.caller) == ("plugin:fs|read", Caller("main", "view", LOCAL))
    assert decision.reason is Reason.ALLOWED
    assert origins(decision) == [("a", "fs:allow-read"), ("b", "fs:allow-read")]
    assert (decision.elsewhere, decision.permissions) == ((), ())
    assert decision.grant is not None
    assert (decision.grant.command, decision.grant.webview) == ("plugin:fs|read", "view")
    assert CommandScope.of(decision.grant, str).allows == ("/a",)
    assert GlobalScope.of(decision.grant, str).allows == ("$HOME",)


@pytest.mark.parametrize("command", ["scan", "plugin:event|emit"])
def test_some_commands_need_no_permission(command: str) -> None:
    decision = decide(command)
    assert decision.reason is Reason.NEEDS_NO_PERMISSION
    assert decision.grant is not None
    assert (decision.entries, decision.elsewhere, decision.permissions) == ((), (), ())


def test_a_command_that_needs_no_permission_may_have_one_and_its_scope() -> None:
    decision = decide("scan", main().permission_scoped("allow-scan", ["/a"]))
    assert decision.reason is Reason.ALLOWED
    assert origins(decision) == [("c", "allow-scan")]


def test_a_capability_denies() -> None:
    decision = decide(
        "plugin:fs|read",
        main("a").permission("fs:deny-read"),
        main("b").permission("fs:allow-read"),
        CapabilityBuilder("c").window("other").permission("fs:deny-read"),
    )
    assert decision.reason is Reason.DENIED
    assert decision.grant is None
    assert origins(decision) == [("a", "fs:deny-read")]


def test_no_capability_allows_and_the_permissions_that_would_are_named() -> None:
    decision = decide("plugin:fs|read")
    assert decision.reason is Reason.NO_CAPABILITY
    assert decision.grant is None
    assert (decision.entries, decision.elsewhere) == ((), ())
    assert decision.permissions == ("fs:allow-read", "fs:default")


def test_what_other_callers_are_allowed_comes_closest() -> None:
    other_window = CapabilityBuilder("a").window("other").permission("fs:allow-read")
    other_webview = CapabilityBuilder("b").webview("side").permission("fs:allow-read")
    other_origin = main("c").local(False).remote("https://example.net").permission("fs:allow-read")
    decision = decide("plugin:fs|read", other_window, other_webview, other_origin)
    assert decision.reason is Reason.NO_CAPABILITY
    assert decision.entries == ()
    assert [entry.capability for entry in decision.elsewhere] == ["a", "b", "c"]
    assert decision.permissions == ("fs:allow-read", "fs:default")


@pytest.mark.parametrize(
    ("command", "permissions"),
    [
        ("scan", ("allow-scan",)),
        ("plugin:event|emit", ("core:event:allow-emit", "core:event:default")),
        ("plugin:fs|write", ("fs:allow-write",)),
    ],
)
def test_a_remote_page_needs_a_capability_that_names_its_address(command: str, permissions: tuple[str, ...]) -> None:
    local_only = main().permission("allow-scan").permission("core:default").permission("fs:allow-write")
    decision = decide(command, local_only, origin=REMOTE)
    assert decision.reason is Reason.REMOTE_WITHOUT_CAPABILITY
    assert decision.grant is None
    assert [entry.capability for entry in decision.elsewhere] == ["c"]
    assert decision.permissions == permissions


@pytest.mark.parametrize("origin", [LOCAL, REMOTE])
@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("plugin:fs|shout", Reason.UNKNOWN_COMMAND),
        ("plugin:event|shout", Reason.UNKNOWN_COMMAND),
        ("plugin:tray|set_title", Reason.UNKNOWN_PLUGIN),
        ("plugin:http|fetch", Reason.UNKNOWN_PLUGIN),
    ],
)
def test_what_does_not_exist_is_refused_for_that_reason(command: str, reason: Reason, origin: Origin) -> None:
    decision = decide(command, main().remote("https://*").permission("core:default"), origin=origin)
    assert decision.reason is reason
    assert decision.grant is None
    assert (decision.entries, decision.elsewhere, decision.permissions) == ((), (), ())


def test_a_permission_of_the_application_may_name_a_command_of_a_plugin_that_is_not_there() -> None:
    made = authority()
    ghost = Permission(identifier="ghost", commands=Commands(allow=("plugin:ghost|read",)))
    made.declare(APP_ACL_KEY, permissions=[ghost])
    made.add_capability(main().permission("ghost"))
    assert made.decide("plugin:ghost|read", "main", "view", LOCAL).reason is Reason.ALLOWED
    elsewhere = made.decide("plugin:ghost|read", "other", "view", LOCAL)
    assert elsewhere.reason is Reason.NO_CAPABILITY
    assert [entry.permission for entry in elsewhere.elsewhere] == ["ghost"]


def test_a_plugin_whose_commands_are_not_known_may_have_any() -> None:
    made = authority()
    made.declare("http")
    assert made.decide("plugin:http|fetch", "main", "view", LOCAL).reason is Reason.NO_CAPABILITY
    made.add_capability(main().permission("http:allow-fetch"))
    assert made.decide("plugin:http|fetch", "main", "view", LOCAL).reason is Reason.ALLOWED


def test_a_decision_follows_what_is_declared_and_added_later() -> None:
    made = authority()
    reasons = [made.decide("plugin:http|fetch", "main", "view", LOCAL).reason]
    made.declare("http", commands=["fetch"])
    reasons.append(made.decide("plugin:http|fetch", "main", "view", LOCAL).reason)
    made.add_capability(main().permission("http:allow-fetch"))
    reasons.append(made.decide("plugin:http|fetch", "main", "view", LOCAL).reason)
    made.add_capability(main("d").permission("http:deny-fetch"))
    reasons.append(made.decide("plugin:http|fetch", "main", "view", LOCAL).reason)
    assert reasons == [Reason.UNKNOWN_PLUGIN, Reason.NO_CAPABILITY, Reason.ALLOWED, Reason.DENIED]


def test_a_decision_that_is_asked_for_is_not_remembered() -> None:
    made = authority()
    made.decide("scan", "main", "view", LOCAL)
    assert made._table.remembered("scan", "main", "view", LOCAL) is None
    grant = made.authorize("scan", "main", "view", LOCAL)
    assert made._table.remembered("scan", "main", "view", LOCAL) is grant


def test_a_refusal_is_never_remembered() -> None:
    made = authority()
    for _ in range(2):
        with pytest.raises(NotAllowed):
            made.authorize("plugin:fs|read", "main", "view", LOCAL)
    assert not made._table._grants
