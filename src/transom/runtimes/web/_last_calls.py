"""What a page sends while it is left, beside its link: a browser may have closed that already."""

from __future__ import annotations

from typing import NamedTuple

from starlette.requests import Request

__all__ = ["MAX_LAST_BYTES", "LastCalls", "read_last_calls"]

MAX_LAST_BYTES = 128 * 1024  # browsers send 64 KiB
_CALL = "[0,"


class LastCalls(NamedTuple):
    """The last calls of a page.

    Attributes:
        key: The key of its document.
        ticket: The ticket of its window; empty for none.
        batches: Each behind its number, as over the link.
    """

    key: str
    ticket: str
    batches: list[str]

    @property
    def has_calls(self) -> bool:
        """Whether there may be a call among what was sent, and not only the word that the page is left."""
        return any(_CALL in batch for batch in self.batches)


async def read_last_calls(request: Request) -> LastCalls | None:
    """Read the last calls of a page; `None` if they are too large."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MAX_LAST_BYTES:
            return None
    first, *batches = body.decode("utf-8", "replace").split("\n")
    key, _, ticket = first.partition(" ")
    return LastCalls(key, ticket, batches)
