"""The decision over one call, from what the runtime knows of the caller."""

from __future__ import annotations

from typing import NamedTuple

from ..errors import NotAllowed

__all__ = ["Grant", "RuntimeAuthority"]

# Commands that every local page may call: without them no page can listen, answer or release anything.
# Tauri: the `core:event:default` and `core:resources:default` permission sets.
_CORE_COMMANDS = frozenset(
    (
        "plugin:event|emit",
        "plugin:event|emit_to",
        "plugin:event|listen",
        "plugin:event|unlisten",
        "plugin:resources|close",
    )
)


class Grant(NamedTuple):
    """Leave to run one command for one caller; the spine calls nothing without it."""

    command: str
    webview: str


class RuntimeAuthority:
    """Decides over every call.

    The rules of now: a local page may call the application's own commands and the core ones above; a page of any other
    origin may call nothing; a plugin's commands need a permission, and none can be given yet.
    """

    def authorize(self, command: str, webview: str, origin: str, local: bool) -> Grant:
        """Return the grant for a call.

        Args:
            command: The whole name, `plugin:<plugin>|<command>` for a plugin's.
            webview: Label of the calling webview.
            origin: Origin of its page, as the runtime reports it.
            local: Whether that is the application's own origin.

        Raises:
            NotAllowed: The caller may not; the text names command, caller and rule.
        """
        if not local:
            raise NotAllowed(
                f"Command {command} not allowed by ACL: the page in webview {webview!r} is of the remote origin {origin}, "
                "and only the application's own pages may call commands"
            )
        if command.startswith("plugin:") and command not in _CORE_COMMANDS:
            raise NotAllowed(f"Command {command} not allowed by ACL: webview {webview!r} has no permission for it")
        return Grant(command, webview)
