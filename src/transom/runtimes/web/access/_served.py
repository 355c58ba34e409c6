"""A document that was served, and what it was served with."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Issued", "Served"]


class Served(NamedTuple):
    """A document that was served with a key.

    Attributes:
        key: What its page shows to open its link.
        origin: Its origin.
        url: Its address.
        by_user: Whether the user led there: then it may be the page of the first window without a ticket.
        frame: Name of its isolation frame; empty without the isolation pattern.
    """

    key: str
    origin: str
    url: str
    by_user: bool
    frame: str


class Issued(NamedTuple):
    """The values that a document is served with.

    Attributes:
        key: What its page shows to open its link.
        label: Label of the window that the page is, unless its tab knows better.
        ticket: The ticket of that window; `None` for none.
    """

    key: str
    label: str
    ticket: str | None
