"""Which events the scopes of a page's permissions cover."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transom.acl import Capability, Origin, PermissionEntry, RuntimeAuthority
from transom.errors import ConfigError, NotAllowed
from transom.ipc import CommandScope
from transom.plugins.event import EventRule, check_event
from transom.wire import EventTarget


def scope_of(*, command: str = "listen", **scope: list[Any]) -> CommandScope[EventRule]:
    """Return what a command of a page gets whose permission has a scope."""
    authority = RuntimeAuthority()
    authority.declare("core:event", commands=("listen", "emit", "emit_to"))
    entry = PermissionEntry(
        f"core:event:allow-{command.replace('_', '-')}", tuple(scope.get("allow", ())), tuple(scope.get("deny", ()))
    )
    authority.add_capability(Capability(identifier="main", windows=("main",), permissions=(entry,)))
    return CommandScope.of(authority.authorize(f"plugin:event|{command}", "main", "main", Origin.local()), EventRule)


def allows(given: CommandScope[EventRule], event: str, label: str | None = None, kind: Any = "Window") -> bool:
    target = EventTarget("Any") if label is None else EventTarget(kind, label)
    try:
        check_event("listen", given, event, target)
    except NotAllowed:
        return False
    return True


def test_names_are_globs_and_a_deny_takes_precedence() -> None:
    scope = scope_of(allow=["news-*", {"event": "tauri://*"}], deny=[{"event": "news-secret"}])
    assert [allows(scope, name) for name in ("news-a", "news-", "tauri://close-requested", "new", "news-secret", "")] == [
        True, True, True, False, False, False,
    ]  # fmt: skip


def test_only_denies_leave_everything_else_allowed() -> None:
    scope = scope_of(deny=["secret"])
    assert allows(scope, "anything")
    assert not allows(scope, "secret")


def test_a_target_is_a_label_and_listening_to_all_is_more_than_one() -> None:
    scope = scope_of(allow=[{"event": "progress", "target": "job-*"}])
    assert allows(scope, "progress", "job-1")
    assert not allows(scope, "progress", "main")
    assert not allows(scope, "progress")
    for kind in ("Any", "App"):  # which have no label, whatever the page writes
        assert not allows(scope, "progress", "job-1", kind)
    scope = scope_of(deny=[{"event": "progress", "target": "admin"}])
    assert allows(scope, "progress", "main")
    assert not allows(scope, "progress", "admin", "AnyLabel")
    assert not allows(scope, "progress")  # it would hear what is for `admin`
    assert allows(scope, "other")


def test_an_emit_to_everybody_is_for_all_targets() -> None:
    scope = scope_of(command="emit", deny=[{"event": "reset", "target": "admin"}])
    with pytest.raises(
        NotAllowed, match=r"event `reset` not allowed on the configured scope of `core:event:allow-emit`"
    ) as caught:
        check_event("emit", scope, "reset")
    assert caught.value.details == {
        "kind": "outOfScope", "event": "reset", "target": None, "allow": [], "deny": ["reset of admin"],
    }  # fmt: skip
    assert "allows every event and denies reset of admin, which takes precedence" in caught.value.advice


@pytest.mark.parametrize(
    "value", [5, None, {}, {"event": 1}, {"event": "a", "target": None}, {"event": "a", "path": "b"}, ["a"]]
)
def test_a_value_of_another_form_is_an_error_of_the_author(value: Any) -> None:
    with pytest.raises(ConfigError, match="error deserializing scope: a rule for events is a pattern"):
        scope_of(allow=[value])


@given(
    st.lists(st.sampled_from(["a", "a*", "b", "*", "?"])),
    st.lists(st.sampled_from(["a", "*b", "?"])),
    st.sampled_from(["a", "b", "ab"]),
)
def test_more_denies_never_allow_more(allow: list[str], deny: list[str], event: str) -> None:
    if allows(scope_of(allow=list(allow), deny=list(deny)), event):
        assert allows(scope_of(allow=list(allow)), event)
        assert not any(EventRule.deserialize(rule).covers(event, None, if_unlabelled=True) for rule in deny)
