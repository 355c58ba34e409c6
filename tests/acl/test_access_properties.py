"""Rules that hold for any capabilities and any caller."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from random import Random
from typing import TypeAlias

from hypothesis import given
from hypothesis import strategies as st

from tests.acl.core_permissions import core_authority
from transom.acl import (
    CapabilityBuilder,
    CommandScope,
    GlobalScope,
    Grant,
    Origin,
    Permission,
    Reason,
    RuntimeAuthority,
    Scopes,
)
from transom.errors import NotAllowed

LABELS = ("main", "details-1", "a*b", "[x]", "?")
GLOBS = ("main", "details-*", "*", "a[*]b", "[[]x]", "[?]", "[!m]*")
URLS = ("https://example.org", "https://app.example.org/a", "http://localhost:1420", "null")
URL_PATTERNS = (
    "https://example.org",
    "https://*.example.org",
    "https://*",
    "https://app.example.org/b/*",
    "http://*:*",
)
COMMANDS = ("scan", "read_it", "plugin:fs|read", "plugin:fs|write_all", "plugin:event|emit", "plugin:resources|close")
MISSING = ("plugin:fs|shout", "plugin:fs|", "plugin:event|a b", "plugin:window|show", "plugin:|", "plugin:core|emit")
SUFFIXES = ("scan", "read-it")
PLUGIN_SUFFIXES = ("fs:%s-read", "fs:%s-write-all", "core:event:%s-emit", "core:resources:%s-close")
ALLOWS = (
    *(f"allow-{name}" for name in SUFFIXES),
    *(name % "allow" for name in PLUGIN_SUFFIXES),
    "fs:default",
    "core:default",
)
DENIES = (*(f"deny-{name}" for name in SUFFIXES), *(name % "deny" for name in PLUGIN_SUFFIXES))

Caller: TypeAlias = tuple[str, str, str, Origin]
"""Command, window, webview, origin: what `authorize` takes."""

callers_at = (
    st.sampled_from(LABELS),
    st.sampled_from(LABELS),
    st.just(Origin.local()) | st.sampled_from(URLS).map(Origin.remote),
)
callers = st.tuples(st.sampled_from(COMMANDS), *callers_at)
callers_of_anything = st.tuples(st.sampled_from(COMMANDS + MISSING), *callers_at)


@st.composite
def builders(
    draw: st.DrawFn, permissions: Sequence[str] = (*ALLOWS, *DENIES), *, remote: bool = True
) -> CapabilityBuilder:
    builder = CapabilityBuilder(draw(st.sampled_from("abc"))).local(draw(st.booleans()))
    builder.windows(draw(st.lists(st.sampled_from(GLOBS), max_size=2)))
    builder.webviews(draw(st.lists(st.sampled_from(GLOBS), max_size=1)))
    for url in draw(st.lists(st.sampled_from(URL_PATTERNS), max_size=2)) if remote else ():
        builder.remote(url)
    for permission in draw(st.lists(st.sampled_from(permissions), max_size=3)):
        if draw(st.booleans()):
            builder.permission(permission)
        else:
            builder.permission_scoped(
                permission, [draw(st.integers(0, 3))], draw(st.lists(st.integers(0, 3), max_size=1))
            )
    return builder


def having(capabilities: Sequence[CapabilityBuilder], *, development: bool = False) -> RuntimeAuthority:
    authority = core_authority(development=development)
    home = Permission(identifier="home", scope=Scopes((9,)))
    authority.declare("fs", commands=["read", "write_all"], default=["allow-read", "home"], permissions=[home])
    for capability in capabilities:
        authority.add_capability(capability)
    return authority


def answer(authority: RuntimeAuthority, caller: Caller) -> object:
    """Return all that a command could see of a decision; `None` for a refusal."""
    try:
        grant = authority.authorize(*caller)
    except NotAllowed:
        return None
    return seen(grant)


def seen(grant: Grant) -> object:
    return grant.command, grant.webview, CommandScope.of(grant, int), GlobalScope.of(grant, int)


capability_lists = st.lists(builders(), max_size=4)


@given(capability_lists, callers, st.randoms(use_true_random=False))
def test_the_order_of_capabilities_decides_nothing(
    capabilities: list[CapabilityBuilder], caller: Caller, random: Random
) -> None:
    shuffled = list(capabilities)
    random.shuffle(shuffled)
    assert (answer(having(capabilities), caller) is None) is (answer(having(shuffled), caller) is None)


@given(capability_lists, callers, st.integers(0, 4), st.booleans())
def test_a_deny_wins_wherever_it_stands(
    capabilities: list[CapabilityBuilder], caller: Caller, place: int, named: bool
) -> None:
    command, window, _webview, origin = caller
    plugin, _, name = command.removeprefix("plugin:").rpartition("|")
    prefix = {"": "", "fs": "fs:"}.get(plugin, f"core:{plugin}:")
    deny = CapabilityBuilder("deny").permission(f"{prefix}deny-{name.replace('_', '-')}")
    if named:
        deny.window("".join(f"[{letter}]" if letter in "*?[" else letter for letter in window))
    if origin.url is not None and "://" in origin.url:
        deny.remote(origin.url)
    capabilities.insert(place, deny)
    assert answer(having(capabilities), caller) is None


@given(capability_lists, builders(ALLOWS), callers)
def test_a_capability_without_denies_takes_no_right_away(
    capabilities: list[CapabilityBuilder], more: CapabilityBuilder, caller: Caller
) -> None:
    if answer(having(capabilities), caller) is not None:
        assert answer(having([*capabilities, more]), caller) is not None


@given(capability_lists, builders(DENIES), callers)
def test_a_capability_of_denies_gives_nothing(
    capabilities: list[CapabilityBuilder], more: CapabilityBuilder, caller: Caller
) -> None:
    if answer(having([*capabilities, more]), caller) is not None:
        assert answer(having(capabilities), caller) is not None


@given(capability_lists, callers_of_anything)
def test_a_decision_has_a_grant_exactly_when_the_call_is_authorized(
    capabilities: list[CapabilityBuilder], caller: Caller
) -> None:
    for development in (False, True):
        authority = having(capabilities, development=development)
        decision = authority.decide(*caller)
        assert (None if decision.grant is None else seen(decision.grant)) == answer(authority, caller)
        assert (decision.grant is not None) is (decision.reason in (Reason.ALLOWED, Reason.NEEDS_NO_PERMISSION))
        assert authority.resolve_access(*caller) == (None if decision.grant is None else decision.entries)


@given(capability_lists, callers_of_anything)
def test_a_decision_names_what_decided_and_what_came_closest(
    capabilities: list[CapabilityBuilder], caller: Caller
) -> None:
    decision = having(capabilities).decide(*caller)
    assert bool(decision.entries) is (decision.reason in (Reason.ALLOWED, Reason.DENIED))
    if decision.reason is Reason.DENIED:
        assert all(entry.denies(decision.caller) for entry in decision.entries)
    else:
        assert all(entry.allows(decision.caller) for entry in decision.entries)
    assert not any(entry.allows(decision.caller) for entry in decision.elsewhere)
    missing = decision.reason in (Reason.UNKNOWN_COMMAND, Reason.UNKNOWN_PLUGIN)
    assert missing is (caller[0] in MISSING)


@given(capability_lists, builders(DENIES), callers_of_anything, st.integers(0, 4))
def test_adding_a_deny_never_turns_a_refusal_into_a_grant(
    capabilities: list[CapabilityBuilder], more: CapabilityBuilder, caller: Caller, place: int
) -> None:
    before = having(capabilities).decide(*caller)
    after = having([*capabilities[:place], more, *capabilities[place:]]).decide(*caller)
    if before.grant is None:
        assert after.grant is None
    if after.grant is None and before.grant is not None:
        assert after.reason is Reason.DENIED


@given(capability_lists, callers)
def test_a_permission_that_a_decision_names_allows_the_call(
    capabilities: list[CapabilityBuilder], caller: Caller
) -> None:
    _, _, _, origin = caller
    decision = having(capabilities).decide(*caller)
    for permission in decision.permissions if origin.url is None or "://" in origin.url else ():
        more = CapabilityBuilder("more").window("*").permission(permission)
        if origin.url is not None:
            more.remote(origin.url)
        assert having([*capabilities, more]).decide(*caller).reason is Reason.ALLOWED


@given(st.lists(builders(remote=False), max_size=4), callers)
def test_a_remote_page_never_gets_what_local_pages_have(capabilities: list[CapabilityBuilder], caller: Caller) -> None:
    command, window, webview, _ = caller
    for url in (*URLS, "tauri://localhost", "local", ""):
        assert answer(having(capabilities), (command, window, webview, Origin.remote(url))) is None


@given(capability_lists, st.text() | st.text("plugin:|_-event").map("plugin:".__add__), st.sampled_from(LABELS))
def test_any_name_of_a_command_is_granted_or_refused(
    capabilities: list[CapabilityBuilder], command: str, label: str
) -> None:
    for development in (False, True):
        authority = having(capabilities, development=development)
        for origin in (Origin.local(), Origin.remote(URLS[0])):
            with suppress(NotAllowed):
                assert authority.authorize(command, label, label, origin).command == command


@given(st.lists(callers | builders(), max_size=12))
def test_what_is_remembered_never_changes_an_answer(steps: list[Caller | CapabilityBuilder]) -> None:
    authority = having([])
    added: list[CapabilityBuilder] = []
    asked: list[Caller] = []
    for step in steps:
        if isinstance(step, CapabilityBuilder):
            authority.add_capability(step)
            added.append(step)
        else:
            asked.append(step)
        for caller in asked:
            assert answer(authority, caller) == answer(having(added), caller)
