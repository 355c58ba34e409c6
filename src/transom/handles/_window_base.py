"""The common part of the methods of a window."""

from __future__ import annotations

from typing import TypeVar

from ..runtimes import WindowOp
from ._labelled import LabelledHandle

__all__ = ["WindowHandle"]

T = TypeVar("T")


class WindowHandle(LabelledHandle):
    """A window, by its label."""

    __slots__ = ()

    def _perform(self, op: WindowOp[T]) -> T:
        return self._app.perform(self._client, op)
