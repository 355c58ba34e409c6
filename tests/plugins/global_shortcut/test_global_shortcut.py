from __future__ import annotations

import asyncio
import queue
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.mock_app import SOON, running
from tests.plugins.guests import guests
from tests.plugins.windowed import windowed
from tests.requirements import needs_linux, needs_xdotool
from transom.app import Builder
from transom.errors import CommandError
from transom.plugins import global_shortcut
from transom.plugins.global_shortcut import Shortcut, ShortcutsUnavailable
from transom.plugins.global_shortcut._x11 import Keyboard

needs_linux()
PACKAGE = "@tauri-apps/plugin-global-shortcut"
PERMISSIONS = [
    f"global-shortcut:allow-{name}" for name in ("register", "unregister", "unregister-all", "is-registered")
]


@pytest.mark.parametrize(
    ("text", "shortcut"),
    [
        ("A", (0, ord("a"))),
        ("CommandOrControl+Shift+K", (5, ord("k"))),
        ("cmdorctrl + alt + KeyK", (12, ord("k"))),
        ("Super+ArrowUp", (64, 0xFF52)),
        ("Ctrl+Ctrl+Digit1", (4, ord("1"))),
        ("F24", (0, 0xFFD5)),
        ("Alt+,", (8, ord(","))),
        ("Shift+-", (1, ord("-"))),
    ],
)
def test_a_shortcut_is_modifiers_and_a_key(text: str, shortcut: tuple[int, int]) -> None:
    assert Shortcut.parse(text) == shortcut
    assert Shortcut.parse(text).number == Shortcut.parse(text.lower()).number


@pytest.mark.parametrize(
    "text", ["", "Control", "K+Control", "Control+", "Hyper+K", "Control+KK", "+" * 100, "x" * 1000]
)
def test_what_is_no_shortcut_rejects(text: str) -> None:
    with pytest.raises(CommandError):
        Shortcut.parse(text)


SCRIPT = """
const events = [];
let wake = () => {};
const next = async (count) => {
  const until = Date.now() + 10_000;
  while (events.length < count && Date.now() < until) await new Promise((resolve) => { wake = resolve; setTimeout(resolve, 1000); });
};
const key = (...given) => outside('xdotool', ...given);
await plugin.register(['CommandOrControl+Shift+K', 'F7'], (event) => { events.push([event.shortcut, event.state]); wake(); });
await key('keydown', 'ctrl', 'keydown', 'shift', 'key', 'k', 'keyup', 'shift', 'keyup', 'ctrl');
await next(2);
await key('key', 'F7');
await next(4);
await key('key', 'k', 'key', 'ctrl+k');
const known = [await plugin.isRegistered('ctrl+shift+k'), await plugin.isRegistered('F8')];
const twice = await plugin.register('F7', () => {}).catch((error) => error);
const wrong = await plugin.register(['F9', 'Nothing+K'], () => {}).catch((error) => error);
known.push(await plugin.isRegistered('F9'));
await plugin.unregister('F7');
await key('key', 'F7');
await plugin.unregisterAll();
await key('key', 'ctrl+shift+k');
known.push(await plugin.isRegistered('ctrl+shift+k'));
return [events, known, twice, wrong];
"""


def test_the_npm_package_hears_keys_that_another_program_sends(tmp_path: Path, display: str) -> None:
    needs_xdotool()
    events, known, twice, wrong = windowed(tmp_path, display, PACKAGE, SCRIPT, permissions=PERMISSIONS)
    assert events == [
        ["CommandOrControl+Shift+K", "Pressed"],
        ["CommandOrControl+Shift+K", "Released"],
        ["F7", "Pressed"],
        ["F7", "Released"],
    ]
    assert known == [True, False, False, False]
    assert twice == "the shortcut F7 is registered already; unregister it first"
    assert "'Nothing' is not a modifier" in wrong


