"""Shortcuts on Wayland and in sandboxes: the portal gives them, on a bus of the test."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.mock_app import running
from tests.plugins.windowed import windowed
from tests.requirements import needs_session_bus
from transom.app import Builder
from transom.plugins import global_shortcut
from transom.plugins.global_shortcut import Shortcut, ShortcutsUnavailable

PACKAGE = "@tauri-apps/plugin-global-shortcut"
PERMISSIONS = [
    f"global-shortcut:allow-{name}" for name in ("register", "unregister", "unregister-all", "is-registered")
]
CALL = """
import sys
from gi.repository import Gio, GLib
bus = Gio.bus_get_sync(Gio.BusType.SESSION, None)
given = GLib.Variant("(s)", (sys.argv[2],)) if len(sys.argv) > 2 else None
name, path = "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop"
print(*bus.call_sync(name, path, "transom.Test", sys.argv[1], given, None, 0, 5000, None).unpack())
"""
SCRIPT = f"""
const portal = (...given) => outside({json.dumps(sys.executable)}, '-c', {json.dumps(CALL)}, ...given);
const rejection = (promise) => promise.then(() => 'resolved', (error) => error);
const until = async (test) => {{ for (let turn = 0; turn < 500 && !(await test()); turn++) await new Promise((done) => setTimeout(done, 20)); }};
const heard = [];
const handler = ({{ shortcut, state }}) => heard.push([shortcut, state]);
await plugin.register(['CommandOrControl+Shift+K', 'F7'], handler);
await plugin.register('Super+Space', handler);
await portal('Press', 'CTRL+SHIFT+k');
await until(() => heard.length >= 2);
await portal('Press', 'LOGO+space');
await until(() => heard.length >= 4);
const texts = [await rejection(plugin.register('f7', handler)), await rejection(plugin.register('F9', handler)), await rejection(plugin.register(['F11', 'F12'], handler))];
const known = [await plugin.isRegistered('F7'), await plugin.isRegistered('F9'), await plugin.isRegistered('F12')];
await plugin.unregister('F7');
await portal('Press', 'F7');
await plugin.unregister('CmdOrCtrl+Shift+K');
await plugin.register('F7', handler);
await portal('CloseAll');
await until(async () => !(await plugin.isRegistered('F7')) && !(await plugin.isRegistered('Super+Space')));
known.push(await plugin.isRegistered('F7'), await plugin.isRegistered('Super+Space'));
plugin.register('F10', handler).catch(() => {{}});
let asked = [];
await until(async () => (asked = JSON.parse(await portal('Asked'))).some(([what, list]) => what === 'bind' && list[0][0] === 'F10'));
return {{ heard, texts, known, asked, again: await rejection(plugin.register('F10', handler)) }};
"""


def test_the_portal_is_asked_and_the_keys_that_it_hears_reach_the_page(tmp_path: Path, display: str) -> None:
    found = windowed(
        tmp_path,
        display,
        PACKAGE,
        SCRIPT,
        permissions=PERMISSIONS,
        environ={"WAYLAND_DISPLAY": "wayland-of-nobody"},
        before=[needs_session_bus(), "--", sys.executable, str(Path(__file__).parent / "portal.py")],
    )
    assert found["heard"] == [
        [text, state] for text in ("CommandOrControl+Shift+K", "Super+Space") for state in ("Pressed", "Released")
    ]
    taken, unwanted, one_unwanted = found["texts"]
    assert taken == "the shortcut f7 is registered already; unregister it first"
    refused = "cannot be registered: the desktop, or its user, did not allow it"
    assert (unwanted, one_unwanted) == (f"the shortcut F9 {refused}", f"the shortcut F11 {refused}")
    assert found["known"] == [True, False, False, False, False]
    assert found["again"] == "the shortcut F10 is registered already; unregister it first"
    bound = [each[1] for each in found["asked"] if each[0] == "bind"]
    assert bound[0] == [
        ["CTRL+SHIFT+k", {"description": "CommandOrControl+Shift+K", "preferred_trigger": "CTRL+SHIFT+k"}],
        ["F7", {"description": "F7", "preferred_trigger": "F7"}],
    ]
    # Those of F9, of F11 with F12, and that of F7 after the last of its keys was let go.
    assert [each for each in found["asked"] if each[0] == "closed"] == [["closed", "Session"]] * 3


@pytest.mark.parametrize(
    ("text", "trigger"),
    [
        ("a", "a"),
        ("Cmd+Alt+Shift+Ctrl+9", "CTRL+ALT+SHIFT+LOGO+9"),
        ("Control+,", "CTRL+comma"),
        ("F24", "F24"),
        ("Numpad5", "KP_5"),
        ("MediaPlayPause", "XF86AudioPlay"),
        ("Alt+Enter", "ALT+Return"),
    ],
)
def test_a_shortcut_is_written_as_the_specification_of_the_desktops_says(text: str, trigger: str) -> None:
    assert Shortcut.parse(text).trigger == trigger


@pytest.mark.parametrize("sandbox", ["SNAP", "FLATPAK_ID"])
def test_in_a_sandbox_without_a_portal_the_display_is_asked(monkeypatch: pytest.MonkeyPatch, sandbox: str) -> None:
    monkeypatch.setenv(sandbox, "x")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "disabled:")
    monkeypatch.setenv("DISPLAY", "")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    with (
        running(builder=Builder().plugin(global_shortcut.init())) as application,
        pytest.raises(ShortcutsUnavailable, match="there is no display"),
    ):
        global_shortcut.register(application.app.handle(), "F8", print)
