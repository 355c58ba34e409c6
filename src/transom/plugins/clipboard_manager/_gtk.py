"""The clipboard through GTK 3. Everything here runs on the window's thread, and waits for nothing."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

__all__ = ["clear", "read_image", "read_text", "write_html", "write_image", "write_text"]

_TEXTS = ("UTF8_STRING", "text/plain;charset=utf-8", "text/plain", "STRING", "TEXT")


def _module(name: str) -> Any:
    return import_module(f"gi.repository.{name}")


def _clipboard() -> Any:
    return _module("Gtk").Clipboard.get(_module("Gdk").SELECTION_CLIPBOARD)


def write_text(text: str) -> None:
    """Put text on the clipboard; a clipboard manager keeps it when the application ends."""
    clipboard = _clipboard()
    clipboard.set_text(text, -1)
    clipboard.store()


def read_text(put: Callable[[str | None], object]) -> None:
    """Ask for the text on the clipboard; `put` gets it later, or `None`."""
    _clipboard().request_text(lambda _, text, *__: put(text))


def write_image(rgba: bytes, width: int, height: int) -> None:
    """Put an image on the clipboard; a clipboard manager keeps it when the application ends."""
    pixbufs, glib = _module("GdkPixbuf"), _module("GLib")
    pixels = glib.Bytes.new(rgba)
    image = pixbufs.Pixbuf.new_from_bytes(pixels, pixbufs.Colorspace.RGB, True, 8, width, height, width * 4)
    clipboard = _clipboard()
    clipboard.set_image(image)
    clipboard.store()


def read_image(put: Callable[[tuple[bytes, int, int] | None], object]) -> None:
    """Ask for the image on the clipboard; `put` gets pixels, width and height later, or `None`."""

    def arrived(_: Any, image: Any, *__: Any) -> None:
        if image is None:
            put(None)
            return
        image = image if image.get_has_alpha() else image.add_alpha(False, 0, 0, 0)
        width, height, stride = image.get_width(), image.get_height(), image.get_rowstride()
        pixels = memoryview(image.read_pixel_bytes().get_data())
        put((b"".join(pixels[row * stride : row * stride + width * 4] for row in range(height)), width, height))

    _clipboard().request_image(arrived)


def write_html(html: str, alt_text: str | None) -> None:
    """Put HTML on the clipboard, and a text for programs that take only that.

    `gtk_clipboard_set_with_data` cannot be called from Python, so an invisible widget owns the selection instead.
    """
    gtk, gdk = _module("Gtk"), _module("Gdk")
    forms = {"text/html": f'<meta http-equiv="content-type" content="text/html; charset=utf-8">{html}'.encode()}
    if alt_text is not None:
        forms |= dict.fromkeys(_TEXTS, alt_text.encode())
    owner = gtk.Invisible()

    def give(_: Any, selection: Any, *__: Any) -> None:
        data = forms.get(selection.get_target().name())
        if data is not None:
            selection.set(selection.get_target(), 8, data)

    def lost(widget: Any, _: Any) -> bool:
        gtk.selection_remove_all(widget)
        widget.destroy()
        return True

    for name in forms:
        gtk.selection_add_target(owner, gdk.SELECTION_CLIPBOARD, gdk.Atom.intern(name, False), 0)
    owner.connect("selection-get", give)
    owner.connect("selection-clear-event", lost)
    owner.realize()
    gtk.selection_owner_set(owner, gdk.SELECTION_CLIPBOARD, gdk.CURRENT_TIME)


def clear() -> None:
    """Empty the clipboard, whoever owns it."""
    clipboard = _clipboard()
    clipboard.set_text("", -1)
    clipboard.clear()
