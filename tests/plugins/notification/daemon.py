"""A notification daemon of the tests: prints what it is asked to show, a JSON text a line, and runs a program meanwhile.

`python daemon.py MARKUP PROGRAM ...`: `MARKUP` is 1 when it understands markup.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from typing import Any

from gi.repository import Gio, GLib

XML = """<node><interface name="org.freedesktop.Notifications">
<method name="GetCapabilities"><arg type="as" direction="out"/></method>
<method name="Notify"><arg type="s" direction="in"/><arg type="u" direction="in"/><arg type="s" direction="in"/>
<arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="as" direction="in"/><arg type="a{sv}" direction="in"/>
<arg type="i" direction="in"/><arg type="u" direction="out"/></method>
</interface></node>"""
loop = GLib.MainLoop()
shown: list[Any] = []


def call(_: Any, __: Any, ___: Any, ____: Any, method: str, given: Any, invocation: Any) -> None:
    if method == "GetCapabilities":
        abilities = ["body", "body-markup"] if sys.argv[1] == "1" else ["body"]
        invocation.return_value(GLib.Variant("(as)", (abilities,)))
        return
    shown.append(given.unpack())
    invocation.return_value(GLib.Variant("(u)", (len(shown),)))


def run(*_: Any) -> None:
    def work() -> None:
        done = subprocess.run(sys.argv[2:], capture_output=True, text=True, check=False)
        sys.stderr.write(done.stderr)
        sys.stdout.write(json.dumps({"shown": shown, "printed": done.stdout, "status": done.returncode}))
        sys.stdout.flush()
        GLib.idle_add(loop.quit)

    threading.Thread(target=work).start()


bus = Gio.bus_get_sync(Gio.BusType.SESSION, None)
interface = Gio.DBusNodeInfo.new_for_xml(XML).interfaces[0]
bus.register_object("/org/freedesktop/Notifications", interface, call, None, None)
Gio.bus_own_name_on_connection(bus, "org.freedesktop.Notifications", Gio.BusNameOwnerFlags.NONE, run, None)
loop.run()
