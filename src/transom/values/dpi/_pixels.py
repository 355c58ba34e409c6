"""Numbers of pixels, with the ranges that Tauri's types have."""

from __future__ import annotations

from typing import Annotated, TypeAlias

import msgspec

__all__ = ["Coordinate", "Length", "PhysicalCoordinate", "PhysicalLength", "round_pixel"]

# Rust: u32, i32 and f64. A float is bounded so that rounding it after scaling never overflows.
PhysicalLength: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=2**32 - 1)]
PhysicalCoordinate: TypeAlias = Annotated[int, msgspec.Meta(ge=-(2**31), le=2**31 - 1)]
Length: TypeAlias = Annotated[float, msgspec.Meta(ge=0, le=1e9)]
Coordinate: TypeAlias = Annotated[float, msgspec.Meta(ge=-1e9, le=1e9)]


def round_pixel(value: float) -> int:
    """Return the nearest whole number; a half is rounded away from zero, as in Rust."""
    return int(value + 0.5) if value >= 0 else -int(0.5 - value)
