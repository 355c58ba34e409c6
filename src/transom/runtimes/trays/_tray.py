"""A tray icon as a value."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from ..image import Image
from ..menus import MenuTree
from ..ops import Op

__all__ = ["MouseButton", "RemoveTray", "SetTray", "TrayClick", "TrayState"]

MouseButton: TypeAlias = Literal["Left", "Right", "Middle"]


class TrayState(msgspec.Struct, frozen=True, kw_only=True):
    """A tray icon at one moment.

    Attributes:
        key: Names the icon in operations and in what comes back.
        version: Of two states of one icon the one with the higher number counts, in whatever order they come.
        id: Its name on the desktop.
        icon: The picture; `None` for none.
        tooltip: The text that a desktop shows when the pointer rests on it; `None` for none.
        title: A text beside the picture, where a desktop shows one; `None` for none.
        visible: Whether it is shown.
        menu: Its menu; `None` for none.
        menu_on_left_click: Whether the left button opens the menu, and not only the right one.
    """

    key: int
    version: int
    id: str
    icon: Image | None = None
    tooltip: str | None = None
    title: str | None = None
    visible: bool = True
    menu: MenuTree | None = None
    menu_on_left_click: bool = True


class SetTray(Op[None], frozen=True):
    """Show a tray icon, or what has changed of it."""

    tray: TrayState


class RemoveTray(Op[None], frozen=True):
    """Take a tray icon away; one that is not there is ignored."""

    key: int


class TrayClick(msgspec.Struct, frozen=True):
    """A click on a tray icon.

    Attributes:
        key: Which icon.
        button: Which button.
        x: Where on the screen, in physical pixels; 0 where the desktop does not tell.
        y: The same, from the top.
    """

    key: int
    button: MouseButton
    x: int
    y: int
