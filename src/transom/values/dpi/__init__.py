"""Sizes and positions in physical or logical pixels (Tauri: the module `dpi`)."""

from ._position import LogicalPosition, PhysicalPosition, Position
from ._rect import Rect
from ._size import LogicalSize, PhysicalSize, Size
from ._unit import PixelUnit

__all__ = [
    "LogicalPosition",
    "LogicalSize",
    "PhysicalPosition",
    "PhysicalSize",
    "PixelUnit",
    "Position",
    "Rect",
    "Size",
]
