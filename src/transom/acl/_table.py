"""The entries of all capabilities, and the grants that they led to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from ._caller import Caller
from ._grant import Grant
from ._origin import Origin
from ._resolved import Resolved, ResolvedCommand
from .manifests import Scopes, command_key

__all__ = ["AccessTable"]

T = TypeVar("T")

_MOST_GRANTS = 1024
_LONGEST_NAME = 512  # characters of command and address


class AccessTable:
    """An immutable table of access rules: adding to it makes another.

    One assignment replaces rules and remembered grants together, so a decision in another thread uses either the old
    table or the new one, never a mixture.

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

    def allowing(self, command: str, caller: Caller) -> tuple[ResolvedCommand, ...]:
        """Return the entries that allow a command to a caller."""
        return tuple(entry for entry in self.allowed.get(command_key(command), ()) if entry.allows(caller))

    def denying(self, command: str, caller: Caller) -> tuple[ResolvedCommand, ...]:
        """Return the entries that deny a command to a caller."""
        return tuple(entry for entry in self.denied.get(command_key(command), ()) if entry.denies(caller))

    def remembered(self, command: str, window: str, webview: str, origin: Origin) -> Grant | None:
        """Return the remembered grant of an earlier call by the same caller, or `None`."""
        # Every call passes here, so the caller's fields come one by one: making a `Caller` costs as much as the look-up.
        return self._grants.get((command, window, webview, origin))

    def remember(self, grant: Grant, caller: Caller) -> Grant:
        """Remember a grant for the next call by the same caller, and return it.

        A page can make up any number of names of any length, so the memory is bounded; it is cleared when it is full.
        """
        if len(grant.command) + len(caller.origin.url or "") <= _LONGEST_NAME:
            if len(self._grants) >= _MOST_GRANTS:
                self._grants.clear()
            self._grants[grant.command, *caller] = grant
        return grant


def _extended(table: Mapping[str, tuple[T, ...]], rows: Iterable[tuple[str, T]]) -> Mapping[str, tuple[T, ...]]:
    grown = dict(table)
    for key, row in rows:
        grown[key] = (*grown.get(key, ()), row)
    return grown
