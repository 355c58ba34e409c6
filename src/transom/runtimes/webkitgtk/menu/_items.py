"""GTK's widgets for the items of a menu.

No callback here holds a window: the collector must never find one, as it may run on another thread.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, TypeAlias

from ... import image, menus
from .. import _gi as gi
from ._keys import accelerator_keys

__all__ = ["Activate", "MenuItems", "pixbuf_of"]

# Key of the item, and the new state of a check item.
Activate: TypeAlias = Callable[[int, bool | None], None]

_ICON_SIZE = 16
# Keys that a page handles by itself when an item does not take them from it.
_OF_THE_PAGE = frozenset({"Copy", "Cut", "Paste", "SelectAll", "Undo", "Redo"})
_NOT_ON_LINUX = frozenset({"Hide", "HideOthers", "ShowAll", "Services", "BringAllToFront"})


class MenuItems:
    """The items in a menu bar or menu.

    Args:
        shell: GTK's menu bar or menu, which is empty.
        activate: Called when an item is activated.
        keys: GTK's group for accelerators; `None` for accelerators that are only shown.
    """

    def __init__(self, shell: Any, activate: Activate, keys: Any = None) -> None:
        self._shell = shell
        self._activate = activate
        self._keys = keys
        self._items: list[_Item] = []

    def show(self, nodes: Sequence[menus.MenuNode]) -> None:
        """Show these items: those that are there are changed where the form is the same, so that an open menu stays open."""
        same = len(nodes) == len(self._items)
        if same and all(item.node.is_like(node) for item, node in zip(self._items, nodes, strict=True)):
            for item, node in zip(self._items, nodes, strict=True):
                item.update(node)
            return
        for widget in self._shell.get_children():
            widget.destroy()
        self._items = [_Item(node, self._activate, self._keys) for node in nodes]
        for item in self._items:
            self._shell.append(item.widget)


class _Item:
    """One item, with the widgets that change."""

    def __init__(self, node: menus.MenuNode, activate: Activate, keys: Any) -> None:
        self._keys = keys
        self._bound: tuple[int, int] | None = None
        self._items: MenuItems | None = None
        self._picture: Any = None
        self._label: Any = None
        self._signal = 0
        self.widget = self._make(node, activate)
        self.node = node
        if node.predefined not in _NOT_ON_LINUX:
            self.widget.show_all()
        self._apply(node, None)

    def _make(self, node: menus.MenuNode, activate: Activate) -> Any:
        key = node.key
        if node.predefined == "Separator":
            return gi.Gtk.SeparatorMenuItem()
        if node.kind == "Check":
            widget = gi.Gtk.CheckMenuItem.new_with_mnemonic("")
            self._signal = widget.connect("activate", lambda item: activate(key, item.get_active()))
        else:
            widget = gi.Gtk.MenuItem.new_with_mnemonic("")
        self._label = widget.get_child()
        if node.kind == "Icon" or node.icon is not None:
            self._add_picture(widget)
        if node.kind == "Submenu":
            menu = gi.Gtk.Menu()
            self._items = MenuItems(menu, activate, self._keys)
            widget.set_submenu(menu)
        elif node.kind != "Check":
            widget.connect("activate", lambda _: activate(key, None))
        return widget

    def _add_picture(self, widget: Any) -> None:
        widget.remove(self._label)
        box = gi.Gtk.Box(orientation=gi.Gtk.Orientation.HORIZONTAL, spacing=6)
        self._picture = gi.Gtk.Image()
        box.pack_start(self._picture, False, False, 0)
        box.pack_start(self._label, True, True, 0)
        self._label.set_accel_widget(widget)
        widget.add(box)

    def update(self, node: menus.MenuNode) -> None:
        """Show what has changed."""
        before, self.node = self.node, node
        if node != before:
            self._apply(node, before)

    def _apply(self, node: menus.MenuNode, before: menus.MenuNode | None) -> None:
        if self._label is None:
            return
        self.widget.set_sensitive(node.enabled)
        if before is None or node.text != before.text:
            self._label.set_text_with_mnemonic(menus.plain_text(node.text, "_"))
        if before is None or node.accelerator != before.accelerator:
            self._set_accelerator(node)
        if node.kind == "Check" and self.widget.get_active() != node.checked:
            self.widget.handler_block(self._signal)
            self.widget.set_active(node.checked)
            self.widget.handler_unblock(self._signal)
        if self._picture is not None and (before is None or node.icon is not before.icon):
            self._set_picture(node.icon)
        if self._items is not None:
            self._items.show(node.items)

    def _set_accelerator(self, node: menus.MenuNode) -> None:
        if self._bound is not None:
            self.widget.remove_accelerator(self._keys, *self._bound)
            self._bound = None
        key, mask = (0, gi.Gdk.ModifierType(0)) if node.accelerator is None else accelerator_keys(node.accelerator)
        if key and self._keys is not None and node.predefined not in _OF_THE_PAGE:
            self.widget.add_accelerator("activate", self._keys, key, mask, gi.Gtk.AccelFlags.VISIBLE)
            self._bound = (key, mask)
        else:
            self._label.set_accel(key, mask)

    def _set_picture(self, picture: image.Image | None) -> None:
        if picture is None:
            self._picture.clear()
        else:
            self._picture.set_from_pixbuf(pixbuf_of(picture, _ICON_SIZE))


def pixbuf_of(picture: image.Image, size: int) -> Any:
    """Return an image as GTK shows it, in a square of this many pixels."""
    pixbufs: Any = import_module("gi.repository.GdkPixbuf")
    pixbuf = pixbufs.Pixbuf.new_from_bytes(
        gi.GLib.Bytes.new(picture.rgba),
        pixbufs.Colorspace.RGB,
        True,
        8,
        picture.width,
        picture.height,
        picture.width * 4,
    )
    return pixbuf.scale_simple(size, size, pixbufs.InterpType.BILINEAR)
