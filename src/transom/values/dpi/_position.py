"""Positions in pixels."""

from __future__ import annotations

import msgspec

from ._pixels import Coordinate, PhysicalCoordinate, round_pixel

__all__ = ["LogicalPosition", "PhysicalPosition", "Position"]


class PhysicalPosition(msgspec.Struct, frozen=True):
    """A position in the pixels of the screen."""

    x: PhysicalCoordinate
    y: PhysicalCoordinate

    def to_physical(self, scale_factor: float) -> PhysicalPosition:
        """Return the position itself."""
        return self

    def to_logical(self, scale_factor: float) -> LogicalPosition:
        """Return the position in pixels that are `scale_factor` physical ones wide."""
        return LogicalPosition(self.x / scale_factor, self.y / scale_factor)


class LogicalPosition(msgspec.Struct, frozen=True):
    """A position in pixels that do not depend on the screen's density, as CSS has them."""

    x: Coordinate
    y: Coordinate

    def to_physical(self, scale_factor: float) -> PhysicalPosition:
        """Return the position in the pixels of a screen with this scale factor, rounded."""
        return PhysicalPosition(round_pixel(self.x * scale_factor), round_pixel(self.y * scale_factor))

    def to_logical(self, scale_factor: float) -> LogicalPosition:
        """Return the position itself."""
        return self


class Position(msgspec.Struct, frozen=True, omit_defaults=True):
    """A position as it is on the wire, `{"Logical": {...}}` or `{"Physical": {...}}`. Exactly one of the two is set."""

    logical: LogicalPosition | None = msgspec.field(default=None, name="Logical")
    physical: PhysicalPosition | None = msgspec.field(default=None, name="Physical")

    def __post_init__(self) -> None:
        if (self.logical is None) == (self.physical is None):
            raise ValueError("a position is an object with one key, `Logical` or `Physical`")

    @property
    def _set(self) -> LogicalPosition | PhysicalPosition:
        found = self.logical or self.physical
        assert found is not None
        return found

    def to_physical(self, scale_factor: float) -> PhysicalPosition:
        """Return the position in the pixels of a screen with this scale factor."""
        return self._set.to_physical(scale_factor)

    def to_logical(self, scale_factor: float) -> LogicalPosition:
        """Return the position in logical pixels of a screen with this scale factor."""
        return self._set.to_logical(scale_factor)
