"""Another program, from whose window files are dragged: `python -m tests.webviews.drag_source URI...`."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

if __name__ == "__main__":
    gi = import_module("gi")
    gi.require_version("Gdk", "3.0")
    gi.require_version("Gtk", "3.0")
    Gdk: Any = import_module("gi.repository.Gdk")
    GLib: Any = import_module("gi.repository.GLib")
    Gtk: Any = import_module("gi.repository.Gtk")
    window = Gtk.Window(title="Source")
    window.set_default_size(100, 100)
    box = Gtk.EventBox()
    window.add(box)
    box.drag_source_set(
        Gdk.ModifierType.BUTTON1_MASK, [Gtk.TargetEntry.new("text/uri-list", 0, 0)], Gdk.DragAction.COPY
    )
    box.connect("drag-data-get", lambda _, context, data, info, time: data.set_uris(sys.argv[1:]))
    window.connect("map-event", lambda *_: (sys.stdout.write('"shown"\n'), sys.stdout.flush(), False)[-1])
    GLib.io_add_watch(0, GLib.IOCondition.HUP, lambda *_: Gtk.main_quit())
    window.move(700, 100)
    window.show_all()
    Gtk.main()
