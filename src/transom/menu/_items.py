"""The items that an application puts into its menus, under Tauri's names."""

from __future__ import annotations

from typing import ClassVar, Self

from ..errors import MenuError
from ..runtimes import AboutMetadata, Accelerator, Image, MenuNode, PredefinedKind
from ._item import MenuItemBase, MenuItemKind, TextItem, accelerator_of, clean
from ._table import MenuManager

__all__ = ["CheckMenuItem", "IconMenuItem", "MenuItem", "PredefinedMenuItem"]


class MenuItem(TextItem):
    """An item with a text (Tauri: `menu::MenuItem`).

    Args:
        manager: Any handle of the application.
        text: Its text; `&` before a character makes that the one to press, `&&` is an ampersand.
        enabled: Whether it can be activated.
        accelerator: Its keys, such as `CmdOrCtrl+Shift+P`; `None` for none.
        id: What events call it; `None` for one that no other item has.

    Raises:
        MenuError: The text or the id is too long, or the accelerator is not one.
    """

    kind: ClassVar[MenuItemKind] = "MenuItem"

    def __init__(
        self,
        manager: MenuManager,
        text: str,
        enabled: bool = True,
        accelerator: str | Accelerator | None = None,
        *,
        id: str | None = None,  # noqa: A002 - Tauri's name
    ) -> None:
        self._accelerator = accelerator_of(accelerator)
        super().__init__(manager, text, enabled, id=id)

    @classmethod
    def with_id(
        cls,
        manager: MenuManager,
        id: str,  # noqa: A002 - Tauri's name
        text: str,
        enabled: bool = True,
        accelerator: str | Accelerator | None = None,
    ) -> Self:
        """Return an item with this id; see the class."""
        return cls(manager, text, enabled, accelerator, id=id)

    def set_accelerator(self, accelerator: str | Accelerator | None) -> None:
        """Set the keys that activate the item; `None` for none.

        Raises:
            MenuError: It is not an accelerator.
        """
        self._accelerator = accelerator_of(accelerator)
        self._changed()

    def node(self) -> MenuNode:
        """Return the item as it is now. Under the table's lock."""
        return MenuNode(
            key=self.key, kind="MenuItem", text=self._text, enabled=self._enabled, accelerator=self._accelerator
        )


class CheckMenuItem(MenuItem):
    """An item with a mark that goes on and off when it is activated (Tauri: `menu::CheckMenuItem`).

    Args:
        manager: Any handle of the application.
        text: See `MenuItem`.
        enabled: Whether it can be activated.
        checked: Whether it has its mark.
        accelerator: See `MenuItem`.
        id: See `MenuItem`.

    Raises:
        MenuError: See `MenuItem`.
    """

    kind: ClassVar[MenuItemKind] = "Check"

    def __init__(
        self,
        manager: MenuManager,
        text: str,
        enabled: bool = True,
        checked: bool = False,
        accelerator: str | Accelerator | None = None,
        *,
        id: str | None = None,  # noqa: A002 - Tauri's name
    ) -> None:
        self._checked = bool(checked)
        super().__init__(manager, text, enabled, accelerator, id=id)

    @classmethod
    def with_id(  # type: ignore[override]  # Tauri: each class has its own arguments
        cls,
        manager: MenuManager,
        id: str,  # noqa: A002 - Tauri's name
        text: str,
        enabled: bool = True,
        checked: bool = False,
        accelerator: str | Accelerator | None = None,
    ) -> Self:
        """Return an item with this id; see the class."""
        return cls(manager, text, enabled, checked, accelerator, id=id)

    def is_checked(self) -> bool:
        """Tell whether it has its mark."""
        return self._checked

    def set_checked(self, checked: bool) -> None:
        """Set or remove its mark; nothing is activated."""
        self._checked = bool(checked)
        self._changed()

    def node(self) -> MenuNode:
        """Return the item as it is now. Under the table's lock."""
        return MenuNode(
            key=self.key,
            kind="Check",
            text=self._text,
            enabled=self._enabled,
            accelerator=self._accelerator,
            checked=self._checked,
        )


