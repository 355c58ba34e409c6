"""One length in pixels."""

from __future__ import annotations

import msgspec

from ._pixels import Length, PhysicalLength

__all__ = ["PixelUnit"]


class PixelUnit(msgspec.Struct, frozen=True, omit_defaults=True):
    """A length, on the wire `{"Logical": 100}` or `{"Physical": 100}`. Exactly one of the two is set."""

    logical: Length | None = msgspec.field(default=None, name="Logical")
    physical: PhysicalLength | None = msgspec.field(default=None, name="Physical")

    def __post_init__(self) -> None:
        if (self.logical is None) == (self.physical is None):
            raise ValueError("a length is an object with one key, `Logical` or `Physical`")

    def to_logical(self, scale_factor: float) -> float:
        """Return the length in pixels that are `scale_factor` physical ones wide."""
        if self.logical is not None:
            return self.logical
        assert self.physical is not None
        return self.physical / scale_factor
