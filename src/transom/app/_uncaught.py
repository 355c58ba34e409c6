"""How a program ends when nothing catches that this machine cannot run its application."""

from __future__ import annotations

import sys
from types import TracebackType

from ..errors import RuntimeUnavailable

__all__ = ["tell_in_a_sentence"]


def tell_in_a_sentence() -> None:
    """Let an uncaught `RuntimeUnavailable` be printed without its traceback, which tells a user nothing.

    A program that has set `sys.excepthook` keeps its own.
    """
    if sys.excepthook is sys.__excepthook__:
        sys.excepthook = _print


def _print(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if isinstance(error, RuntimeUnavailable):
        sys.stderr.write(f"transom: {error}\n")
    else:
        sys.__excepthook__(kind, error, trace)
