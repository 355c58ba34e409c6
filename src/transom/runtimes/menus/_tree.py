"""A menu as a value: what a window system shows, at one moment."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from ..image import Image
from ._accelerator import Accelerator

__all__ = ["AboutMetadata", "ItemKind", "MenuActivation", "MenuNode", "MenuTree", "PredefinedKind", "plain_text"]

ItemKind: TypeAlias = Literal["MenuItem", "Submenu", "Check", "Icon", "Predefined"]
PredefinedKind: TypeAlias = Literal[
    "Separator",
    "Copy",
    "Cut",
    "Paste",
    "SelectAll",
    "Undo",
    "Redo",
    "Minimize",
    "Maximize",
    "Fullscreen",
    "Hide",
    "HideOthers",
    "ShowAll",
    "CloseWindow",
    "Quit",
    "Services",
    "BringAllToFront",
    "About",
]


class AboutMetadata(msgspec.Struct, frozen=True, kw_only=True):
    """The contents of the About dialog; `None` omits a line.

    Attributes:
        name: The application's name.
        version: Its version.
        short_version: More of the version, in parentheses after it.
        authors: Its authors.
        comments: What it does.
        copyright: The copyright.
        license: The licence.
        website: An address.
        website_label: What is shown in place of the address.
        credits: Thanks to others.
        icon: The picture beside the text.
    """

    name: str | None = None
    version: str | None = None
    short_version: str | None = None
    authors: tuple[str, ...] | None = None
    comments: str | None = None
    copyright: str | None = None
    license: str | None = None
    website: str | None = None
    website_label: str | None = None
    credits: str | None = None
    icon: Image | None = None


class MenuNode(msgspec.Struct, frozen=True, kw_only=True):
    """One item of a menu.

    Attributes:
        key: Names the item in what comes back. An item that is in several places has the same key in each.
        kind: What it is.
        text: Its text; `&` before a character makes that the one to press, `&&` is an ampersand.
        enabled: Whether it can be activated.
        checked: Whether a `Check` has its mark.
        accelerator: Its keys; `None` for none.
        icon: The picture of an `Icon` or `Submenu`; `None` for none.
        predefined: What a `Predefined` does.
        items: What is in a `Submenu`.
    """

    key: int
    kind: ItemKind
    text: str = ""
    enabled: bool = True
    checked: bool = False
    accelerator: Accelerator | None = None
    icon: Image | None = None
    predefined: PredefinedKind | None = None
    items: tuple[MenuNode, ...] = ()

    def is_like(self, other: MenuNode) -> bool:
        """Tell whether both have the same form, so that one can be changed into the other without making it anew."""
        return (
            (self.key, self.kind, self.predefined) == (other.key, other.kind, other.predefined)
            and (self.kind == "Icon" or (self.icon is None) == (other.icon is None))
            and len(self.items) == len(other.items)
            and all(mine.is_like(theirs) for mine, theirs in zip(self.items, other.items, strict=True))
        )


class MenuTree(msgspec.Struct, frozen=True):
    """A menu at one moment.

    Attributes:
        version: Later values have higher numbers: of two for one place the higher one counts, in whatever order they come.
        items: What is in the menu.
    """

    version: int
    items: tuple[MenuNode, ...]


class MenuActivation(msgspec.Struct, frozen=True):
    """An item was chosen.

    Attributes:
        key: Which one.
        window: Label of the window whose menu it was in; `None` for the menu of a tray icon.
        checked: The new state of a `Check`; `None` for others.
    """

    key: int
    window: str | None = None
    checked: bool | None = None


def plain_text(text: str, mnemonic: str = "") -> str:
    """Return an item's text with another mark for the character to press.

    Args:
        text: With Tauri's mark `&`, and `&&` for an ampersand.
        mnemonic: The mark in the result, which is doubled where it is itself in the text; empty for none.
    """
    found: list[str] = []
    marked = False
    at = 0
    while at < len(text):
        character = text[at]
        following = text[at + 1 : at + 2]
        if character == "&" and following != "&":
            # GTK takes the first mark only, and so do we.
            if following and not marked:
                found.append(mnemonic)
                marked = True
        else:
            found.append(character * 2 if character == mnemonic else character)
            at += character == "&"
        at += 1
    return "".join(found)
