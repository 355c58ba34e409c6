"""A refusal as plain values, for logs and programs. `_explain.py` has the same as text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ._decision import Decision
from ._resolved import ResolvedCommand

__all__ = ["report_of"]


def report_of(decision: Decision) -> dict[str, Any]:
    """Return a decision as JSON values, for `NotAllowed.details`, log records and `transom acl explain --json`.

    | key | value |
    |---|---|
    | `kind` | `allowed` or `notAllowed` |
    | `command` | the whole name of the command |
    | `reason` | a value of `Reason` |
    | `window`, `webview` | labels of the caller |
    | `origin` | `local`, or the address of a remote page |
    | `decidedBy` | capability and permission of the entries that deny or allow it |
    | `allowedElsewhere` | entries that allow it to other callers, with their `windows`, `webviews` and `origin` |
    | `permissions` | the permissions and sets that would allow it |

    Args:
        decision: A decision.
    """
    window, webview, origin = decision.caller
    return {
        "kind": "notAllowed" if decision.grant is None else "allowed",
        "command": decision.command,
        "reason": decision.reason.value,
        "window": window,
        "webview": webview,
        "origin": "local" if origin.url is None else origin.url,
        "decidedBy": _entries(decision.entries),
        "allowedElsewhere": [
            {
                "capability": entry.capability,
                "permission": entry.permission,
                "windows": [glob.pattern for glob in entry.windows],
                "webviews": [glob.pattern for glob in entry.webviews],
                "origin": "local" if entry.context is None else entry.context.pattern,
            }
            for entry in decision.elsewhere
        ],
        "permissions": list(decision.permissions),
    }


def _entries(entries: Iterable[ResolvedCommand]) -> list[dict[str, str]]:
    return [{"capability": entry.capability, "permission": entry.permission} for entry in entries]
