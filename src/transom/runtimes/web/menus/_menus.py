"""Which menus the pages of the web runtime show, and which of their items may be chosen."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable
from typing import Any

from ....errors import Unsupported, WindowError
from ... import MenuActivation, PerformPredefined, PopupMenu, SetMenuVisible, SetWindowMenu, menus
from ._form import DRAWN_ACTIONS, about_form, can_be_chosen, items_form

__all__ = ["WebMenus"]

_KEY = re.compile(r"[0-9]{1,15}")


class _Shown:
    """The menus of one window."""

    def __init__(self) -> None:
        self.version = 0
        self.bar: menus.MenuTree | None = None
        self.visible = True
        self.popup: menus.MenuTree | None = None


class WebMenus:
    """The menus of all windows. Any thread.

    Args:
        name: The application's name.
        operate: Tells the page of a window to do something; tells whether there is one.
        activated: Called with an item that the user has chosen.
        close: Asks a window to close.
        runtime: The name of the runtime.
    """

    def __init__(
        self,
        name: str,
        operate: Callable[..., bool],
        activated: Callable[[MenuActivation], None],
        close: Callable[[str], None],
        runtime: str = "web",
    ) -> None:
        self._runtime = runtime
        self._name = name
        self._operate = operate
        self._activated = activated
        self._close = close
        self._shown: dict[str, _Shown] = {}
        self._lock = threading.Lock()

    def perform(self, op: Any) -> None:
        """Do what an operation says.

        Raises:
            WindowError: The page of the window, which has to draw the menu, is not open.
            Unsupported: A page cannot perform the action of the predefined item.
        """
        with self._lock:
            shown = self._shown.setdefault(op.label, _Shown())
        match op:
            case SetWindowMenu():
                with self._lock:
                    if op.version < shown.version:
                        return
                    shown.version, shown.bar = op.version, op.menu
                    self._operate(op.label, "menu", "show", None if op.menu is None else items_form(op.menu.items))
            case SetMenuVisible(visible=visible):
                shown.visible = visible
                self._operate(op.label, "menu", "setVisible", visible)
            case PopupMenu():
                shown.popup = op.menu
                if not self._operate(op.label, "menu", "popup", items_form(op.menu.items), op.position, op.physical):
                    raise WindowError(
                        f"a context menu cannot open: the page of the window `{op.label}` is not open; show the window first"
                    )
            case PerformPredefined(action="CloseWindow"):
                self._close(op.label)
            case PerformPredefined(action=action) if action not in DRAWN_ACTIONS:
                raise Unsupported(f"the menu item {action}", self._runtime, "a page does not control its window")
            case PerformPredefined():
                about = about_form(op.about or menus.AboutMetadata(), self._name) if op.action == "About" else {}
                self._operate(op.label, "menu", "perform", op.action, about)

    def replay(self, label: str, operate: Callable[..., object]) -> None:
        """Show a page that has just come what its window shows.

        Args:
            label: The window.
            operate: Tells that page to do something.
        """
        shown = self._shown.get(label)
        if shown is None:
            return
        with self._lock:
            if not shown.visible:
                operate("menu", "setVisible", False)
            if shown.bar is not None:
                operate("menu", "show", items_form(shown.bar.items))

    def heard(self, label: str, key: str) -> None:
        """Heed the word of a page that an item was chosen: one that it shows and that can be chosen counts."""
        shown = self._shown.get(label)
        if shown is None or not _KEY.fullmatch(key):
            return
        in_bar = _find(shown.bar.items, int(key)) if shown.bar is not None and shown.visible else None
        in_popup = None if shown.popup is None else _find(shown.popup.items, int(key))
        node = in_bar or in_popup
        if node is None:
            return
        if in_bar is None:
            shown.popup = None
        self._activated(MenuActivation(node.key, label, not node.checked if node.kind == "Check" else None))

    def gone(self, label: str) -> None:
        """Forget a window."""
        self._shown.pop(label, None)


def _find(nodes: Iterable[menus.MenuNode], key: int) -> menus.MenuNode | None:
    """Return the item with this key, if it and the submenus that it is in can be chosen."""
    for node in nodes:
        if not can_be_chosen(node):
            continue
        if node.key == key and node.kind != "Submenu" and node.predefined != "Separator":
            return node
        if (found := _find(node.items, key)) is not None:
            return found
    return None