def test_python_registers_shortcuts_and_a_taken_one_rejects(display: str, monkeypatch: pytest.MonkeyPatch) -> None:
    xdotool = needs_xdotool()
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    heard: queue.SimpleQueue[Any] = queue.SimpleQueue()
    with (
        running(builder=Builder().plugin(global_shortcut.init())) as one,
        running(builder=Builder().plugin(global_shortcut.init())) as two,
    ):
        first, second = one.app.handle(), two.app.handle()
        global_shortcut.register(first, "Alt+F8", heard.put)
        subprocess.run([xdotool, "key", "alt+F8"], check=True)
        states = [heard.get(timeout=SOON)["state"] for _ in range(2)]
        assert states == ["Pressed", "Released"]
        with pytest.raises(CommandError, match="another program has this shortcut already"):
            global_shortcut.register(second, "Alt+F8", heard.put)
        global_shortcut.unregister(first, "Alt+F8")
        assert not global_shortcut.is_registered(first, "Alt+F8")
        one.on_loop()
        global_shortcut.register(second, "Alt+F8", heard.put)
        global_shortcut.unregister_all(second)


@pytest.mark.parametrize(
    ("environment", "system"),
    [
        ({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, "wayland"),
        ({"DISPLAY": ""}, "no-display"),
        ({"DISPLAY": ":987"}, "no-display"),
    ],
)
def test_where_keys_cannot_be_grabbed_the_reason_is_a_value(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], system: str
) -> None:
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "disabled:")  # so that there is no portal
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with (
        running(builder=Builder().plugin(global_shortcut.init())) as application,
        pytest.raises(ShortcutsUnavailable) as caught,
    ):
        global_shortcut.register(application.app.handle(), "F8", print)
    value = caught.value.value
    assert (value["kind"], value["system"]) == ("shortcutsUnavailable", system)
    assert value["message"]


def test_in_a_browser_it_is_refused(tmp_path: Path) -> None:
    with guests(tmp_path, global_shortcut.init(), permissions=PERMISSIONS, packages=[PACKAGE]) as page:
        assert "listen to keydown in the page" in page.fails(PACKAGE, "await plugin.register('F8', () => {})")["reason"]


def test_a_connection_that_wakes_without_a_key_is_no_fault(display: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    pressed: list[Any] = []

    async def read_nothing() -> None:
        keyboard = Keyboard(lambda shortcut, down: pressed.append((shortcut, down)))
        keyboard._read()  # as when the answer of a request comes
        keyboard.close()

    asyncio.run(read_nothing())
    assert pressed == []


class Display:
    """The functions of libxcb that take keys."""

    def __init__(self) -> None:
        self.grabbed: set[tuple[int, int]] = set()

    def xcb_grab_key_checked(self, _: Any, __: int, ___: int, mask: int, keycode: int, *____: int) -> int:
        self.grabbed.add((keycode, mask))
        return 0

    def xcb_ungrab_key(self, _: Any, keycode: int, __: int, mask: int) -> None:
        self.grabbed.discard((keycode, mask))

    def xcb_request_check(self, *_: Any) -> None:
        """Have no error."""

    def xcb_flush(self, _: Any) -> None:
        """Have sent everything."""


def test_a_shortcut_goes_with_its_key_to_another_layout_and_is_let_go_there(monkeypatch: pytest.MonkeyPatch) -> None:
    keyboard, display, shortcut = Keyboard.__new__(Keyboard), Display(), Shortcut(4, 97)
    loop = SimpleNamespace(call_soon=lambda _: None)
    vars(keyboard).update(_xcb=display, _connection=1, _root=1, _keycodes={97: [38]}, _grabbed={}, _loop=loop)
    keyboard.grab(shortcut)
    assert {keycode for keycode, _ in display.grabbed} == {38}
    for mapping, keycodes in (({97: [24]}, {24}), ({98: [24]}, set())):
        monkeypatch.setattr(keyboard, "_mapping", lambda mapping=mapping: mapping)
        keyboard._remap()
        assert {keycode for keycode, _ in display.grabbed} == keycodes
    keyboard.release(shortcut)
    monkeypatch.setattr(keyboard, "_connection", None)  # the display has gone: libxcb would end the process
    keyboard.release(shortcut)
    with pytest.raises(ShortcutsUnavailable):
        keyboard.grab(shortcut)
