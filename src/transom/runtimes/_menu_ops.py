"""Operations of a window system on menus."""

from __future__ import annotations

from .menus import AboutMetadata, MenuTree, PredefinedKind
from .ops import WindowOp

__all__ = ["PerformPredefined", "PopupMenu", "SetMenuVisible", "SetWindowMenu"]


class SetWindowMenu(WindowOp[None], frozen=True):
    """Show a menu as the menu bar of the window.

    Attributes:
        menu: The menu; `None` removes the bar.
        version: A later operation has a higher number. One with a lower number than one before it is ignored.
    """

    menu: MenuTree | None
    version: int


class SetMenuVisible(WindowOp[None], frozen=True):
    """Show or hide the window's menu bar. Without one nothing happens."""

    visible: bool


class PopupMenu(WindowOp[None], frozen=True):
    """Open a context menu and return at once.

    Attributes:
        menu: What is in it.
        position: Where in the window, from its top left; `None` for where the pointer is.
        physical: Whether the position is in physical pixels.
    """

    menu: MenuTree
    position: tuple[float, float] | None = None
    physical: bool = False


class PerformPredefined(WindowOp[None], frozen=True):
    """Perform the action of a predefined item: edit in the window's page, change the window, or show the About dialog.

    Attributes:
        action: Which one.
        about: What the About dialog shows; `None` for other actions.
    """

    action: PredefinedKind
    about: AboutMetadata | None = None
