"""What holds items: `Menu` and `Submenu`, under Tauri's names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar, Protocol, Self

from ..runtimes import AboutMetadata, Image, MenuNode
from ._item import Container, MenuItemBase, MenuItemKind, TextItem
from ._items import PredefinedMenuItem
from ._table import MenuManager

__all__ = ["ContextMenu", "Menu", "Submenu"]


def _text(fields: Any, name: str) -> str | None:
    found = fields.get(name) if isinstance(fields, dict) else None
    return found if isinstance(found, str) else None


class _MenuWindow(Protocol):
    def popup_menu(self, menu: Any) -> None: ...
    def popup_menu_at(self, menu: Any, position: Any) -> None: ...
    def set_menu(self, menu: Any) -> Any: ...


class ContextMenu(Container):
    """The part of menus and submenus that opens them as a context menu."""

    def popup(self, window: _MenuWindow) -> None:
        """Open it as a context menu at the pointer; see `Window.popup_menu`."""
        window.popup_menu(self)

    def popup_at(self, window: _MenuWindow, position: Any) -> None:
        """Open it as a context menu; see `Window.popup_menu_at`."""
        window.popup_menu_at(self, position)


class Menu(ContextMenu):
    """A menu bar, a context menu, or the menu of a tray icon (Tauri: `menu::Menu`).

    Args:
        manager: Any handle of the application.
        id: Its name; `None` for one that no other has.
    """

    kind: ClassVar[MenuItemKind] = "Menu"

    @classmethod
    def with_id(cls, manager: MenuManager, id: str) -> Self:  # noqa: A002 - Tauri's name
        """Return an empty menu with this id."""
        return cls(manager, id)

    @classmethod
    def with_items(cls, manager: MenuManager, items: Iterable[MenuItemBase]) -> Self:
        """Return a menu of these items.

        Raises:
            MenuError: See `insert_items`.
        """
        menu = cls(manager)
        menu.append_items(items)
        return menu

    @classmethod
    def with_id_and_items(
        cls,
        manager: MenuManager,
        id: str,  # noqa: A002 - Tauri's name
        items: Iterable[MenuItemBase],
    ) -> Self:
        """Return a menu of these items with this id.

        Raises:
            MenuError: See `insert_items`.
        """
        menu = cls(manager, id)
        menu.append_items(items)
        return menu

    @classmethod
    def default(cls, manager: MenuManager) -> Self:
        """Return a menu bar with what most applications have: File, Edit, Window and Help."""
        config = manager._app.config  # noqa: SLF001 - a handle, as this menu is
        item = PredefinedMenuItem
        about = AboutMetadata(
            name=config.product_name or config.identifier,
            version=config.version,
            copyright=_text(config.bundle, "copyright"),
            authors=tuple(filter(None, [_text(config.bundle, "publisher")])) or None,
        )
        return cls.with_items(
            manager,
            [
                Submenu.with_items(manager, "&File", True, [item.close_window(manager), item.quit(manager)]),
                Submenu.with_items(
                    manager,
                    "&Edit",
                    True,
                    [
                        item.undo(manager),
                        item.redo(manager),
                        item.separator(manager),
                        item.cut(manager),
                        item.copy(manager),
                        item.paste(manager),
                        item.select_all(manager),
                    ],
                ),
                # Tauri: these ids
                Submenu.with_id_and_items(
                    manager,
                    "__tauri_window_menu__",
                    "&Window",
                    True,
                    [item.minimize(manager), item.maximize(manager), item.fullscreen(manager)],
                ),
                Submenu.with_id_and_items(
                    manager, "__tauri_help_menu__", "&Help", True, [item.about(manager, None, about)]
                ),
            ],
        )


class Submenu(TextItem, ContextMenu):
    """An item that opens a menu (Tauri: `menu::Submenu`).

    Args:
        manager: Any handle of the application.
        text: Its text; `&` before a character makes that the one to press, `&&` is an ampersand.
        enabled: Whether it can be opened.
        id: Its name; `None` for one that no other item has.

    Raises:
        MenuError: The text or the id is too long.
    """

    kind: ClassVar[MenuItemKind] = "Submenu"
    _icon: Image | None = None

    def set_icon(self, icon: Image | None) -> None:
        """Set the picture before its text; `None` for none."""
        self._icon = icon
        self._changed()

    @classmethod
    def with_id(
        cls,
        manager: MenuManager,
        id: str,  # noqa: A002 - Tauri's name
        text: str,
        enabled: bool = True,
    ) -> Self:
        """Return an empty submenu with this id."""
        return cls(manager, text, enabled, id=id)

    @classmethod
    def with_items(cls, manager: MenuManager, text: str, enabled: bool, items: Iterable[MenuItemBase]) -> Self:
        """Return a submenu of these items.

        Raises:
            MenuError: See `insert_items`.
        """
        menu = cls(manager, text, enabled)
        menu.append_items(items)
        return menu

    @classmethod
    def with_id_and_items(
        cls,
        manager: MenuManager,
        id: str,  # noqa: A002 - Tauri's name
        text: str,
        enabled: bool,
        items: Iterable[MenuItemBase],
    ) -> Self:
        """Return a submenu of these items with this id.

        Raises:
            MenuError: See `insert_items`.
        """
        menu = cls(manager, text, enabled, id=id)
        menu.append_items(items)
        return menu

    def node(self) -> MenuNode:
        """Return the submenu as it is now. Under the table's lock."""
        return MenuNode(
            key=self.key,
            kind="Submenu",
            text=self._text,
            enabled=self._enabled,
            icon=self._icon,
            items=self.nodes(),
        )
