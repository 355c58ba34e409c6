"""The guest packages of the desktop at version 2.0.0 in one window, seen by other programs. The rest: tests/conformance."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.plugins.windowed import windowed
from tests.requirements import needs_npm_package, needs_session_bus, needs_xdg_mime, needs_xdotool

FOLDER = Path(__file__).parent
NAMES = ["autostart", "deep-link", "global-shortcut", "notification", "positioner", "window-state"]
SHORTCUT = [f"global-shortcut:allow-{name}" for name in ("register", "unregister-all", "is-registered")]
PERMISSIONS = [
    "core:default",
    *(f"clipboard-manager:allow-{name}" for name in ("write-text", "read-text", "write-html", "clear")),
    *(f"{name}:default" for name in ("autostart", "notification", "positioner", "window-state")),
    *(f"deep-link:allow-{name}" for name in ("register", "unregister", "is-registered", "get-current")),
    *SHORTCUT,
]
SCRIPT = """
const autostart = await import('tauri-plugin-autostart-2.0');
const clipboard = await import('tauri-plugin-clipboard-manager-2.0');
const deepLink = await import('tauri-plugin-deep-link-2.0');
const shortcut = await import('tauri-plugin-global-shortcut-2.0');
const notification = await import('tauri-plugin-notification-2.0');
const positioner = await import('tauri-plugin-positioner-2.0');
const state = await import('tauri-plugin-window-state-2.0');
const until = async (test) => { for (let turn = 0; turn < 300; turn++) if (await test()) return true; return false; };
const found = {};

const clip = (what) => outside(PYTHON, OTHER, 'read', what);
await clipboard.writeText('h\u00e9llo');
found.clipboard = [await clip('UTF8_STRING'), await clipboard.readText()];
await clipboard.writeHtml('<b>bold</b>', 'plain');
found.clipboard.push((await clip('text/html')).endsWith('<b>bold</b>'), await clip('UTF8_STRING'));
await clipboard.clear();
found.clipboard.push(await clipboard.readText().catch(() => 'empty'));

await autostart.enable();
found.autostart = [await autostart.isEnabled(), (await outside('ls', `${HOME}/config/autostart`)).trim()];
await autostart.disable();
found.autostart.push(await autostart.isEnabled(), (await outside('ls', `${HOME}/config/autostart`)).trim());

await deepLink.register('mine');
found.deepLink = [await deepLink.isRegistered('mine'), (await outside('xdg-mime', 'query', 'default', 'x-scheme-handler/mine')).trim()];
await deepLink.unregister('mine');
found.deepLink.push(await deepLink.isRegistered('mine'), await deepLink.getCurrent());
(await deepLink.onOpenUrl(() => {}))();

const heard = [];
await shortcut.register(['F7'], (event) => heard.push(event.state));
await outside('xdotool', 'key', 'F7');
await until(async () => (await shortcut.isRegistered('F7'), heard.length === 2));
await shortcut.unregisterAll();
found.shortcut = [heard, await shortcut.isRegistered('F7')];

found.notification = [await notification.isPermissionGranted(), await notification.requestPermission()];
notification.sendNotification({ title: 'Old', body: 'page' });
found.notification.push(await until(async () => (await outside('cat', `${HOME}/shown`)).includes('Old')));

const id = (await outside('xdotool', 'search', '--onlyvisible', '--name', '^Windowed$')).trim().split('\\n').pop();
const corner = async () => /Absolute upper-left X:\\s+0\\s+Absolute upper-left Y:\\s+0\\s/.test(await outside('xwininfo', '-id', id));
await positioner.moveWindow(positioner.Position.BottomRight);
const away = await until(async () => !(await corner()));
await positioner.moveWindow(positioner.Position.TopLeft);
found.positioner = [away, await until(corner)];

await state.saveWindowState(state.StateFlags.ALL);
found.state = Object.keys(JSON.parse(await outside('cat', `${HOME}/config/app.transom.windowed/${await state.filename()}`)));
await state.restoreStateCurrent(state.StateFlags.ALL);
return found;
"""
# A daemon of notifications that writes each title into a file, while the program runs.
DAEMON = """
import subprocess, sys, threading
from gi.repository import Gio, GLib
XML = '''<node><interface name="org.freedesktop.Notifications">
<method name="GetCapabilities"><arg type="as" direction="out"/></method>
<method name="Notify"><arg type="s" direction="in"/><arg type="u" direction="in"/><arg type="s" direction="in"/>
<arg type="s" direction="in"/><arg type="s" direction="in"/><arg type="as" direction="in"/><arg type="a{sv}" direction="in"/>
<arg type="i" direction="in"/><arg type="u" direction="out"/></method></interface></node>'''
loop, statuses = GLib.MainLoop(), []
def call(bus, sender, path, interface, method, given, invocation):
    if method == "Notify":
        with open(sys.argv[1], "a") as file:
            file.write(given.unpack()[3])
        invocation.return_value(GLib.Variant("(u)", (1,)))
    else:
        invocation.return_value(GLib.Variant("(as)", ([],)))
def work():
    statuses.append(subprocess.run(sys.argv[2:]).returncode)
    GLib.idle_add(loop.quit)
bus = Gio.bus_get_sync(Gio.BusType.SESSION, None)
path = "/org/freedesktop/Notifications"
bus.register_object(path, Gio.DBusNodeInfo.new_for_xml(XML).interfaces[0], call, None, None)
start = lambda *_: threading.Thread(target=work).start()
Gio.bus_own_name_on_connection(bus, "org.freedesktop.Notifications", 0, start, None)
loop.run()
sys.exit(statuses[0])
"""


def test_version_2_0_of_the_desktops_packages(tmp_path: Path, display: str) -> None:
    needs_xdg_mime()
    needs_xdotool()
    for name in NAMES:
        needs_npm_package(f"tauri-plugin-{name}-2.0")
    (tmp_path / "config" / "autostart").mkdir(parents=True)
    (tmp_path / "shown").touch()
    known = {
        "PYTHON": sys.executable,
        "OTHER": str(FOLDER / "clipboard_manager" / "other_program.py"),
        "HOME": str(tmp_path),
    }
    constants = "".join(f"const {name} = {value!r};\n" for name, value in known.items())
    found = windowed(
        tmp_path / "app",
        display,
        "@tauri-apps/plugin-clipboard-manager",
        constants + SCRIPT,
        permissions=PERMISSIONS,
        config={"deep-link": {"desktop": {"schemes": ["mine"]}}},
        environ={
            "HOME": str(tmp_path),
            "XDG_CONFIG_HOME": str(tmp_path / "config"),
            "XDG_DATA_HOME": str(tmp_path / "data"),
            "WAYLAND_DISPLAY": "",
        },
        before=[needs_session_bus(), "--", sys.executable, "-c", DAEMON, str(tmp_path / "shown")],
        also=NAMES,
    )
    started = found["autostart"]
    assert (started[0], started[1].endswith(".desktop"), started[2:]) == (True, True, [False, ""])
    del found["autostart"]
    assert found == {
        "clipboard": ["h\u00e9llo", "h\u00e9llo", True, "plain", "empty"],
        "deepLink": [True, "app.transom.windowed-handler.desktop", False, None],
        "shortcut": [["Pressed", "Released"], False],
        "notification": [True, "granted", True],
        "positioner": [True, True],
        "state": ["main"],
    }
