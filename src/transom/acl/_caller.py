"""The caller of a command, as the rules see it."""

from __future__ import annotations

from typing import NamedTuple

from ._origin import Origin

__all__ = ["Caller"]


class Caller(NamedTuple):
    """Everything about a caller that a rule can depend on, as the runtime reports it.

    Add a field here to make decisions depend on more, such as a user's role. Grants are remembered by all fields, so
    `RuntimeAuthority.authorize` has to look them up by the new field too.

    Attributes:
        window: Label of the calling webview's window.
        webview: Label of the calling webview.
        origin: Where its page comes from.
    """

    window: str
    webview: str
    origin: Origin
