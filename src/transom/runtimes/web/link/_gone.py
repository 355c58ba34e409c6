"""The last calls of a page that was left before its link was open."""

from __future__ import annotations

from collections.abc import Sequence

from ._link import WebLink

__all__ = ["GoneSocket"]


class GoneSocket:
    """Stands for the WebSocket of a page that has gone and has sent its last calls another way; see `LinkSocket`.

    Args:
        batches: What the page has sent: each batch behind its number.
    """

    def __init__(self, batches: Sequence[str]) -> None:
        self._batches = batches
        self.reason = ""  # why the page was refused; empty if its calls were taken

    def wake(self) -> None:
        """Send nothing: nobody is left to read it."""

    async def run(self, link: WebLink) -> bool:
        """Let the link take the calls."""
        link.receive_last(self._batches)
        return False

    def ignore(self) -> None:
        """See `LinkSocket`."""

    async def close(self, code: int, reason: str) -> None:
        """Note that the page was refused."""
        self.reason = self.reason or reason
