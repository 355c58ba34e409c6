"""The decision about one call: yes or no, why, and what came closest."""

from __future__ import annotations

from enum import Enum

import msgspec

from ._caller import Caller
from ._declared import Declared
from ._grant import Grant
from ._resolved import ResolvedCommand, ResolvedScope
from ._table import AccessTable
from .manifests import command_key

__all__ = ["Decision", "Reason", "decide"]


class Reason(Enum):
    """Why a call is allowed or refused. Only the first two allow it."""

    ALLOWED = "allowed"
    """A capability allows it."""
    NEEDS_NO_PERMISSION = "needs no permission"
    """The page is local, and local pages may call this command without a capability."""
    DENIED = "denied"
    """A capability denies it."""
    NO_CAPABILITY = "no capability"
    """The page is local, and no capability allows it for this caller."""
    REMOTE_WITHOUT_CAPABILITY = "remote page without capability"
    """The page is remote, and no capability allows it for this caller."""
    UNKNOWN_COMMAND = "unknown command"
    """The plugin is known, but this is not one of its commands."""
    UNKNOWN_PLUGIN = "unknown plugin"
    """No plugin of this name is declared."""


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of the access control list to one call. Its texts are rendered from these fields.

    Attributes:
        command: The whole name, `plugin:<plugin>|<command>` for a plugin's.
        caller: The caller that the decision is about.
        reason: Why it is allowed or refused.
        grant: The grant for the call; `None` if it is refused.
        entries: The entries that decided: those that deny if the call is denied, those that allow if it is allowed.
        elsewhere: For a call refused without a deny, the entries that allow the command to other callers.
        permissions: For a call refused without a deny, the permissions and sets of the plugin that would allow it, sorted.
    """

    command: str
    caller: Caller
    reason: Reason
    grant: Grant | None = None
    entries: tuple[ResolvedCommand, ...] = ()
    elsewhere: tuple[ResolvedCommand, ...] = ()
    permissions: tuple[str, ...] = ()


def decide(table: AccessTable, declared: Declared, command: str, caller: Caller) -> Decision:
    """Decide about one call. A matching deny takes precedence over every allow."""
    denying = table.denying(command, caller)
    if denying:
        return Decision(command=command, caller=caller, reason=Reason.DENIED, entries=denying)
    allowing = table.allowing(command, caller)
    if allowing:
        reason = Reason.ALLOWED
    elif _needs_no_permission(declared, command, caller):
        reason = Reason.NEEDS_NO_PERMISSION
    else:
        return _refuse(table, declared, command, caller)
    grant = _grant(table, declared, command, caller, allowing)
    return Decision(command=command, caller=caller, reason=reason, grant=grant, entries=allowing)


def _needs_no_permission(declared: Declared, command: str, caller: Caller) -> bool:
    return caller.origin.url is None and declared.is_open(command)


def _grant(
    table: AccessTable, declared: Declared, command: str, caller: Caller, entries: tuple[ResolvedCommand, ...]
) -> Grant:
    key = declared.key(command)
    scopes = [entry.scope for entry in entries if entry.scope]
    wide = None if key is None else table.global_scope.get(key)
    return Grant(
        command,
        caller.webview,
        ResolvedScope(scopes) if scopes else None,
        ResolvedScope(wide) if wide else None,
        tuple(dict.fromkeys(entry.capability for entry in entries)),
    )


def _refuse(table: AccessTable, declared: Declared, command: str, caller: Caller) -> Decision:
    elsewhere = table.allowed.get(command_key(command), ())
    permissions = declared.permissions(command)
    if elsewhere or declared.has(command):
        reason = Reason.NO_CAPABILITY if caller.origin.url is None else Reason.REMOTE_WITHOUT_CAPABILITY
    else:
        reason = Reason.UNKNOWN_PLUGIN if declared.key(command) is None else Reason.UNKNOWN_COMMAND
    return Decision(command=command, caller=caller, reason=reason, elsewhere=elsewhere, permissions=permissions)
