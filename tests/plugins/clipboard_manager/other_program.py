"""Another program that uses the clipboard: `python other_program.py read TARGET`, `targets` or `image`."""

from __future__ import annotations

import sys

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("Gdk", "3.0")
from gi.repository import Gdk, Gtk  # noqa: E402

clipboard = Gtk.Clipboard.get(Gdk.SELECTION_CLIPBOARD)
if sys.argv[1] == "targets":
    found, atoms = clipboard.wait_for_targets()
    sys.stdout.write("\n".join(atom.name() for atom in atoms or ()))
elif sys.argv[1] == "image":
    image = clipboard.wait_for_image()
    sys.stdout.write(f"{image.get_width()} {image.get_height()} {image.get_pixels()[:4].hex()}")
else:
    data = clipboard.wait_for_contents(Gdk.Atom.intern(sys.argv[2], False))
    sys.stdout.write("" if data is None else bytes(data.get_data()).decode())
