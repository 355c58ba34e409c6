"""Every entry of every capability, and the decisions taken with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from ._grant import Grant
from ._identifier import command_key
from ._manifest import Scopes
from ._origin import Origin
from ._resolved import Resolved, ResolvedCommand

__all__ = ["AccessTable"]

T = TypeVar("T")

_MOST_GRANTS = 1024
_LONGEST_NAME = 512  # characters of command and address


class AccessTable:
    """A table of access that never changes: adding to it makes another.

    So one assignment replaces rules and remembered grants together, and a decision that runs in another thread at that
    moment is wholly of the one or wholly of the other.

    Attributes:
        allowed: Entries that allow, by the command's key.
        denied: Entries that deny.
        global_scope: Scopes of whole plugins, by the plugin's key.
    """

    __slots__ = ("_grants", "allowed", "denied", "global_scope")

    def __init__(
        self,
        allowed: Mapping[str, tuple[ResolvedCommand, ...]],
        denied: Mapping[str, tuple[ResolvedCommand, ...]],
        global_scope: Mapping[str, tuple[Scopes, ...]],
    ) -> None:
        self.allowed = allowed
        self.denied = denied
        self.global_scope = global_scope
        self._grants: dict[tuple[str, str, str, Origin], Grant] = {}

    def extended(self, resolved: Resolved) -> AccessTable:
        """Return a table with these entries too."""
        return AccessTable(
            _extended(self.allowed, ((entry.key, entry) for entry in resolved.allowed)),
            _extended(self.denied, ((entry.key, entry) for entry in resolved.denied)),
            _extended(self.global_scope, resolved.global_scope),
        )

    def allowing(self, command: str, window: str, webview: str, origin: Origin) -> tuple[ResolvedCommand, ...]:
        """Return the entries that allow a command to a caller."""
        entries = self.allowed.get(command_key(command), ())
        return tuple(entry for entry in entries if entry.allows(window, webview, origin))

    def denying(self, command: str, window: str, webview: str, origin: Origin) -> tuple[ResolvedCommand, ...]:
        """Return the entries that deny a command to a caller."""
        entries = self.denied.get(command_key(command), ())
        return tuple(entry for entry in entries if entry.denies(window, webview, origin))

    def remembered(self, command: str, window: str, webview: str, origin: Origin) -> Grant | None:
        """Return the grant that an earlier call of this caller got, `None` when there was none or it is forgotten."""
        return self._grants.get((command, window, webview, origin))

    def remember(self, grant: Grant, window: str, origin: Origin) -> Grant:
        """Keep a grant for the caller's next call, and return it.

        A page can invent any number of names, each as long as it likes, so the memory has bounds; when it is full it
        begins anew.
        """
        if len(grant.command) + len(origin.url or "") <= _LONGEST_NAME:
            if len(self._grants) >= _MOST_GRANTS:
                self._grants.clear()
            self._grants[grant.command, window, grant.webview, origin] = grant
        return grant


def _extended(table: Mapping[str, tuple[T, ...]], rows: Iterable[tuple[str, T]]) -> Mapping[str, tuple[T, ...]]:
    grown = dict(table)
    for key, row in rows:
        grown[key] = (*grown.get(key, ()), row)
    return grown
