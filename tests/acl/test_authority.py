from __future__ import annotations

import pytest

from transom.acl import Grant, RuntimeAuthority
from transom.errors import NotAllowed

LOCAL = "tauri://localhost"
CORE = ("event|emit", "event|emit_to", "event|listen", "event|unlisten", "resources|close")


@pytest.mark.parametrize("command", ["scan", "", "a|b", *(f"plugin:{name}" for name in CORE)])
def test_a_local_page_may_call_the_applications_commands_and_the_core_ones(command: str) -> None:
    assert RuntimeAuthority().authorize(command, "main", LOCAL, True) == Grant(command, "main")


@pytest.mark.parametrize(
    "command",
    [
        "plugin:",
        "plugin:fs|read",
        "plugin:event",
        "plugin:event|",
        "plugin:event|shout",
        "plugin:event|emit|x",
        "plugin:|emit",
    ],
)
def test_a_plugins_command_needs_a_permission(command: str) -> None:
    with pytest.raises(NotAllowed) as caught:
        RuntimeAuthority().authorize(command, "main", LOCAL, True)
    assert str(caught.value) == f"Command {command} not allowed by ACL: webview 'main' has no permission for it"


@pytest.mark.parametrize("command", ["scan", *(f"plugin:{name}" for name in CORE), "plugin:fs|read"])
def test_a_remote_page_may_call_nothing(command: str) -> None:
    with pytest.raises(NotAllowed) as caught:
        RuntimeAuthority().authorize(command, "main", "https://example.org", False)
    assert str(caught.value) == (
        f"Command {command} not allowed by ACL: the page in webview 'main' is of the remote origin https://example.org, "
        "and only the application's own pages may call commands"
    )


def test_the_runtime_decides_what_is_local_not_the_text_of_the_origin() -> None:
    with pytest.raises(NotAllowed, match="remote origin tauri://localhost"):
        RuntimeAuthority().authorize("scan", "main", LOCAL, False)
