"""A tray icon, under Tauri's names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from ..errors import MenuError
from ..menu import ContextMenu, MenuEvent
from ..runtimes import Image, TrayState
from ..values import Rect
from ._event import TrayIconEvent
from ._trays import Trays, TraysManager, clean_text

__all__ = ["TrayIcon"]


class TrayIcon:
    """An icon in the desktop's tray (Tauri: `tray::TrayIcon`); make one with a `TrayIconBuilder`. Any thread.

    Its methods raise `MenuError` when it has been removed.
    """

    def __init__(self, manager: TraysManager, state: TrayState, menu: ContextMenu | None) -> None:
        self._manager = manager
        self._trays: Trays = manager._app.trays  # noqa: SLF001 - a handle, as this icon is
        self._state = state
        self._menu = menu

    @property
    def id(self) -> str:
        """The icon's id."""
        return self._state.id

    def app_handle(self) -> Any:
        """Return a handle of the application."""
        return self._manager.app_handle()

    def state(self) -> TrayState:
        """Return what the icon shows, without its menu."""
        return self._state

    def menu(self) -> ContextMenu | None:
        """Return its menu, `None` when it has none."""
        return self._menu

    def _set(self, **changes: Any) -> None:
        with self._trays.lock:
            if not self._trays.has(self):
                raise MenuError(f"the tray icon {self.id!r} has been removed; build another one")
            self._state = msgspec.structs.replace(self._state, **changes)
        self._trays.show(self)

    def set_icon(self, icon: Image | None) -> None:
        """Set the picture; `None` for none."""
        self._set(icon=icon)

    def set_menu(self, menu: ContextMenu | None) -> None:
        """Set the menu; `None` for none."""
        with self._trays.lock:
            self._menu = menu
        self._set()

    def set_tooltip(self, tooltip: str | None) -> None:
        """Set the text that the desktop shows when the pointer rests on the icon; `None` for none.

        Raises:
            MenuError: It is too long.
        """
        self._set(tooltip=clean_text(tooltip))

    def set_title(self, title: str | None) -> None:
        """Set the text beside the icon, which some desktops show; `None` for none.

        Raises:
            MenuError: It is too long.
        """
        self._set(title=clean_text(title))

    def set_visible(self, visible: bool) -> None:
        """Show or hide the icon."""
        self._set(visible=bool(visible))

    def set_show_menu_on_left_click(self, enable: bool) -> None:
        """Let the left button open the menu, or only tell of its click."""
        self._set(menu_on_left_click=bool(enable))

    def set_temp_dir_path(self, path: str | None) -> None:
        """Do nothing: the icon's picture is not written to a file, as it is in Tauri on Linux."""
        self._set()

    def set_icon_as_template(self, is_template: bool) -> None:
        """Do nothing: only macOS has template icons."""
        self._set()

    def set_icon_with_as_template(self, icon: Image | None, is_template: bool) -> None:
        """Set the picture; only macOS has template icons."""
        self._set(icon=icon)

    def rect(self) -> Rect | None:
        """Return where the icon is; `None`, as no Linux desktop tells."""
        return None

    def on_menu_event(self, handler: Callable[[Any, MenuEvent], object]) -> None:
        """Call `handler` with the application and a `MenuEvent` at every activated item, whichever menu it is in.

        `def` runs in a worker, `async def` on the event loop, one event after the other.
        """
        app = self.app_handle()
        self._trays.listen_menu(lambda event: handler(app, event))

    def on_tray_icon_event(self, handler: Callable[[TrayIcon, TrayIconEvent], object]) -> None:
        """Call `handler` with this icon and a `TrayIconEvent` whenever something happens to it; see `on_menu_event`."""
        self._trays.listen(lambda event: handler(self, event), self)

    def close(self) -> None:
        """Remove the icon."""
        self._trays.remove(self)

    def __repr__(self) -> str:
        return f"<TrayIcon {self.id!r}>"
