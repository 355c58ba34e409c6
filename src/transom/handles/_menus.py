"""The methods of the application and of windows for menus, under Tauri's names."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

from ..errors import WindowError
from ..values import LogicalPosition, PhysicalPosition, Position
from ._handle import Handle
from ._labelled import LabelledHandle

if TYPE_CHECKING:
    from ..menu import Container, Menu, MenuEvent
    from ..tray import TrayIcon, TrayIconEvent

AnyPosition: TypeAlias = Position | LogicalPosition | PhysicalPosition | tuple[float, float]

__all__ = ["AppMenuMethods", "AppTrayMethods", "WindowMenuMethods"]


class AppMenuMethods(Handle):
    """The application's menu: every window shows it that has none of its own."""

    __slots__ = ()

    def menu(self) -> Menu | None:
        """Return the application's menu, `None` when it has none."""
        return self._app.menus.app_menu()

    def set_menu(self, menu: Menu) -> Menu | None:
        """Show a menu in every window that has none of its own, now and later, and return the one before it.

        Raises:
            WindowError: The runtime shows no menu bars.
        """
        return self._app.menus.set_app_menu(menu)

    def remove_menu(self) -> Menu | None:
        """Remove the application's menu and return it, `None` when it has none.

        Raises:
            WindowError: The runtime shows no menu bars.
        """
        return self._app.menus.set_app_menu(None)

    def hide_menu(self) -> None:
        """Hide the menu bar of every window.

        Raises:
            WindowError: The runtime shows no menu bars.
        """
        self._set_menus_visible(False)

    def show_menu(self) -> None:
        """Show the hidden menu bar of every window again.

        Raises:
            WindowError: The runtime shows no menu bars.
        """
        self._set_menus_visible(True)

    def _set_menus_visible(self, visible: bool) -> None:
        for label in self._client.windows:
            try:
                self._app.menus.set_visible(label, visible)
            except WindowError:
                if label in self._client.windows:  # else it was closed meanwhile
                    raise

    def on_menu_event(self, handler: Callable[[Any, MenuEvent], object]) -> None:
        """Call `handler` with this handle and a `MenuEvent` at every activated item, whichever menu it is in.

        `def` runs in a worker, `async def` on the event loop, one event after the other.
        """
        self._app.menus.listen(lambda event: handler(self, event))


class AppTrayMethods(Handle):
    """The application's tray icons; `TrayIconBuilder` makes one."""

    __slots__ = ()

    def tray_by_id(self, id: str) -> TrayIcon | None:  # noqa: A002 - Tauri's name
        """Return the tray icon with an id, `None` when there is none."""
        found: TrayIcon | None = self._app.trays.by_id(id)
        return found

    def remove_tray_by_id(self, id: str) -> TrayIcon | None:  # noqa: A002 - Tauri's name
        """Remove the tray icon with an id and return it, `None` when there is none."""
        found = self.tray_by_id(id)
        if found is not None:
            found.close()
        return found

    def on_tray_icon_event(self, handler: Callable[[Any, TrayIconEvent], object]) -> None:
        """Call `handler` with this handle and a `TrayIconEvent` whenever something happens to a tray icon.

        `def` runs in a worker, `async def` on the event loop, one event after the other.
        """
        self._app.trays.listen(lambda event: handler(self, event))


class WindowMenuMethods(LabelledHandle):
    """The menu bar and the context menus of a window. Methods that show something raise `WindowError` where none are."""

    __slots__ = ()

    def menu(self) -> Menu | None:
        """Return the menu that the window shows, be it its own or the application's; `None` for none."""
        return self._app.menus.window_menu(self.label)

    def set_menu(self, menu: Menu) -> Menu | None:
        """Show a menu in the window in place of the application's, and return the one before it."""
        self._client.check_window(self.label)
        return self._app.menus.set_window_menu(self.label, menu)

    def remove_menu(self) -> Menu | None:
        """Show no menu in the window, not even the application's, and return the one before; `None` for none."""
        self._client.check_window(self.label)
        return self._app.menus.set_window_menu(self.label, None)

    def hide_menu(self) -> None:
        """Hide the menu bar; its accelerators rest too."""
        self._app.menus.set_visible(self.label, False)

    def show_menu(self) -> None:
        """Show the hidden menu bar again."""
        self._app.menus.set_visible(self.label, True)

    def is_menu_visible(self) -> bool:
        """Tell whether the window has a menu bar that is not hidden."""
        self._client.check_window(self.label)
        return self._app.menus.is_visible(self.label)

    def popup_menu(self, menu: Container) -> None:
        """Open a menu or submenu as a context menu at the pointer, and return at once."""
        self._app.menus.popup(self.label, menu)

    def popup_menu_at(self, menu: Container, position: AnyPosition) -> None:
        """Open a menu or submenu as a context menu and return at once.

        Args:
            menu: The menu.
            position: Where in the window's page, from its top left: `(x, y)` in logical pixels, or a position.
        """
        at, physical = _point_of(position)
        self._app.menus.popup(self.label, menu, at, physical=physical)

    def on_menu_event(self, handler: Callable[[Any, MenuEvent], object]) -> None:
        """Call `handler` with this handle and a `MenuEvent` at every activated item, until the window is gone.

        Tauri: whichever menu the item is in, not only the window's.
        """
        self._client.check_window(self.label)
        self._app.menus.listen(lambda event: handler(self, event), self.label)


def _point_of(position: AnyPosition) -> tuple[tuple[float, float], bool]:
    """Return a point, and whether it is in physical pixels."""
    if isinstance(position, tuple):
        return (float(position[0]), float(position[1])), False
    if isinstance(position, Position):
        position = position.physical or position.to_logical(1)
    return (float(position.x), float(position.y)), isinstance(position, PhysicalPosition)
