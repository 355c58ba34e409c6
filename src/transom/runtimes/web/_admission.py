"""A page that opens its link, or connects again."""

from __future__ import annotations

from typing import NamedTuple

from .access import Served
from .link import WebLink

__all__ = ["Admission", "Again"]


class Admission(NamedTuple):
    """A page that opens its link.

    Attributes:
        served: Its document.
        label: Label of its window; `None` if the window no longer exists.
        takes: Whether the user has chosen it over another page of the window.
        claims: Whether it has shown that it is the window's page; otherwise the user must have chosen it.
    """

    served: Served
    label: str | None
    takes: bool
    claims: bool


class Again(NamedTuple):
    """A page that connects again after its connection was lost.

    Attributes:
        link: Its link; `None` when its generation has ended.
        frames: How many frames it has handled.
        ticket: The ticket of its window; empty for none.
    """

    link: WebLink | None
    frames: int
    ticket: str = ""
