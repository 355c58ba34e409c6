"""A desktop's tray, as a program: `python -m tests.tray.watcher`.

It owns the name of the StatusNotifierWatcher on the session bus, prints a JSON value a line of what icons tell, and does
what it reads, a JSON value a line: `["get", owner]`, `["call", owner, path, interface, method, type, arguments]`.
"""

from __future__ import annotations

import base64
import json
import sys
import threading
from typing import Any

import gi

gi.require_version("Gio", "2.0")
from gi.repository import Gio, GLib  # noqa: E402

NAME = "org.kde.StatusNotifierWatcher"
INTERFACE = """
<node><interface name="org.kde.StatusNotifierWatcher">
  <method name="RegisterStatusNotifierItem"><arg type="s" direction="in"/></method>
  <property name="RegisteredStatusNotifierItems" type="as" access="read"/>
  <property name="IsStatusNotifierHostRegistered" type="b" access="read"/>
  <property name="ProtocolVersion" type="i" access="read"/>
</interface></node>
"""


def say(value: Any) -> None:
    sys.stdout.write(json.dumps(value, default=lambda data: base64.b64encode(bytes(data)).decode()) + "\n")
    sys.stdout.flush()


class Watcher:
    def __init__(self) -> None:
        self.bus = Gio.bus_get_sync(Gio.BusType.SESSION, None)
        self.watched: dict[str, int] = {}
        node = Gio.DBusNodeInfo.new_for_xml(INTERFACE)
        self.bus.register_object("/StatusNotifierWatcher", node.interfaces[0], self.on_call, self.on_get, None)
        self.bus.signal_subscribe(None, None, None, None, None, Gio.DBusSignalFlags.NONE, self.on_signal)
        Gio.bus_own_name_on_connection(
            self.bus, NAME, Gio.BusNameOwnerFlags.NONE, lambda *_: say({"owned": True}), None
        )

    def on_call(self, bus: Any, sender: str, path: str, interface: str, name: str, args: Any, invocation: Any) -> None:
        owner = args.unpack()[0]
        invocation.return_value(None)
        self.watched[owner] = Gio.bus_watch_name_on_connection(
            bus, owner, Gio.BusNameWatcherFlags.NONE, None, lambda _, gone: say({"gone": gone})
        )
        say({"registered": owner})

    def on_get(self, bus: Any, sender: str, path: str, interface: str, name: str) -> Any:
        return {
            "RegisteredStatusNotifierItems": GLib.Variant("as", list(self.watched)),
            "IsStatusNotifierHostRegistered": GLib.Variant("b", True),
            "ProtocolVersion": GLib.Variant("i", 0),
        }[name]

    def on_signal(self, bus: Any, sender: str, path: str, interface: str, name: str, args: Any) -> None:
        if path in ("/StatusNotifierItem", "/MenuBar"):
            say({"signal": name, "arguments": args.unpack()})

    def call(self, owner: str, path: str, interface: str, method: str, kind: str, arguments: Any) -> Any:
        if method == "Event":  # its data is a variant
            arguments = [*arguments[:2], GLib.Variant("s", ""), arguments[3]]
        return self.bus.call_sync(
            owner,
            path,
            interface,
            method,
            GLib.Variant(kind, tuple(arguments)),
            None,
            Gio.DBusCallFlags.NONE,
            20000,
            None,
        ).unpack()

    def do(self, what: str, owner: str, *rest: Any) -> bool:
        try:
            if what == "get":
                [found] = self.call(
                    owner, "/StatusNotifierItem", "org.freedesktop.DBus.Properties", "GetAll", "(s)", ["org.kde.StatusNotifierItem"]
                )  # fmt: skip
                say({"answer": found})
            else:
                say({"answer": self.call(owner, *rest)})
        except GLib.Error as error:
            say({"error": error.message})
        return False

    def listen(self, loop: Any) -> None:
        for line in sys.stdin:
            GLib.idle_add(self.do, *json.loads(line))
        GLib.idle_add(loop.quit)


def main() -> None:
    loop = GLib.MainLoop()
    watcher = Watcher()
    threading.Thread(target=watcher.listen, args=(loop,), daemon=True).start()
    loop.run()


if __name__ == "__main__":
    main()
