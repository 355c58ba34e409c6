"""Builders of menus and items, under Tauri's names; every method returns the builder."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Generic, Self, TypeVar

from ..runtimes import AboutMetadata, Accelerator, Image, PredefinedKind
from ._item import Container, MenuItemBase
from ._items import CheckMenuItem, IconMenuItem, MenuItem, PredefinedMenuItem
from ._menu import Menu, Submenu
from ._table import MenuManager

__all__ = ["CheckMenuItemBuilder", "IconMenuItemBuilder", "MenuBuilder", "MenuItemBuilder", "SubmenuBuilder"]

C = TypeVar("C", bound=Container)


class _ItemBuilder:
    def __init__(self, text: str) -> None:
        self._options: dict[str, Any] = {"text": text}

    @classmethod
    def with_id(cls, id: str, text: str) -> Self:  # noqa: A002 - Tauri's name
        """Return a builder of an item with this id."""
        return cls(text).id(id)

    def _set(self, **options: Any) -> Self:
        self._options.update(options)
        return self

    def id(self, id: str) -> Self:  # noqa: A002 - Tauri's name
        """Set what events call the item."""
        return self._set(id=id)

    def enabled(self, enabled: bool) -> Self:
        """Let it be activated, or not."""
        return self._set(enabled=enabled)

    def accelerator(self, accelerator: str | Accelerator) -> Self:
        """Set the keys that activate it, such as `CmdOrCtrl+Shift+P`."""
        return self._set(accelerator=accelerator)


class MenuItemBuilder(_ItemBuilder):
    """Makes a `MenuItem`.

    Args:
        text: Its text.
    """

    def build(self, manager: MenuManager) -> MenuItem:
        """Make the item.

        Raises:
            MenuError: See `MenuItem`.
        """
        return MenuItem(manager, **self._options)


class CheckMenuItemBuilder(_ItemBuilder):
    """Makes a `CheckMenuItem`.

    Args:
        text: Its text.
    """

    def checked(self, checked: bool) -> Self:
        """Give it its mark, or not."""
        return self._set(checked=checked)

    def build(self, manager: MenuManager) -> CheckMenuItem:
        """Make the item.

        Raises:
            MenuError: See `MenuItem`.
        """
        return CheckMenuItem(manager, **self._options)


class IconMenuItemBuilder(_ItemBuilder):
    """Makes an `IconMenuItem`.

    Args:
        text: Its text.
    """

    def icon(self, icon: Image) -> Self:
        """Set its picture."""
        return self._set(icon=icon)

    def build(self, manager: MenuManager) -> IconMenuItem:
        """Make the item.

        Raises:
            MenuError: See `MenuItem`.
        """
        return IconMenuItem(manager, **self._options)


class _ContainerBuilder(Generic[C]):
    """Collects items. An error of one of them is raised by the method that adds it."""

    def __init__(self, manager: MenuManager) -> None:
        self._manager = manager
        self._items: list[MenuItemBase] = []

    def item(self, item: MenuItemBase) -> Self:
        """Add an item."""
        self._items.append(item)
        return self

    def items(self, items: Iterable[MenuItemBase]) -> Self:
        """Add items."""
        self._items.extend(items)
        return self

    def text(self, id: str, text: str) -> Self:  # noqa: A002 - Tauri's name
        """Add a `MenuItem` with this id and text."""
        return self.item(MenuItem(self._manager, text, id=id))

    def check(self, id: str, text: str) -> Self:  # noqa: A002 - Tauri's name
        """Add a `CheckMenuItem` with this id and text, and its mark, as in Tauri."""
        return self.item(CheckMenuItem(self._manager, text, True, True, id=id))

    def icon(self, id: str, text: str, icon: Image) -> Self:  # noqa: A002 - Tauri's name
        """Add an `IconMenuItem` with this id, text and picture."""
        return self.item(IconMenuItem(self._manager, text, True, icon, id=id))

    def _predefined(self, kind: PredefinedKind, text: str | None = None, about: AboutMetadata | None = None) -> Self:
        return self.item(PredefinedMenuItem(self._manager, kind, text, about))

    def separator(self) -> Self:
        """Add a line."""
        return self._predefined("Separator")

    def copy(self) -> Self:
        """Add the item that copies."""
        return self._predefined("Copy")

    def cut(self) -> Self:
        """Add the item that cuts."""
        return self._predefined("Cut")

    def paste(self) -> Self:
        """Add the item that pastes."""
        return self._predefined("Paste")

    def select_all(self) -> Self:
        """Add the item that selects everything."""
        return self._predefined("SelectAll")

    def undo(self) -> Self:
        """Add the item that undoes."""
        return self._predefined("Undo")

    def redo(self) -> Self:
        """Add the item that redoes."""
        return self._predefined("Redo")

    def minimize(self) -> Self:
        """Add the item that minimizes the window."""
        return self._predefined("Minimize")

    def maximize(self) -> Self:
        """Add the item that maximizes the window."""
        return self._predefined("Maximize")

    def fullscreen(self) -> Self:
        """Add the item that makes the window cover the screen."""
        return self._predefined("Fullscreen")

    def hide(self) -> Self:
        """Add the item that hides the application on macOS."""
        return self._predefined("Hide")

    def hide_others(self) -> Self:
        """Add the item that hides other applications on macOS."""
        return self._predefined("HideOthers")

    def show_all(self) -> Self:
        """Add the item that shows all applications on macOS."""
        return self._predefined("ShowAll")

    def close_window(self) -> Self:
        """Add the item that closes the window."""
        return self._predefined("CloseWindow")

    def quit(self) -> Self:
        """Add the item that ends the application."""
        return self._predefined("Quit")

    def about(self, metadata: AboutMetadata | None = None) -> Self:
        """Add the item that shows a dialog about the application."""
        return self._predefined("About", None, metadata)

    def services(self) -> Self:
        """Add the item of services on macOS."""
        return self._predefined("Services")


class MenuBuilder(_ContainerBuilder[Menu]):
    """Makes a `Menu`.

    Args:
        manager: Any handle of the application.
    """

    def __init__(self, manager: MenuManager) -> None:
        super().__init__(manager)
        self._id: str | None = None

    @classmethod
    def with_id(cls, manager: MenuManager, id: str) -> Self:  # noqa: A002 - Tauri's name
        """Return a builder of a menu with this id."""
        return cls(manager).id(id)

    def id(self, id: str) -> Self:  # noqa: A002 - Tauri's name
        """Set the menu's id."""
        self._id = id
        return self

    def build(self) -> Menu:
        """Make the menu.

        Raises:
            MenuError: See `Menu.insert_items`.
        """
        menu = Menu(self._manager, self._id)
        menu.append_items(self._items)
        return menu


class SubmenuBuilder(_ContainerBuilder[Submenu]):
    """Makes a `Submenu`.

    Args:
        manager: Any handle of the application.
        text: Its text.
    """

    def __init__(self, manager: MenuManager, text: str) -> None:
        super().__init__(manager)
        self._text = text
        self._id: str | None = None
        self._enabled = True

    @classmethod
    def with_id(cls, manager: MenuManager, id: str, text: str) -> Self:  # noqa: A002 - Tauri's name
        """Return a builder of a submenu with this id."""
        return cls(manager, text).id(id)

    def id(self, id: str) -> Self:  # noqa: A002 - Tauri's name
        """Set the submenu's id."""
        self._id = id
        return self

    def enabled(self, enabled: bool) -> Self:
        """Let it be opened, or not."""
        self._enabled = enabled
        return self

    def build(self) -> Submenu:
        """Make the submenu.

        Raises:
            MenuError: See `Submenu.insert_items`.
        """
        menu = Submenu(self._manager, self._text, self._enabled, id=self._id)
        menu.append_items(self._items)
        return menu
