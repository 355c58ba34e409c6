"""The values that window operations take and return, with Tauri's names and wire forms."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Any, NamedTuple

import msgspec

from ...values import PhysicalPosition, PhysicalSize, PixelUnit

__all__ = [
    "Color",
    "CursorIcon",
    "Monitor",
    "PhysicalRect",
    "ProgressBarState",
    "ProgressBarStatus",
    "ResizeDirection",
    "Theme",
    "TitleBarStyle",
    "UserAttentionType",
    "WindowEffectsConfig",
    "WindowSizeConstraints",
]

_HEX = re.compile(r"#([0-9a-fA-F]{3}|[0-9a-fA-F]{4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})")


class Theme(StrEnum):
    """The look of a window and of its page's `prefers-color-scheme`."""

    LIGHT = "light"
    DARK = "dark"


class UserAttentionType(StrEnum):
    """How strongly a window asks for attention."""

    CRITICAL = "Critical"
    INFORMATIONAL = "Informational"


class ResizeDirection(StrEnum):
    """The edge or corner by which a window is resized."""

    EAST = "East"
    NORTH = "North"
    NORTH_EAST = "NorthEast"
    NORTH_WEST = "NorthWest"
    SOUTH = "South"
    SOUTH_EAST = "SouthEast"
    SOUTH_WEST = "SouthWest"
    WEST = "West"


class TitleBarStyle(StrEnum):
    """The look of a title bar on macOS."""

    VISIBLE = "visible"
    TRANSPARENT = "transparent"
    OVERLAY = "overlay"


class CursorIcon(StrEnum):
    """The shapes of the pointer that Tauri knows."""

    DEFAULT = "default"
    CROSSHAIR = "crosshair"
    HAND = "hand"
    ARROW = "arrow"
    MOVE = "move"
    TEXT = "text"
    WAIT = "wait"
    HELP = "help"
    PROGRESS = "progress"
    NOT_ALLOWED = "notAllowed"
    CONTEXT_MENU = "contextMenu"
    CELL = "cell"
    VERTICAL_TEXT = "verticalText"
    ALIAS = "alias"
    COPY = "copy"
    NO_DROP = "noDrop"
    GRAB = "grab"
    GRABBING = "grabbing"
    ALL_SCROLL = "allScroll"
    ZOOM_IN = "zoomIn"
    ZOOM_OUT = "zoomOut"
    E_RESIZE = "eResize"
    N_RESIZE = "nResize"
    NE_RESIZE = "neResize"
    NW_RESIZE = "nwResize"
    S_RESIZE = "sResize"
    SE_RESIZE = "seResize"
    SW_RESIZE = "swResize"
    W_RESIZE = "wResize"
    EW_RESIZE = "ewResize"
    NS_RESIZE = "nsResize"
    NESW_RESIZE = "neswResize"
    NWSE_RESIZE = "nwseResize"
    COL_RESIZE = "colResize"
    ROW_RESIZE = "rowResize"

    @property
    def css_name(self) -> str:
        """The name that CSS has for it."""
        other = {CursorIcon.ARROW: "default", CursorIcon.HAND: "pointer"}.get(self)
        return other or re.sub("[A-Z]", lambda found: f"-{found[0].lower()}", self.value)


class ProgressBarStatus(StrEnum):
    """The state of a progress bar."""

    NONE = "none"
    NORMAL = "normal"
    INDETERMINATE = "indeterminate"
    PAUSED = "paused"
    ERROR = "error"


class ProgressBarState(msgspec.Struct, frozen=True):
    """A progress bar: what it shows, and how far it is from 0 to 100. `None` keeps what was set before."""

    status: ProgressBarStatus | None = None
    progress: int | None = None


class WindowEffectsConfig(msgspec.Struct, frozen=True):
    """Effects of the background of a window on Windows and macOS; see Tauri's `EffectsBuilder`."""

    effects: tuple[str, ...] = ()
    state: str | None = None
    radius: float | None = None
    color: Any = None
    interactive: bool | None = None


class WindowSizeConstraints(msgspec.Struct, frozen=True, rename="camel"):
    """The least and the largest size of a window's content, each side by itself. `None` for no limit."""

    min_width: PixelUnit | None = None
    min_height: PixelUnit | None = None
    max_width: PixelUnit | None = None
    max_height: PixelUnit | None = None


class PhysicalRect(msgspec.Struct, frozen=True):
    """A rectangle in the pixels of the screen."""

    position: PhysicalPosition
    size: PhysicalSize


class Monitor(msgspec.Struct, frozen=True, rename="camel"):
    """A monitor.

    Attributes:
        name: Its name; `None` when the system does not tell.
        size: Its size.
        position: Its place among all monitors.
        scale_factor: Physical pixels for each logical one.
        work_area: The part of it that no panel covers.
    """

    name: str | None
    size: PhysicalSize
    position: PhysicalPosition
    scale_factor: float
    work_area: PhysicalRect


class Color(NamedTuple):
    """A color; each part is from 0 to 255."""

    red: int
    green: int
    blue: int
    alpha: int = 255

    @classmethod
    def parse(cls, value: Any) -> Color:
        """Return the color of one of the forms that the npm package sends.

        Args:
            value: `[red, green, blue]` with or without alpha, an object of these, or `#rgb`, `#rgba`, `#rrggbb`, `#rrggbbaa`.

        Raises:
            ValueError: It is none of them.
        """
        if isinstance(value, str) and _HEX.fullmatch(value):
            digits = value[1:] if len(value) > 5 else "".join(digit * 2 for digit in value[1:])
            return cls(*bytes.fromhex(digits))
        if isinstance(value, dict) and set(value) <= {"red", "green", "blue", "alpha"}:
            value = [value.get("red"), value.get("green"), value.get("blue"), value.get("alpha", 255)]
        if (
            isinstance(value, list | tuple)
            and len(value) in (3, 4)
            and all(type(part) is int and 0 <= part <= 255 for part in value)
        ):
            return cls(*value)
        raise ValueError(
            "a color is [red, green, blue] or [red, green, blue, alpha] from 0 to 255, or a text like #rrggbb"
        )