class IconMenuItem(MenuItem):
    """An item with a picture before its text (Tauri: `menu::IconMenuItem`).

    Args:
        manager: Any handle of the application.
        text: See `MenuItem`.
        enabled: Whether it can be activated.
        icon: The picture; `None` for none.
        accelerator: See `MenuItem`.
        id: See `MenuItem`.

    Raises:
        MenuError: See `MenuItem`.
    """

    kind: ClassVar[MenuItemKind] = "Icon"

    def __init__(
        self,
        manager: MenuManager,
        text: str,
        enabled: bool = True,
        icon: Image | None = None,
        accelerator: str | Accelerator | None = None,
        *,
        id: str | None = None,  # noqa: A002 - Tauri's name
    ) -> None:
        self._icon = icon
        super().__init__(manager, text, enabled, accelerator, id=id)

    @classmethod
    def with_id(  # type: ignore[override]  # Tauri: each class has its own arguments
        cls,
        manager: MenuManager,
        id: str,  # noqa: A002 - Tauri's name
        text: str,
        enabled: bool = True,
        icon: Image | None = None,
        accelerator: str | Accelerator | None = None,
    ) -> Self:
        """Return an item with this id; see the class."""
        return cls(manager, text, enabled, icon, accelerator, id=id)

    def set_icon(self, icon: Image | None) -> None:
        """Set its picture; `None` for none."""
        self._icon = icon
        self._changed()

    def node(self) -> MenuNode:
        """Return the item as it is now. Under the table's lock."""
        return MenuNode(
            key=self.key,
            kind="Icon",
            text=self._text,
            enabled=self._enabled,
            accelerator=self._accelerator,
            icon=self._icon,
        )


# Kind -> text and accelerator, as in Tauri on Linux. Kinds without a text are for macOS only: they are not shown.
_PREDEFINED: dict[PredefinedKind, tuple[str, str | None]] = {
    "Separator": ("", None),
    "Copy": ("&Copy", "CmdOrCtrl+C"),
    "Cut": ("Cu&t", "CmdOrCtrl+X"),
    "Paste": ("&Paste", "CmdOrCtrl+V"),
    "SelectAll": ("Select &All", "CmdOrCtrl+A"),
    "Undo": ("&Undo", "CmdOrCtrl+Z"),
    "Redo": ("&Redo", "CmdOrCtrl+Y"),
    "Minimize": ("&Minimize", "CmdOrCtrl+M"),
    "Maximize": ("Ma&ximize", None),
    "Fullscreen": ("Toggle &Full Screen", None),
    "Hide": ("", None),
    "HideOthers": ("", None),
    "ShowAll": ("", None),
    "CloseWindow": ("C&lose Window", "CmdOrCtrl+W"),
    "Quit": ("&Quit", "CmdOrCtrl+Q"),
    "Services": ("", None),
    "BringAllToFront": ("", None),
    "About": ("&About", None),
}


