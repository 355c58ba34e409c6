"""Plain values as D-Bus has them, and Gio itself. The names have no types: they are made at run time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from typing import Any

from .. import image
from ._layout import Item

__all__ = ["GLib", "Gio", "encode_item", "encode_pixmaps", "encode_properties"]

Gio: Any = import_module("gi.repository.Gio")
GLib: Any = import_module("gi.repository.GLib")

_LARGEST_ICON = 128  # pixels; panels show less, and every one of them asks for all of it
_TYPES = {
    "label": "s",
    "type": "s",
    "enabled": "b",
    "visible": "b",
    "toggle-type": "s",
    "toggle-state": "i",
    "children-display": "s",
    "shortcut": "aas",
}


def _pixbuf(picture: image.Image, largest: int) -> Any:
    pixbufs: Any = import_module("gi.repository.GdkPixbuf")
    pixbuf = pixbufs.Pixbuf.new_from_bytes(
        GLib.Bytes.new(picture.rgba),
        pixbufs.Colorspace.RGB,
        True,
        8,
        picture.width,
        picture.height,
        picture.width * 4,
    )
    longer = max(picture.width, picture.height)
    if longer <= largest:
        return pixbuf
    width, height = (max(1, side * largest // longer) for side in (picture.width, picture.height))
    return pixbuf.scale_simple(width, height, pixbufs.InterpType.BILINEAR)


def _bytes(data: bytes) -> Any:
    # Byte by byte, as PyGObject does it by itself, a picture would take a tenth of a second.
    return GLib.Variant.new_from_bytes(GLib.VariantType("ay"), GLib.Bytes.new(data), True)


def encode_pixmaps(picture: image.Image | None) -> Any:
    """Return an image as the property `IconPixmap`: pixels of alpha, red, green and blue."""
    pixmaps = GLib.VariantBuilder(GLib.VariantType("a(iiay)"))
    if picture is not None:
        pixbuf = _pixbuf(picture, _LARGEST_ICON)
        width, height, stride = pixbuf.get_width(), pixbuf.get_height(), pixbuf.get_rowstride()
        pixels = bytes(pixbuf.get_pixels())
        rgba = b"".join(pixels[row * stride : row * stride + width * 4] for row in range(height))
        argb = bytearray(len(rgba))
        argb[0::4], argb[1::4], argb[2::4], argb[3::4] = rgba[3::4], rgba[0::4], rgba[1::4], rgba[2::4]
        sizes = (GLib.Variant("i", width), GLib.Variant("i", height))
        pixmaps.add_value(GLib.Variant.new_tuple(*sizes, _bytes(bytes(argb))))
    return pixmaps.end()


def _property(name: str, value: Any) -> Any:
    if isinstance(value, image.Image):
        _, data = _pixbuf(value, 24).save_to_bufferv("png", [], [])
        return _bytes(bytes(data))
    return GLib.Variant(_TYPES[name], value)


def encode_properties(properties: Mapping[str, Any], names: Iterable[str] = ()) -> dict[str, Any]:
    """Return the properties of a menu item, each as a variant.

    Args:
        properties: See `Item.properties`.
        names: Only these; empty for all.
    """
    wanted = set(names)
    return {name: _property(name, value) for name, value in properties.items() if not wanted or name in wanted}


def encode_item(item: Item, depth: int, names: Iterable[str]) -> Any:
    """Return an item with its children as `(ia{sv}av)`.

    Args:
        item: The item.
        depth: How many levels of children; negative for all.
        names: The wanted properties; empty for all.
    """
    children = [] if depth == 0 else [encode_item(child, depth - 1, names) for child in item.children]
    return GLib.Variant("(ia{sv}av)", (item.id, encode_properties(item.properties, names), children))
