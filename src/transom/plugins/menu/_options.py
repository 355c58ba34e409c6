"""Menus and items from what a page sends."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import Any, TypeVar

from ...errors import ChannelError, CommandError, InvalidResource
from ...handles import Webview
from ...menu import (
    CheckMenuItem,
    ContextMenu,
    IconMenuItem,
    Menu,
    MenuEvent,
    MenuItem,
    MenuItemBase,
    PredefinedMenuItem,
    Submenu,
)
from ...runtimes import AboutMetadata, Image, JsImage
from ...values import Channel, JavaScriptChannelId

__all__ = ["CLASSES", "MenuFactory", "held", "icon_of"]

T = TypeVar("T")

# Kind on the wire -> class. A `Check` and an `Icon` are MenuItems too, so the kind is looked at, not the class.
CLASSES: dict[str, type[MenuItemBase]] = {
    "Menu": Menu,
    "MenuItem": MenuItem,
    "Predefined": PredefinedMenuItem,
    "Check": CheckMenuItem,
    "Icon": IconMenuItem,
    "Submenu": Submenu,
}

_MAX_DEPTH = 20
# Names of macOS' own pictures, which other systems do not have (Tauri: `NativeIcon`).
_NATIVE_ICONS = frozenset(
    "Add Advanced Bluetooth Bookmarks Caution ColorPanel ColumnView Computer EnterFullScreen Everyone ExitFullScreen "
    "FlowView Folder FolderBurnable FolderSmart FollowLinkFreestanding FontPanel GoLeft GoRight Home IChatTheater "
    "IconView Info InvalidDataFreestanding LeftFacingTriangle ListView LockLocked LockUnlocked MenuMixedState "
    "MenuOnState MobileMe MultipleDocuments Network Path PreferencesGeneral QuickLook RefreshFreestanding Refresh Remove "
    "RevealFreestanding RightFacingTriangle Share Slideshow SmartBadge StatusAvailable StatusNone "
    "StatusPartiallyAvailable StatusUnavailable StopProgressFreestanding StopProgress TrashEmpty TrashFull User "
    "UserAccounts UserGroup UserGuest".split()
)


def held(webview: Webview, rid: Any, kind: Any) -> MenuItemBase:
    """Return what a page holds by number.

    Raises:
        InvalidResource: Nothing of this kind has the id.
        CommandError: There is no such kind.
    """
    if type(rid) is not int or not isinstance(kind, str) or kind not in CLASSES:
        raise CommandError("unexpected menu item kind")  # Tauri: the sentence
    item = webview.resources_table().get(rid, CLASSES[kind])
    if item.kind != kind:
        raise InvalidResource(rid)
    return item


def icon_of(webview: Webview, icon: Any) -> Image | None:
    """Return the picture that a page sends; `None` for none, and for the name of one that only macOS has.

    Raises:
        ImageError: It is no image.
        InvalidResource: No image has the id.
    """
    if icon is None or (isinstance(icon, str) and icon in _NATIVE_ICONS):
        return None
    return JsImage(icon).into_img(webview)


class MenuFactory:
    """Makes items of what a page sends.

    Args:
        webview: The calling webview: ids are those of its resources, and channels go to its page.
        command: Name of the command, for errors.
    """

    def __init__(self, webview: Webview, command: str) -> None:
        self._webview = webview
        self._command = command

    def make(self, kind: str, options: dict[str, Any], handler: JavaScriptChannelId | None = None) -> MenuItemBase:
        """Return a menu or an item.

        Args:
            kind: One of `CLASSES`.
            options: What the page says about it.
            handler: The channel that hears of its activation; `None` for nobody.

        Raises:
            CommandError: There is no such kind, or an option has the wrong type; the value is a text.
            TransomError: A rule of menus is broken.
        """
        if kind not in CLASSES:
            raise CommandError("unexpected menu item kind")  # Tauri: the sentence
        item = self._make(kind, options, 0)
        self._listen(item, handler)
        return item

    def items(self, items: list[Any], depth: int = 0) -> list[MenuItemBase]:
        """Return items: those that the page holds, as `[rid, kind]`, and new ones.

        Raises:
            CommandError: See `make`.
            TransomError: See `make`.
        """
        if depth > _MAX_DEPTH:
            raise self._wrong("items", "submenus are too deep")
        return [self._item(item, depth) for item in items]

    def _item(self, item: Any, depth: int) -> MenuItemBase:
        if isinstance(item, list) and len(item) == 2:
            return held(self._webview, *item)
        if not isinstance(item, dict):
            raise self._wrong("items", "expected `[rid, kind]` or an object")
        # Tauri: the first that fits.
        fits = (("item", "Predefined"), ("checked", "Check"), ("icon", "Icon"), ("items", "Submenu"))
        kind = next((kind for key, kind in fits if item.get(key) is not None), "MenuItem")
        made = self._make(kind, item, depth)
        if item.get("handler") is not None:
            self._listen(made, JavaScriptChannelId.parse(item["handler"]))
        return made

    def _make(self, kind: str, options: dict[str, Any], depth: int) -> MenuItemBase:
        view = self._webview
        id = self._get(options, "id", str, None)  # noqa: A001 - Tauri's name
        if kind == "Predefined":
            return self._predefined(options)
        if kind == "Menu":
            return self._filled(Menu(view, id), options, depth)
        text = self._get(options, "text", str, None)
        if text is None:
            raise self._wrong("text", "missing field `text`")
        enabled = self._get(options, "enabled", bool, None)
        enabled = True if enabled is None else enabled
        if kind == "Submenu":
            submenu = Submenu(view, text, enabled, id=id)
            submenu.set_icon(icon_of(view, options.get("icon")))
            return self._filled(submenu, options, depth)
        keys = self._get(options, "accelerator", str, None)
        if kind == "Check":
            return CheckMenuItem(view, text, enabled, bool(self._get(options, "checked", bool, None)), keys, id=id)
        if kind == "Icon":
            return IconMenuItem(view, text, enabled, icon_of(view, options.get("icon")), keys, id=id)
        return MenuItem(view, text, enabled, keys, id=id)

    def _filled(self, menu: ContextMenu, options: dict[str, Any], depth: int) -> ContextMenu:
        menu.append_items(self.items(self._get(options, "items", list, None) or [], depth + 1))
        return menu

    def _predefined(self, options: dict[str, Any]) -> PredefinedMenuItem:
        item, text = options.get("item"), self._get(options, "text", str, None)
        if isinstance(item, dict) and list(item) == ["About"]:
            return PredefinedMenuItem.about(self._webview, text, self._about(item["About"]))
        if not isinstance(item, str):
            raise self._wrong("item", "expected the name of a predefined item, or an object with `About`")
        return PredefinedMenuItem(self._webview, item, text)  # type: ignore[arg-type]  # it looks at the name

    def _about(self, metadata: Any) -> AboutMetadata | None:
        if not isinstance(metadata, dict):
            return None
        names = ("name", "version", "comments", "copyright", "license", "website", "credits")
        authors = self._get(metadata, "authors", list, None)
        return AboutMetadata(
            **{name: self._get(metadata, name, str, None) for name in names},
            short_version=self._get(metadata, "shortVersion", str, None),
            website_label=self._get(metadata, "websiteLabel", str, None),
            authors=None if authors is None else tuple(author for author in authors if isinstance(author, str)),
            icon=icon_of(self._webview, metadata.get("icon")),
        )

    def _listen(self, item: MenuItemBase, handler: JavaScriptChannelId | None) -> None:
        if handler is not None and item.kind in ("MenuItem", "Check", "Icon"):  # nobody activates the others
            item.on_menu_event(partial(_send, handler.channel_on(self._webview)))

    def _get(self, options: dict[str, Any], name: str, kind: type[T], default: T | None) -> T | None:
        value = options.get(name)
        if value is None:
            return default
        if not isinstance(value, kind):
            raise self._wrong(name, f"expected `{kind.__name__}`, got `{type(value).__name__}`")
        return value

    def _wrong(self, name: str, why: str) -> CommandError:
        return CommandError(f"invalid args `options` for command `{self._command}`: {why} (`{name}`)")


def _send(channel: Channel[str], event: MenuEvent) -> None:
    # The page was left, or reads nothing; the application's own handlers hear of the item all the same.
    with suppress(ChannelError):
        channel.send(event.id)