class PredefinedMenuItem(MenuItemBase):
    """An item that does something by itself (Tauri: `menu::PredefinedMenuItem`); no event tells of it.

    Make one with a method such as `PredefinedMenuItem.copy(manager)`. `hide`, `hide_others`, `show_all`, `services` and
    `bring_all_to_front` exist on macOS only: elsewhere the item is not shown.

    Args:
        manager: Any handle of the application.
        item: What it does.
        text: Its text; `None` for the usual one.
        about: What the dialog of `About` shows.

    Raises:
        MenuError: There is no such item, or the text is too long.
    """

    kind: ClassVar[MenuItemKind] = "Predefined"

    def __init__(
        self,
        manager: MenuManager,
        item: PredefinedKind,
        text: str | None = None,
        about: AboutMetadata | None = None,
    ) -> None:
        if item not in _PREDEFINED:
            raise MenuError(f"there is no predefined menu item `{item}`; there are {', '.join(_PREDEFINED)}")
        usual, accelerator = _PREDEFINED[item]
        if item == "About" and about is not None and about.name:
            usual = f"{usual} {about.name.replace('&', '&&')}"
        super().__init__(manager)
        self.item: PredefinedKind = item
        self.metadata = about
        self._text = clean(usual if text is None else text, "text of a menu item")
        self._accelerator = accelerator_of(accelerator)

    def text(self) -> str:
        """Return its text."""
        return self._text

    def set_text(self, text: str) -> None:
        """Set its text.

        Raises:
            MenuError: The text is too long.
        """
        self._text = clean(text, "text of a menu item")
        self._changed()

    def node(self) -> MenuNode:
        """Return the item as it is now. Under the table's lock."""
        return MenuNode(
            key=self.key,
            kind="Predefined",
            text=self._text,
            accelerator=self._accelerator,
            predefined=self.item,
        )

    @classmethod
    def separator(cls, manager: MenuManager) -> PredefinedMenuItem:
        """Return a line between items."""
        return cls(manager, "Separator")

    @classmethod
    def copy(cls, manager: MenuManager, text: str | None = None) -> PredefinedMenuItem:
        """Return an item that copies what is selected in the page."""
        return cls(manager, "Copy", text)

    @classmethod
    def cut(cls, manager: MenuManager, text: str | None = None) -> PredefinedMenuItem:
        """Return an item that cuts what is selected in the page."""
        return cls(manager, "Cut", text)

    @classmethod
    def paste(cls, manager: MenuManager, text: str | None = None) -> PredefinedMenuItem:
        """Return an item that pastes into the page."""
        return cls(manager, "Paste", text)

    @classmethod
    def select_all(cls, manager: MenuManager, text: str | None = None) -> PredefinedMenuItem:
        """Return an item that selects everything in the page."""
        return cls(manager, "SelectAll", text)

    @classmethod
    def undo(cls, manager: MenuManager, text: str | None = None) -> PredefinedMenuItem:
        """Return an item that undoes the last edit in the page."""
        return cls(manager, "Undo", text)

    @classmethod
    def redo(cls, manager: MenuManager, text: str | None = None) -> PredefinedMenuItem:
        """Return an item that redoes the last undone edit in the page."""
        return cls(manager, "Redo", text)

    @classmethod
    def minimize(cls, manager: MenuManager, text: str | None = None) -> PredefinedMenuItem:
        """Return an item that minimizes the window."""
        return cls(manager, "Minimize", text)

    @classmethod
    def maximize(cls, manager: MenuManager, text: str | None = None) -> PredefinedMenuItem:
        """Return an item that maximizes the window, or restores it."""
        return cls(manager, "Maximize", text)

    @classmethod
    def fullscreen(cls, manager: MenuManager, text: str | None = None) -> PredefinedMenuItem:
        """Return an item that makes the window cover the screen, or ends that."""
        return cls(manager, "Fullscreen", text)

    @classmethod
    def close_window(cls, manager: MenuManager, text: str | None = None) -> PredefinedMenuItem:
        """Return an item that closes the window, as its close button does."""
        return cls(manager, "CloseWindow", text)

    @classmethod
    def quit(cls, manager: MenuManager, text: str | None = None) -> PredefinedMenuItem:
        """Return an item that ends the application."""
        return cls(manager, "Quit", text)

    @classmethod
    def about(
        cls, manager: MenuManager, text: str | None = None, metadata: AboutMetadata | None = None
    ) -> PredefinedMenuItem:
        """Return an item that shows a dialog about the application."""
        return cls(manager, "About", text, metadata)

    @classmethod
    def hide(cls, manager: MenuManager, text: str | None = None) -> PredefinedMenuItem:
        """Return the item that hides the application on macOS."""
        return cls(manager, "Hide", text)

    @classmethod
    def hide_others(cls, manager: MenuManager, text: str | None = None) -> PredefinedMenuItem:
        """Return the item that hides other applications on macOS."""
        return cls(manager, "HideOthers", text)

    @classmethod
    def show_all(cls, manager: MenuManager, text: str | None = None) -> PredefinedMenuItem:
        """Return the item that shows all applications on macOS."""
        return cls(manager, "ShowAll", text)

    @classmethod
    def services(cls, manager: MenuManager, text: str | None = None) -> PredefinedMenuItem:
        """Return the item of services on macOS."""
        return cls(manager, "Services", text)

    @classmethod
    def bring_all_to_front(cls, manager: MenuManager, text: str | None = None) -> PredefinedMenuItem:
        """Return the item that brings all windows to the front on macOS."""
        return cls(manager, "BringAllToFront", text)
