from __future__ import annotations

from typing import Any

import pytest

from tests.acl.core_permissions import core_manifests
from transom.acl import Caller, Capability, CapabilityBuilder, Commands, Origin, Permission, Scopes
from transom.acl._resolved import Resolved, ResolvedCommand, ResolvedScope, resolve
from transom.acl.manifests._manifest import Manifest, with_manifest

LOCAL = Origin.local()
FS = Manifest(
    commands=("read", "write"),
    default=("allow-read", "both", "home"),
    permissions={
        "both": Permission(
            identifier="both",
            commands=Commands(("write",), ("read",)),
            scope=Scopes(deny=("own",)),
            platforms=("linux",),
        ),
        "home": Permission(identifier="home", scope=Scopes(allow=("$HOME",))),
        "mac": Permission(identifier="mac", commands=Commands(("read",)), platforms=("macOS",)),
    },
)


def resolved(capability: Capability | CapabilityBuilder, platform: str = "linux") -> Resolved:
    built = capability if isinstance(capability, Capability) else capability.build()
    return resolve(built, with_manifest(core_manifests(), "fs", FS), platform)


def entry(capability: CapabilityBuilder) -> ResolvedCommand:
    only = resolved(capability)
    (one,) = only.allowed + only.denied
    return one


def shown(entries: tuple[ResolvedCommand, ...]) -> list[tuple[str, str, Scopes]]:
    return [(one.key, one.permission, one.scope) for one in entries]


def test_an_entry_says_where_it_comes_from_and_whom_it_is_for() -> None:
    builder = (
        CapabilityBuilder("c")
        .windows(["b", "a"])
        .webview("v")
        .remote("https://example.org")
        .permission("fs:allow-read")
    )
    local, remote = resolved(builder).allowed
    assert (local.key, local.capability, local.permission) == ("plugin:fs|read", "c", "fs:allow-read")
    assert ([glob.pattern for glob in local.windows], [glob.pattern for glob in local.webviews]) == (["a", "b"], ["v"])
    assert local.context is None
    assert remote.context is not None
    assert remote.context.pattern == "https://example.org"


def test_values_of_the_entry_come_before_those_of_the_permission() -> None:
    found = resolved(CapabilityBuilder("c").permission_scoped("fs:default", ["a"], ["d"]))
    given = Scopes(("a",), ("d",))
    assert shown(found.allowed) == [
        ("plugin:fs|read", "fs:allow-read", given),
        ("plugin:fs|write", "fs:both", Scopes(("a",), ("d", "own"))),
    ]
    assert shown(found.denied) == [("plugin:fs|read", "fs:both", Scopes(("a",), ("d", "own")))]
    assert found.global_scope == (("fs", Scopes(("a", "$HOME"), ("d",))),)


def test_a_permission_of_another_platform_does_not_keep_those_after_it_from_counting() -> None:
    found = resolved(CapabilityBuilder("c").permission("fs:default"), "macOS")
    assert [one.permission for one in found.allowed] == ["fs:allow-read"]
    assert found.denied == ()
    assert found.global_scope == (("fs", Scopes(("$HOME",))),)


def test_a_permission_without_commands_is_of_its_whole_plugin_only_when_it_has_values() -> None:
    assert resolved(CapabilityBuilder("c").permission("fs:home")).global_scope == (("fs", Scopes(("$HOME",))),)
    assert resolved(CapabilityBuilder("c").permission("fs:allow-read")).global_scope == ()


def test_what_is_for_another_platform_does_not_count() -> None:
    assert resolved(CapabilityBuilder("c").permission("fs:allow-read").platform("iOS")) == Resolved()
    assert shown(resolved(CapabilityBuilder("c").permission("fs:default"), "windows").allowed) == [
        ("plugin:fs|read", "fs:allow-read", Scopes())
    ]
    assert resolved(CapabilityBuilder("c").permission("fs:mac")).allowed == ()
    assert (
        len(resolved(CapabilityBuilder("c").permission("fs:mac").platforms(["macOS", "linux"]), "macOS").allowed) == 1
    )


