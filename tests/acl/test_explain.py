from __future__ import annotations

import re

import pytest

from tests.acl.core_permissions import core_authority
from transom.acl import (
    APP_ACL_KEY,
    Caller,
    CapabilityBuilder,
    Commands,
    Decision,
    Origin,
    Permission,
    Reason,
    RuntimeAuthority,
)
from transom.acl._explain import explain, summarize
from transom.errors import NotAllowed

LOCAL = Origin.local()
REMOTE = Origin.remote("https://example.org")
ASSOCIATED = "allowed. Permissions associated with this command"


def refusal(authority: RuntimeAuthority, command: str, origin: Origin = LOCAL, window: str = "main") -> str:
    """Return the text of a refusal, without the advice after it."""
    with pytest.raises(NotAllowed) as caught:
        authority.authorize(command, window, "side", origin)
    return re.split("\n\nThe (?:local|remote) page", str(caught.value))[0]


def authority(*capabilities: CapabilityBuilder, development: bool = True) -> RuntimeAuthority:
    made = core_authority(development=development)
    made.declare(
        "fs",
        commands=["read_file", "stat"],
        default=["read-all"],
        sets={"read-all": ["allow-read-file"], "broken": ["allow-raed"]},
        permissions=[Permission(identifier="files", commands=Commands(allow=("read_file",)))],
    )
    for capability in capabilities:
        made.add_capability(capability)
    return made


def test_a_denied_command_names_those_who_deny_it() -> None:
    denied = authority(
        CapabilityBuilder("a").window("main").permission("fs:deny-stat"),
        CapabilityBuilder("b").window("other").permission("fs:deny-stat"),
        CapabilityBuilder("c").window("*").remote("https://*").permission("fs:deny-stat").permission("deny-scan"),
    )
    assert refusal(denied, "plugin:fs|stat") == (
        "fs.stat explicitly denied on origin local\n\nreferenced by: "
        "capability: a, permission: fs:deny-stat || capability: c, permission: fs:deny-stat"
    )
    assert refusal(denied, "scan", REMOTE) == (
        "scan explicitly denied on origin remote: https://example.org\n\n"
        "referenced by: capability: c, permission: deny-scan"
    )


def test_a_command_allowed_to_others_names_them() -> None:
    others = authority(
        CapabilityBuilder("a").windows(["x", "y"]).webview("z").permission("fs:read-all"),
        CapabilityBuilder("b").window("main").local(False).remote("https://*.example.org").permission("fs:files"),
    )
    tail = (
        '\n\nallowed on: [windows: "x", "y", webviews: "z", URL: local], [windows: "main", URL: https://*.example.org]'
        "\n\nreferenced by: capability: a, permission: fs:allow-read-file || capability: b, permission: fs:files"
    )
    name = "fs.read_file not allowed on"
    assert refusal(others, "plugin:fs|read_file") == f'{name} window "main", webview "side", URL: local{tail}'
    assert refusal(others, "plugin:fs|read_file", REMOTE) == (
        f'{name} window "main", webview "side", URL: https://example.org{tail}'
    )


@pytest.mark.parametrize(
    ("command", "text"),
    [
        (
            "plugin:fs|read_file",
            f"fs.read_file not {ASSOCIATED}: fs:allow-read-file, fs:default, fs:files, fs:read-all",
        ),
        ("plugin:fs|stat", f"fs.stat not {ASSOCIATED}: fs:allow-stat"),
    ],
)
def test_a_command_allowed_to_nobody_names_the_permissions_that_would_allow_it(command: str, text: str) -> None:
    assert refusal(authority(), command) == text


def test_a_remote_page_is_told_of_the_applications_permissions_too() -> None:
    assert refusal(authority(), "read_it", REMOTE) == (f"read_it not {ASSOCIATED}: allow-read-it")
    assert refusal(authority(), "plugin:event|emit_to", REMOTE) == (
        f"event.emit_to not {ASSOCIATED}: core:event:allow-emit-to, core:event:default"
    )


