"""The dialog of the menu item About."""

from __future__ import annotations

from typing import Any

from ... import menus
from .. import _gi as gi
from ._items import pixbuf_of

__all__ = ["show_about"]

_ICON_SIZE = 64


def show_about(window: Any, about: menus.AboutMetadata) -> None:
    """Show the dialog over a window and return at once."""
    dialog = gi.Gtk.AboutDialog(modal=True)
    dialog.set_transient_for(window)
    dialog.set_destroy_with_parent(True)
    version = about.version or ""
    if about.short_version:
        version = f"{version} ({about.short_version})".strip()
    dialog.set_program_name(about.name or gi.GLib.get_application_name() or "")
    dialog.set_version(version or None)
    dialog.set_authors(list(about.authors or ()))
    dialog.set_comments(about.comments)
    dialog.set_copyright(about.copyright)
    dialog.set_license(about.license)
    dialog.set_website(about.website)
    if about.website and about.website_label:
        dialog.set_website_label(about.website_label)
    if about.credits:
        dialog.add_credit_section("Credits", [about.credits])
    dialog.set_logo(None if about.icon is None else pixbuf_of(about.icon, _ICON_SIZE))
    dialog.connect("response", lambda shown, _: shown.destroy())
    dialog.present()
