"""The base classes of everything that can be asked of a window system."""

from __future__ import annotations

from typing import Generic, TypeVar

import msgspec

__all__ = ["DesktopOp", "Op", "WebviewOp", "WindowOp"]

T = TypeVar("T")


class Op(msgspec.Struct, Generic[T], frozen=True):
    """One thing asked of the window system; `T` is what `perform` returns."""


class DesktopOp(Op[T], frozen=True):
    """One thing asked of the desktop as a whole: its monitors or its pointer."""


class WindowOp(Op[T], frozen=True):
    """One thing asked of the window with this label."""

    label: str


class WebviewOp(Op[T], frozen=True):
    """One thing asked of the webview with this label."""

    label: str
