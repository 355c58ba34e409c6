"""Sizes in pixels."""

from __future__ import annotations

import msgspec

from ._pixels import Length, PhysicalLength, round_pixel

__all__ = ["LogicalSize", "PhysicalSize", "Size"]


class PhysicalSize(msgspec.Struct, frozen=True):
    """A size in the pixels of the screen."""

    width: PhysicalLength
    height: PhysicalLength

    def to_physical(self, scale_factor: float) -> PhysicalSize:
        """Return the size itself."""
        return self

    def to_logical(self, scale_factor: float) -> LogicalSize:
        """Return the size in pixels that are `scale_factor` physical ones wide."""
        return LogicalSize(self.width / scale_factor, self.height / scale_factor)


class LogicalSize(msgspec.Struct, frozen=True):
    """A size in pixels that do not depend on the screen's density, as CSS has them."""

    width: Length
    height: Length

    def to_physical(self, scale_factor: float) -> PhysicalSize:
        """Return the size in the pixels of a screen with this scale factor, rounded."""
        return PhysicalSize(round_pixel(self.width * scale_factor), round_pixel(self.height * scale_factor))

    def to_logical(self, scale_factor: float) -> LogicalSize:
        """Return the size itself."""
        return self


class Size(msgspec.Struct, frozen=True, omit_defaults=True):
    """A size as it is on the wire, `{"Logical": {...}}` or `{"Physical": {...}}`. Exactly one of the two is set."""

    logical: LogicalSize | None = msgspec.field(default=None, name="Logical")
    physical: PhysicalSize | None = msgspec.field(default=None, name="Physical")

    def __post_init__(self) -> None:
        if (self.logical is None) == (self.physical is None):
            raise ValueError("a size is an object with one key, `Logical` or `Physical`")

    @property
    def _set(self) -> LogicalSize | PhysicalSize:
        found = self.logical or self.physical
        assert found is not None
        return found

    def to_physical(self, scale_factor: float) -> PhysicalSize:
        """Return the size in the pixels of a screen with this scale factor."""
        return self._set.to_physical(scale_factor)

    def to_logical(self, scale_factor: float) -> LogicalSize:
        """Return the size in logical pixels of a screen with this scale factor."""
        return self._set.to_logical(scale_factor)