ADD = "is this plugin added with Builder.plugin(...), and available in this version of transom?"
LATER = "this plugin is not available in this version of transom"
LACKS = "plugin fs does not have this command"
LACKS_CORE = "plugin event does not have this command in this version of transom"
# Command -> text in release, text during development.
NOT_THERE = {
    "plugin:telegraph|fetch": (
        f"plugin telegraph not found; cannot call plugin:telegraph|fetch: {ADD}",
        f"telegraph.fetch not allowed. Plugin not found; {ADD}",
    ),
    "plugin:tray|set_title": (
        f"plugin tray not found; cannot call plugin:tray|set_title: {LATER}",
        f"tray.set_title not allowed. Plugin not found; {LATER}",
    ),
    "plugin:core:event|emit": (
        f"plugin core:event not found; cannot call plugin:core:event|emit: {LATER}",
        f"core:event.emit not allowed. Plugin not found; {LATER}",
    ),
    "plugin:|": (
        f"plugin  not found; cannot call plugin:|: {ADD}",
        f". not allowed. Plugin not found; {ADD}",
    ),
    "plugin:fs|shout": (f"Command shout not found; {LACKS}", f"fs.shout not allowed. Command not found; {LACKS}"),
    "plugin:fs": (f"Command  not found; {LACKS}", f"fs. not allowed. Command not found; {LACKS}"),
    "plugin:fs|a b": (f"Command a b not found; {LACKS}", f"fs.a b not allowed. Command not found; {LACKS}"),
    "plugin:event|shout": (
        f"Command shout not found; {LACKS_CORE}",
        f"event.shout not allowed. Command not found; {LACKS_CORE}",
    ),
}


@pytest.mark.parametrize(("command", "texts"), NOT_THERE.items())
def test_a_missing_plugin_or_command_is_said_to_be_missing_and_no_permission_is_blamed(
    command: str, texts: tuple[str, str]
) -> None:
    told = tuple(refusal(authority(development=development), command) for development in (False, True))
    assert told == texts
    assert not any("not allowed by ACL" in text or "permission" in text for text in told)


@pytest.mark.parametrize("command", [*NOT_THERE, "plugin:fs|read_file", "plugin:event|emit", "scan", "a b"])
def test_a_remote_page_cannot_tell_in_release_what_exists(command: str) -> None:
    assert refusal(authority(development=False), command, REMOTE) == (
        f"Command {command} not allowed by ACL: the page in webview 'side' is of the remote origin "
        "https://example.org, and no capability gives it this command"
    )


def test_a_command_whose_name_no_permission_can_have_is_not_said_to_be_missing_from_its_plugin() -> None:
    assert refusal(authority(), "a b", REMOTE) == "a b not allowed. Command not found"
    for development in (False, True):
        made = authority(development=development)
        made.declare("files", commands=["open_"])
        assert made.decide("plugin:files|open_", "main", "side", LOCAL).reason is Reason.NO_CAPABILITY
        assert refusal(made, "plugin:files|open_") == (
            "files.open_ not allowed. Command not found"
            if development
            else "Command plugin:files|open_ not allowed by ACL: webview 'side' has no permission for it"
        )


def test_a_remote_page_is_told_during_development_that_an_own_command_does_not_exist() -> None:
    made = authority()
    made.declare(APP_ACL_KEY, commands=["scan"])
    assert made.decide("scna", "main", "side", REMOTE).reason is Reason.UNKNOWN_COMMAND
    assert refusal(made, "scna", REMOTE) == "scna not allowed. Command not found\n\nDid you mean `scan`?"
    assert refusal(made, "plugin:fs|raed_file") == (
        "fs.raed_file not allowed. Command not found; plugin fs does not have this command\n\n"
        "Did you mean `plugin:fs|read_file`?"
    )
    assert refusal(made, "paint", REMOTE) == (
        "paint not allowed. Command not found\n\nThe application has no command of this name; is it in `generate_handler(...)`?"
    )


def test_a_call_that_is_allowed_is_said_to_be_allowed() -> None:
    decisions = [
        authority().decide("scan", "main", "side", LOCAL),
        authority(CapabilityBuilder("a").window("main").permission("fs:files")).decide(
            "plugin:fs|read_file", "main", "side", LOCAL
        ),
    ]
    assert [text(decision) for decision in decisions for text in (explain, summarize)] == ["allowed"] * 4


@pytest.mark.parametrize("reason", Reason)
@pytest.mark.parametrize("origin", [LOCAL, REMOTE])
def test_every_reason_has_a_text(reason: Reason, origin: Origin) -> None:
    for command in ("scan", "plugin:fs|stat"):
        decision = Decision(command=command, caller=Caller("main", "side", origin), reason=reason)
        assert all(isinstance(text(decision), str) for text in (explain, summarize))
