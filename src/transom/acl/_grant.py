"""The permission to run one command."""

from __future__ import annotations

from typing import NamedTuple

from ._resolved import ResolvedScope

__all__ = ["Grant"]


class Grant(NamedTuple):
    """The permission of one caller to run one command; the spine calls nothing without it.

    Attributes:
        command: The whole name.
        webview: Label of the calling webview.
        command_scope: Values that the permissions of the call bring for the command; `None` when they bring none.
        global_scope: Values for the command's whole plugin, from all capabilities; `None` when there are none.
    """

    command: str
    webview: str
    command_scope: ResolvedScope | None = None
    global_scope: ResolvedScope | None = None
