"""The menu bar and the context menus of one window."""

from __future__ import annotations

from typing import Any

from ....errors import WindowError
from ... import menus
from .. import _gi as gi
from ._about import show_about
from ._items import Activate, MenuItems

__all__ = ["WindowMenu"]

_FARTHEST = 32767  # GDK's coordinates


class WindowMenu:
    """The menu bar and the context menus of one window. The main thread.

    Args:
        window: GTK's window.
        box: GTK's box in it, in which the bar comes first.
        activate: Called when an item is activated. It must not hold the window.
    """

    def __init__(self, window: Any, box: Any, activate: Activate) -> None:
        self._window = window
        self._box = box
        self._activate = activate
        self._version = 0
        self._bar: Any = None
        self._items: MenuItems | None = None
        self._keys: Any = None
        self._hidden = False
        self._popup: Any = None

    def set(self, menu: menus.MenuTree | None, version: int) -> None:
        """Show a menu as the menu bar; `None` removes the bar. What is older than what was set before is ignored."""
        if version < self._version:
            return
        self._version = version
        if menu is None:
            self._remove()
            return
        if self._items is None:
            self._bar = gi.Gtk.MenuBar()
            self._keys = gi.Gtk.AccelGroup()
            self._window.add_accel_group(self._keys)
            self._items = MenuItems(self._bar, self._activate, self._keys)
            self._box.pack_start(self._bar, False, False, 0)
            self._box.reorder_child(self._bar, 0)
        self._items.show(menu.items)
        self._bar.set_visible(not self._hidden)

    def _remove(self) -> None:
        if self._bar is not None:
            self._window.remove_accel_group(self._keys)
            self._bar.destroy()
        self._bar = self._items = self._keys = None

    def set_visible(self, visible: bool) -> None:
        """Show or hide the menu bar, or the one that comes."""
        self._hidden = not visible
        if self._bar is not None:
            self._bar.set_visible(visible)

    def popup(self, menu: menus.MenuTree, position: tuple[float, float] | None, physical: bool, view: Any) -> None:
        """Open a context menu.

        Args:
            menu: What is in it.
            position: Where in the page, from its top left; `None` for where the pointer is.
            physical: Whether that is in physical pixels.
            view: The page's view.

        Raises:
            WindowError: The window is not shown.
        """
        if not self._window.get_mapped():
            raise WindowError("a context menu cannot open in a window that is hidden; call show() first")
        self._close_popup()
        self._popup = gi.Gtk.Menu()
        self._popup.attach_to_widget(self._window, None)
        MenuItems(self._popup, self._activate).show(menu.items)
        rectangle = gi.Gdk.Rectangle()
        rectangle.width = rectangle.height = 1
        rectangle.x, rectangle.y = self._place(position, physical, view)
        corner = gi.Gdk.Gravity.NORTH_WEST
        self._popup.popup_at_rect(self._window.get_window(), rectangle, corner, corner, self._event())

    def _close_popup(self) -> None:
        if self._popup is not None:
            self._popup.popdown()
            self._popup.destroy()
        self._popup = None

    def _place(self, position: tuple[float, float] | None, physical: bool, view: Any) -> tuple[int, int]:
        """Return a place in the page as GTK counts it in the window, whose menu bar is above the page."""
        if position is None:
            pointer = self._window.get_display().get_default_seat().get_pointer()
            if pointer is None:
                return 0, 0
            _, x, y, _ = self._window.get_window().get_device_position(pointer)
            return x, y
        scale = self._window.get_scale_factor() if physical else 1
        x, y = (round(max(-_FARTHEST, min(_FARTHEST, number / scale))) for number in position)
        return view.translate_coordinates(self._window, x, y) or (x, y)

    def _event(self) -> Any:
        """Return an event as of a click, without which GTK warns, as it takes the pointer for the time of an event."""
        event = gi.Gdk.Event.new(gi.Gdk.EventType.BUTTON_PRESS)
        event.window = self._window.get_window()
        event.send_event = True
        seat = self._window.get_display().get_default_seat()
        pointer = None if seat is None else seat.get_pointer()
        if pointer is not None:
            event.set_device(pointer)
        return event

    def perform(self, action: menus.PredefinedKind, about: menus.AboutMetadata | None, view: Any) -> None:
        """Perform the action of a predefined item in the page or on the window."""
        window = self._window
        focused = window.get_focus()
        view = focused if isinstance(focused, gi.WebKit2.WebView) else view
        if action in {"Copy", "Cut", "Paste", "SelectAll", "Undo", "Redo"}:
            if view is not None:
                view.execute_editing_command(action)
        elif action == "Minimize":
            window.iconify()
        elif action == "Maximize":
            (window.unmaximize if window.is_maximized() else window.maximize)()
        elif action == "Fullscreen":
            shown = window.get_window()
            full = shown is not None and shown.get_state() & gi.Gdk.WindowState.FULLSCREEN
            (window.unfullscreen if full else window.fullscreen)()
        elif action == "About":
            show_about(window, about or menus.AboutMetadata())
