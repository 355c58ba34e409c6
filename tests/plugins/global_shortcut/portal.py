"""A portal of the tests: gives global shortcuts on a bus of its own, while a program runs that asks for them.

`python portal.py PROGRAM ...`. Beside the portal's interface it has `transom.Test`, by which a test presses keys: `Press`,
`CloseAll` takes every session back, and `Asked` tells what was asked, in JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from typing import Any

from gi.repository import Gio, GLib

XML = """<node><interface name="org.freedesktop.portal.GlobalShortcuts">
<method name="CreateSession"><arg type="a{sv}" direction="in"/><arg type="o" direction="out"/></method>
<method name="BindShortcuts"><arg type="o" direction="in"/><arg type="a(sa{sv})" direction="in"/>
<arg type="s" direction="in"/><arg type="a{sv}" direction="in"/><arg type="o" direction="out"/></method>
<property name="version" type="u" access="read"/></interface>
<interface name="transom.Test"><method name="Press"><arg type="s" direction="in"/></method>
<method name="CloseAll"/><method name="Asked"><arg type="s" direction="out"/></method></interface>
<interface name="org.freedesktop.portal.Session"><method name="Close"/></interface>
<interface name="org.freedesktop.portal.Request"><method name="Close"/></interface></node>"""
NAME, PATH = "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop"
SHORTCUTS = "org.freedesktop.portal.GlobalShortcuts"

loop = GLib.MainLoop()
interfaces = {interface.name: interface for interface in Gio.DBusNodeInfo.new_for_xml(XML).interfaces}
sessions: dict[str, list[str]] = {}
asked: list[Any] = []
clients: set[str] = set()


def answer(sender: str, options: dict[str, Any], code: int, results: dict[str, Any], invocation: Any) -> None:
    handle = f"{PATH}/request/{sender[1:].replace('.', '_')}/{options['handle_token']}"
    invocation.return_value(GLib.Variant("(o)", (handle,)))
    if code == 3:  # the user never answers
        bus.register_object(handle, interfaces["org.freedesktop.portal.Request"], ended, None, None)
        return
    told = GLib.Variant("(ua{sv})", (code, results))
    bus.emit_signal(sender, handle, "org.freedesktop.portal.Request", "Response", told)


def ended(_: Any, __: str, path: str, interface: str, ___: str, ____: Any, invocation: Any) -> None:
    asked.append(["closed", interface.rpartition(".")[2]])
    sessions.pop(path, None)
    invocation.return_value(None)


def call(_: Any, sender: str, __: str, ___: str, method: str, given: Any, invocation: Any) -> None:
    clients.add(sender)
    if method == "CreateSession":
        (options,) = given.unpack()
        session = f"{PATH}/session/{sender[1:].replace('.', '_')}/{options['session_handle_token']}"
        sessions[session] = []
        bus.register_object(session, interfaces["org.freedesktop.portal.Session"], ended, None, None)
        answer(sender, options, 0, {"session_handle": GLib.Variant("s", session)}, invocation)
        return
    session, shortcuts, parent, options = given.unpack()
    asked.append(["bind", shortcuts, parent])
    # What the user of the tests does not want, and what he never decides.
    names = [name for name, _ in shortcuts]
    code = 1 if "F9" in names else 3 if "F10" in names else 0
    sessions[session] = [name for name in names if name != "F11"] if code == 0 else []
    bound = [(name, {"trigger_description": GLib.Variant("s", name)}) for name in sessions[session]]
    answer(sender, options, code, {"shortcuts": GLib.Variant("a(sa{sv})", bound)}, invocation)


def test(_: Any, __: str, ___: str, ____: str, method: str, given: Any, invocation: Any) -> None:
    if method == "Asked":
        invocation.return_value(GLib.Variant("(s)", (json.dumps(asked),)))
        return
    for session, names in list(sessions.items()):
        if method == "CloseAll":
            for client in clients:
                ended_now = GLib.Variant("(a{sv})", ({},))
                bus.emit_signal(client, session, "org.freedesktop.portal.Session", "Closed", ended_now)
            del sessions[session]
        elif given.unpack()[0] in names:
            for signal in ("Activated", "Deactivated"):
                values = GLib.Variant("(osta{sv})", (session, given.unpack()[0], 0, {}))
                for client in clients:
                    bus.emit_signal(client, PATH, SHORTCUTS, signal, values)
    invocation.return_value(None)


def run(*_: Any) -> None:
    def work() -> None:
        done = subprocess.run(sys.argv[1:], check=False)
        statuses.append(done.returncode)
        GLib.idle_add(loop.quit)

    threading.Thread(target=work).start()


statuses: list[int] = []
bus = Gio.bus_get_sync(Gio.BusType.SESSION, None)
bus.register_object(PATH, interfaces[SHORTCUTS], call, lambda *_: GLib.Variant("u", 1), None)
bus.register_object(PATH, interfaces["transom.Test"], test, None, None)
Gio.bus_own_name_on_connection(bus, NAME, Gio.BusNameOwnerFlags.NONE, run, None)
loop.run()
sys.exit(statuses[0])
