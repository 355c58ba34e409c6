"""A portal of the tests: answers choosers of files on a bus of its own, while a program runs that asks for them.

`python portal.py FOLDER PROGRAM ...` prints what it was asked, and what the program printed.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from gi.repository import Gio, GLib

METHODS = "".join(
    f'<method name="{name}"><arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="a{{sv}}" direction="in"/>'
    '<arg type="o" direction="out"/></method>'
    for name in ("OpenFile", "SaveFile")
)
XML = f"""<node><interface name="org.freedesktop.portal.FileChooser">{METHODS}
<property name="version" type="u" access="read"/></interface>
<interface name="org.freedesktop.portal.Request"><method name="Close"/></interface></node>"""
FOLDER = Path(sys.argv[1])
ANSWERS: list[Any] = [["one.txt"], ["pair/a.txt", "pair/b.txt"], ["sub"], ["new.txt"], None, ["two.txt"], "never"]

loop = GLib.MainLoop()
asked: list[dict[str, Any]] = []


def text(data: Any) -> str:
    return bytes(data).rstrip(b"\0").decode()


def call(bus: Any, sender: str, _: str, __: str, method: str, given: Any, invocation: Any) -> None:
    parent, title, options = given.unpack()
    known: dict[str, Any] = {"method": method, "parent": parent.partition(":")[0], "title": title}
    for name in ("multiple", "directory", "modal", "current_name"):
        if name in options:
            known[name] = options[name]
    for name in ("current_folder", "current_file"):
        if name in options:
            known[name] = text(options[name])
    known["filters"] = options.get("filters")
    answer = ANSWERS[len(asked)]
    asked.append(known)
    handle = f"/org/freedesktop/portal/desktop/request/{sender[1:].replace('.', '_')}/{options['handle_token']}"
    invocation.return_value(GLib.Variant("(o)", (handle,)))
    if answer == "never":
        (FOLDER / "asked").write_bytes(b"1")  # a pipe that the program reads
        return
    uris = [] if answer is None else [(FOLDER / name).as_uri() for name in answer]
    results = {"uris": GLib.Variant("as", uris)}
    told = GLib.Variant("(ua{sv})", (1 if answer is None else 0, results))
    bus.emit_signal(sender, handle, "org.freedesktop.portal.Request", "Response", told)


def run(*_: Any) -> None:
    def work() -> None:
        done = subprocess.run(sys.argv[2:], capture_output=True, text=True, check=False)
        sys.stderr.write(done.stderr)
        sys.stdout.write(json.dumps({"asked": asked, "printed": done.stdout, "status": done.returncode}))
        sys.stdout.flush()
        GLib.idle_add(loop.quit)

    threading.Thread(target=work).start()


bus = Gio.bus_get_sync(Gio.BusType.SESSION, None)
chooser = Gio.DBusNodeInfo.new_for_xml(XML).interfaces[0]
bus.register_object("/org/freedesktop/portal/desktop", chooser, call, lambda *_: GLib.Variant("u", 3), None)
Gio.bus_own_name_on_connection(bus, "org.freedesktop.portal.Desktop", Gio.BusNameOwnerFlags.NONE, run, None)
loop.run()
