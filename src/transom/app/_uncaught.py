"""How a program ends when nothing catches an error of its author, or that this machine cannot run it."""

from __future__ import annotations

import sys
from types import TracebackType

from ..errors import AuthorError, RuntimeUnavailable

__all__ = ["tell_in_a_sentence"]


def tell_in_a_sentence() -> None:
    """Let an uncaught `RuntimeUnavailable` be printed without its traceback, which tells a user nothing.

    Behind the traceback of another error of the author, the name of its explanation is printed. A program that has set
    `sys.excepthook` keeps its own.
    """
    if sys.excepthook is sys.__excepthook__:
        sys.excepthook = _print


def _print(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if isinstance(error, RuntimeUnavailable):
        sys.stderr.write(f"transom: {error}{_more(error, '; `', '` says more')}\n")
        return
    sys.__excepthook__(kind, error, trace)
    if isinstance(error, AuthorError):
        sys.stderr.write(_more(error, "`", "` says more about this error\n"))


def _more(error: AuthorError, before: str, after: str) -> str:
    from ..explanations import explanation_of  # few programs fail

    found = explanation_of(str(error))
    return "" if found is None else f"{before}transom explain {found.name}{after}"
