"""The permission to run one command."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NamedTuple

from ._resolved import ResolvedScope
from .manifests import split_command

__all__ = ["Grant"]

_NAMED = 8  # patterns of a scope that a sentence names


class Grant(NamedTuple):
    """The permission of one caller to run one command; the spine calls nothing without it.

    Attributes:
        command: The whole name.
        webview: Label of the calling webview.
        command_scope: Values that the permissions of the call bring for the command; `None` when they bring none.
        global_scope: Values for the command's whole plugin, from all capabilities; `None` when there are none.
        capabilities: Identifiers of the capabilities that allow the call; empty when it needs none.
    """

    command: str
    webview: str
    command_scope: ResolvedScope | None = None
    global_scope: ResolvedScope | None = None
    capabilities: tuple[str, ...] = ()

    def scope_advice(self, key: str, value: str, allow: Sequence[str], deny: Sequence[str], *, denied: bool) -> str:
        """Return what an author can do about a file or an address that the scopes do not cover.

        Args:
            key: What the entries of the scope have their patterns in, such as `path`.
            value: The file or the address.
            allow: The patterns that allow; each counts once.
            deny: The patterns that deny.
            denied: Whether one of these covers it.
        """
        refused = f" and denies {_named(deny)}, which takes precedence" if deny else ""
        found = f"The scope of this call allows {_named(allow) or 'nothing'}{refused}."
        names = " and ".join(f"`{name}`" for name in self.capabilities)
        whose = f"of the capability {names}" if names else "of a capability"
        if denied:
            return f"{found} To allow it, remove what denies it from the list `deny` in a permission {whose}."
        plugin, command = split_command(self.command)
        permission = f"{'' if plugin is None else f'{plugin}:'}allow-{command.replace('_', '-')}"
        entry = json.dumps({"identifier": permission, "allow": [{key: value}]}, ensure_ascii=False)
        return (
            f"{found} To allow it, add to the list `permissions` {whose}, with this {key} or a pattern:\n\n    {entry}"
        )


def _named(patterns: Sequence[str]) -> str:
    once = list(dict.fromkeys(patterns))
    more = [f"{len(once) - _NAMED} more"] if len(once) > _NAMED else []
    return ", ".join(once[:_NAMED] + more)
