"""A rectangle in pixels."""

from __future__ import annotations

import msgspec

from ._position import Position
from ._size import Size

__all__ = ["Rect"]


class Rect(msgspec.Struct, frozen=True):
    """A position and a size (Tauri: the same)."""

    position: Position
    size: Size
