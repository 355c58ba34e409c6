"""Colours, in each of the forms that Tauri takes."""

from __future__ import annotations

__all__ = ["rgba"]


def rgba(color: str | list[int] | dict[str, int]) -> list[int]:
    """Return red, green, blue and alpha, each from 0 to 255, of a colour that matches the schema."""
    if isinstance(color, dict):
        return [color["red"], color["green"], color["blue"], color.get("alpha", 255)]
    if isinstance(color, list):
        return [*color, 255][:4]
    digits = color.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    return [*bytes.fromhex(digits), 255][:4]
