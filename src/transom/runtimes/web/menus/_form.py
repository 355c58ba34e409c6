"""Menus in the form in which a page draws them (`wire/js/modules/menus.js`)."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Iterable
from typing import Any, Final

from ... import image, menus

__all__ = ["DRAWN_ACTIONS", "about_form", "items_form"]

# What predefined items can do in a browser; the others are shown and cannot be chosen.
DRAWN_ACTIONS: Final = frozenset(
    {"Separator", "Copy", "Cut", "Paste", "SelectAll", "Undo", "Redo", "Fullscreen", "CloseWindow", "Quit", "About"}
)
# Keys that a browser handles by itself in a page.
_OF_THE_BROWSER = frozenset({"Copy", "Cut", "Paste", "SelectAll", "Undo", "Redo"})
_ONLY_ON_MACOS = frozenset({"Hide", "HideOthers", "ShowAll", "Services", "BringAllToFront"})
_KINDS = {"Check": "check", "Submenu": "menu"}
_NAMES = {
    menus.Modifier.CONTROL: "Ctrl",
    menus.Modifier.ALT: "Alt",
    menus.Modifier.SHIFT: "Shift",
    menus.Modifier.SUPER: "Super",
}
_MARK = "\0"


def items_form(nodes: Iterable[menus.MenuNode]) -> list[dict[str, Any]]:
    """Return the items of a menu as JSON values; those that only macOS has are left out."""
    return [_item(node) for node in nodes if node.predefined not in _ONLY_ON_MACOS]


def _item(node: menus.MenuNode) -> dict[str, Any]:
    marked = menus.plain_text(node.text.replace(_MARK, ""), _MARK)
    keys = node.accelerator
    bound = keys is not None and node.predefined not in _OF_THE_BROWSER
    return {
        "key": node.key,
        "kind": "separator" if node.predefined == "Separator" else _KINDS.get(node.kind, "item"),
        "text": marked.replace(_MARK, ""),
        "mark": marked.find(_MARK),
        "enabled": can_be_chosen(node),
        "checked": node.checked,
        "icon": "" if node.icon is None else png_text(node.icon),
        "shown": "" if keys is None else _shown(keys),
        "keys": [int(keys.modifiers), keys.key] if keys is not None and bound else None,
        "items": items_form(node.items),
    }


def can_be_chosen(node: menus.MenuNode) -> bool:
    """Tell whether an item can be chosen in a browser."""
    return node.enabled and (node.predefined is None or node.predefined in DRAWN_ACTIONS)


def _shown(keys: menus.Accelerator) -> str:
    names = [_NAMES[modifier] for modifier in menus.Modifier if modifier & keys.modifiers]
    return "+".join([*names, keys.key.removeprefix("Key").removeprefix("Digit").removeprefix("Arrow")])


def about_form(about: menus.AboutMetadata, name: str) -> dict[str, str]:
    """Return the lines of the About dialog, in their order.

    Args:
        about: What it shows.
        name: The application's name, where `about` has none.
    """
    version = about.version or ""
    if about.short_version:
        version = f"{version} ({about.short_version})".strip()
    lines = {
        "name": about.name or name,
        "version": version,
        "comments": about.comments,
        "copyright": about.copyright,
        "authors": ", ".join(about.authors or ()),
        "credits": about.credits,
        "license": about.license,
        "website": about.website,
        "icon": None if about.icon is None else png_text(about.icon),
    }
    return {key: text for key, text in lines.items() if text}


def png_text(picture: image.Image) -> str:
    """Return a picture as a PNG file in base64."""
    row = picture.width * 4
    rows = b"".join(b"\0" + picture.rgba[at : at + row] for at in range(0, len(picture.rgba), row))
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", picture.width, picture.height, 8, 6, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows, 1)),
        (b"IEND", b""),
    )
    chunks = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts
    )
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"".join(chunks)).decode()
