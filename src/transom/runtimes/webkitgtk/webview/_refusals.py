"""Refusals of a page, in the log: enough to find the reason, but bounded, so that logging cannot slow the application."""

from __future__ import annotations

import logging

from ....names import printable

__all__ = ["Refusals"]

_logger = logging.getLogger(__name__)


class Refusals:
    """Logs the refusals of one page generation, of each kind only the first ones.

    Args:
        label: The label of the webview.
    """

    def __init__(self, label: str) -> None:
        self._label = label
        self._counts: dict[str, int] = {}

    def log(self, kind: str, limit: int, text: str, *arguments: object) -> None:
        """Log a refusal, unless `limit` of its kind have been logged.

        Args:
            kind: The kind, one of the few that the code names; never a text of the page's.
            limit: The number of refusals of this kind to log.
            text: A format for the logger. Its first argument is the label.
            arguments: Its other arguments. They are formatted only for what is logged.
        """
        count = self._counts.get(kind, 0)
        if count > limit:
            return
        self._counts[kind] = count + 1
        if count < limit:
            _logger.warning(text, self._label, *(printable(str(each)) for each in arguments))
        elif limit > 1:
            _logger.warning(
                "the page of the webview %r is refused more (%s); it is not logged any more", self._label, kind
            )