@pytest.mark.parametrize(
    ("builder", "sentence", "place"),
    [
        (
            CapabilityBuilder("c").permission("fs:allow-read").permission("fs:allow-raed"),
            "unknown permission allow-raed for fs; did you mean",
            ("permissions", 1),
        ),
        (CapabilityBuilder("c").windows(["a", "["]), "failed to run glob", ("windows", 1)),
        (CapabilityBuilder("c").webview("["), "failed to run glob", ("webviews", 0)),
        (CapabilityBuilder("c").remote("example.org"), "invalid remote url pattern", ("remote", "urls", 0)),
        (
            CapabilityBuilder("c").platform("macos"),
            "unknown platform macos; they are macOS, windows, linux, android, iOS",
            ("platforms",),
        ),
        (Capability(identifier="c", permissions=("a_b",)), "invalid permission identifier 'a_b'", ("permissions", 0)),
    ],
)
def test_what_cannot_be_understood_is_a_fault_with_its_place(
    builder: Any, sentence: str, place: tuple[str | int, ...]
) -> None:
    [fault] = resolved(builder).faults
    assert fault.text.startswith(sentence)
    assert fault.place == place


@pytest.mark.parametrize(
    ("builder", "window", "webview", "origin", "allows"),
    [
        (CapabilityBuilder("c").window("main"), "main", "any", LOCAL, True),
        (CapabilityBuilder("c").window("main"), "other", "main", LOCAL, False),
        (CapabilityBuilder("c").webview("side"), "any", "side", LOCAL, True),
        (CapabilityBuilder("c").webview("side"), "side", "any", LOCAL, False),
        (CapabilityBuilder("c"), "main", "main", LOCAL, False),
        (CapabilityBuilder("c").window("*"), "main", "main", Origin.remote("https://example.org"), False),
        (CapabilityBuilder("c").window("*").local(False).remote("https://*"), "main", "main", LOCAL, False),
        (
            CapabilityBuilder("c").window("*").local(False).remote("https://*"),
            "main",
            "main",
            Origin.remote("https://example.org"),
            True,
        ),
    ],
)
@pytest.mark.parametrize("verb", ["allow", "deny"])
def test_an_entry_is_for_those_whom_its_capability_names(
    builder: CapabilityBuilder, window: str, webview: str, origin: Origin, allows: bool, verb: str
) -> None:
    capability = builder.build()
    named = bool(capability.windows or capability.webviews)
    one = entry(_with(builder, f"fs:{verb}-read"))
    if verb == "allow":
        assert one.allows(Caller(window, webview, origin)) is allows
    else:
        assert one.denies(Caller(window, webview, origin)) is (allows or not named)


def _with(builder: CapabilityBuilder, permission: str) -> CapabilityBuilder:
    built = builder.build()
    copy = CapabilityBuilder("c").windows(built.windows).webviews(built.webviews).local(built.local)
    for url in built.remote.urls if built.remote else ():
        copy.remote(url)
    return copy.permission(permission)


def test_a_path_narrows_what_is_allowed_and_not_what_is_denied() -> None:
    builder = CapabilityBuilder("c").window("*").local(False).remote("https://example.org/app/*")
    admin = Caller("main", "main", Origin.remote("https://example.org/admin"))
    elsewhere = Caller("main", "main", Origin.remote("https://example.net/app/x"))
    assert not entry(_with(builder, "fs:allow-read")).allows(admin)
    assert entry(_with(builder, "fs:deny-read")).denies(admin)
    assert not entry(_with(builder, "fs:deny-read")).denies(elsewhere)


def test_scopes_are_put_one_after_the_other() -> None:
    scope = ResolvedScope([Scopes(("a",), None), Scopes(None, ("b",)), Scopes(("c",), ("d",))])
    assert (scope.allow, scope.deny) == (("a", "c"), ("b", "d"))
