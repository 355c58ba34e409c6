"""The builder of tray icons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..menu import ContextMenu, MenuEvent
from ..runtimes import Image, TrayState
from ._event import TrayIconEvent
from ._icon import TrayIcon
from ._trays import TraysManager, clean_text

__all__ = ["TrayIconBuilder"]


class TrayIconBuilder:
    """Makes a tray icon (Tauri: `tray::TrayIconBuilder`); every method returns the builder."""

    def __init__(self) -> None:
        self._options: dict[str, Any] = {}
        self._menu: ContextMenu | None = None
        self._on_menu: list[Callable[[Any, MenuEvent], object]] = []
        self._on_event: list[Callable[[TrayIcon, TrayIconEvent], object]] = []

    @classmethod
    def with_id(cls, id: str) -> TrayIconBuilder:  # noqa: A002 - Tauri's name
        """Return a builder of an icon with this id; an icon that has it already is removed."""
        return cls().id(id)

    def id(self, id: str) -> TrayIconBuilder:  # noqa: A002 - Tauri's name
        """Set the id; an icon that has it already is removed.

        Raises:
            MenuError: It is too long.
        """
        return self._set(id=clean_text(id))

    def _set(self, **options: Any) -> TrayIconBuilder:
        self._options.update(options)
        return self

    def icon(self, icon: Image) -> TrayIconBuilder:
        """Set the picture."""
        return self._set(icon=icon)

    def menu(self, menu: ContextMenu) -> TrayIconBuilder:
        """Set the menu."""
        self._menu = menu
        return self

    def tooltip(self, tooltip: str) -> TrayIconBuilder:
        """Set the text that the desktop shows when the pointer rests on the icon.

        Raises:
            MenuError: It is too long.
        """
        return self._set(tooltip=clean_text(tooltip))

    def title(self, title: str) -> TrayIconBuilder:
        """Set the text beside the icon, which some desktops show.

        Raises:
            MenuError: It is too long.
        """
        return self._set(title=clean_text(title))

    def show_menu_on_left_click(self, enable: bool) -> TrayIconBuilder:
        """Let the left button open the menu, which is usual, or only tell of its click."""
        return self._set(menu_on_left_click=enable)

    def menu_on_left_click(self, enable: bool) -> TrayIconBuilder:
        """Do what `show_menu_on_left_click` does, which is the newer name."""
        return self.show_menu_on_left_click(enable)

    def temp_dir_path(self, path: str) -> TrayIconBuilder:
        """Do nothing: the icon's picture is not written to a file, as it is in Tauri on Linux."""
        return self

    def icon_as_template(self, is_template: bool) -> TrayIconBuilder:
        """Do nothing: only macOS has template icons."""
        return self

    def on_menu_event(self, handler: Callable[[Any, MenuEvent], object]) -> TrayIconBuilder:
        """Call `handler` with the application and a `MenuEvent`; see `TrayIcon.on_menu_event`."""
        self._on_menu.append(handler)
        return self

    def on_tray_icon_event(self, handler: Callable[[TrayIcon, TrayIconEvent], object]) -> TrayIconBuilder:
        """Call `handler` with the icon and a `TrayIconEvent`; see `TrayIcon.on_tray_icon_event`."""
        self._on_event.append(handler)
        return self

    def build(self, manager: TraysManager) -> TrayIcon:
        """Show the icon.

        Args:
            manager: Any handle of the application.

        Raises:
            MenuError: The application has too many tray icons.
            WindowError: The runtime has no tray.
        """
        trays = manager._app.trays  # noqa: SLF001 - a handle, as this builder is
        key = trays.next_key()
        options = {"id": str(key), **self._options}
        icon = TrayIcon(manager, TrayState(key=key, version=0, **options), self._menu)
        for on_event in self._on_event:
            icon.on_tray_icon_event(on_event)
        trays.add(icon)
        for on_menu in self._on_menu:
            icon.on_menu_event(on_menu)
        return icon
