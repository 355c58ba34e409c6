"""Menus of the webkitgtk runtime, used by keyboard and mouse from outside."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.menu.conftest import Desktop, Program

PAGE = """<!doctype html><meta charset=utf-8><title>menus</title><body><input id=text value=hello autofocus>
<script type=module>
import { invoke } from './api/core.js';
const report = (value) => invoke('report', { value });
window.report = report;
const text = document.getElementById('text');
addEventListener('keydown', ({ key, ctrlKey }) => ctrlKey && key !== 'Control' && report({ key }));
text.addEventListener('input', () => report({ text: text.value }));
document.addEventListener('selectionchange', () => {
  if (text.selectionEnd - text.selectionStart === 5) report({ selected: true });
});
%s
</script>"""

READY = """
text.focus();
text.setSelectionRange(0, 0);
await new Promise(requestAnimationFrame);
await report({ height: innerHeight });
"""


@pytest.fixture
def program(start: Callable[..., Program], front_end: Path) -> Program:
    (front_end / "index.html").write_text(PAGE % READY, encoding="utf-8")
    return start("tests.menu.menu_application", str(front_end))


def focus(desktop: Desktop) -> str:
    [window] = desktop.xdotool("search", "--sync", "--onlyvisible", "--name", "^menus$").split()
    desktop.xdotool("windowactivate", "--sync", window)
    return window


def told(program: Program, count: int = 2) -> list[Any]:
    return sorted([program.next() for _ in range(count)], key=str)


OPENED = [{"app": "open", "wrap": False}, {"window": "main", "id": "open"}]


def test_a_menu_bar_is_used_by_keyboard_and_mouse(desktop: Desktop, program: Program) -> None:
    height = program.next()["page"]["height"]
    assert 200 < height < 300  # the bar is above the page, inside of the window's size
    window = focus(desktop)
    desktop.xdotool("key", "alt+f", "Return")
    assert told(program) == OPENED
    desktop.xdotool("key", "ctrl+o")
    assert told(program) == OPENED
    desktop.xdotool(
        "mousemove", "--window", window, "15", "10", "click", "1", "mousemove", "--window", window, "20", "35"
    )
    desktop.xdotool("click", "1")
    assert told(program) == OPENED


def test_only_an_item_that_can_be_activated_takes_its_keys_from_the_page(desktop: Desktop, program: Program) -> None:
    program.next()
    focus(desktop)
    desktop.xdotool("key", "ctrl+j", "ctrl+k")  # disabled; in no menu
    assert [program.next(), program.next()] == [{"page": {"key": "j"}}, {"page": {"key": "k"}}]
    program.tell("file = app.menu().items()[0]; file.get('off').set_enabled(True); say('done')")
    assert program.next() == "done"
    desktop.xdotool("key", "ctrl+j")
    assert {"window": "main", "id": "off"} in told(program)
    program.tell("file.get('off').set_accelerator('CmdOrCtrl+K'); say('done')")
    assert program.next() == "done"
    desktop.xdotool("key", "ctrl+j")
    assert program.next() == {"page": {"key": "j"}}
    desktop.xdotool("key", "ctrl+k")
    assert {"window": "main", "id": "off"} in told(program)
    program.tell("window.hide_menu(); say(window.is_menu_visible())")
    assert program.next() is False
    desktop.xdotool("key", "ctrl+k")
    assert program.next() == {"page": {"key": "k"}}
    program.tell("window.show_menu(); window.remove_menu(); say(window.is_menu_visible())")
    assert program.next() is False
    desktop.xdotool("key", "ctrl+o")
    assert program.next() == {"page": {"key": "o"}}


def test_a_check_item_has_its_new_state_when_its_event_comes(desktop: Desktop, program: Program) -> None:
    program.next()
    focus(desktop)
    for state in (True, False):
        desktop.xdotool("key", "alt+v", "Return")
        assert told(program) == [{"app": "wrap", "wrap": state}, {"window": "main", "id": "wrap"}]
    program.tell("app.menu().items()[2].get('wrap').set_checked(True); say('done')")
    assert program.next() == "done"  # and no event
    desktop.xdotool("key", "alt+v", "Return")
    assert told(program)[0] == {"app": "wrap", "wrap": False}


def test_predefined_items_edit_the_page_and_change_the_window(desktop: Desktop, program: Program) -> None:
    program.next()
    window = focus(desktop)
    desktop.xdotool("key", "alt+e", "Return")
    assert program.next() == {"page": {"selected": True}}
    desktop.xdotool("key", "alt+e", "Down", "Down", "Return")
    assert program.next() == {"page": {"text": ""}}
    desktop.xdotool("key", "ctrl+v")  # the page's own keys, which no item takes
    assert [program.next(), program.next()] == [{"page": {"key": "v"}}, {"page": {"text": "hello"}}]
    desktop.xdotool("key", "alt+v", "Down", "Return")
    desktop.wait_for(lambda: "FULLSCREEN" in desktop.xprop(window, "_NET_WM_STATE"))
    desktop.xdotool("key", "ctrl+w")  # Close Window, the application's only one
    assert program.process.wait(30) == 0


def test_a_menu_changes_while_it_is_shown(desktop: Desktop, program: Program) -> None:
    program.next()
    focus(desktop)
    program.tell(
        "file = app.menu().items()[0]; file.get('open').set_text('&Replace'); file.prepend(MenuItem(app, '&Zero', id='zero'));"
        "say('done')"
    )
    assert program.next() == "done"
    desktop.xdotool("key", "alt+f", "z")
    assert {"window": "main", "id": "zero"} in told(program)
    desktop.xdotool("key", "alt+f", "r")
    assert {"window": "main", "id": "open"} in told(program)


def test_a_context_menu_is_used_and_closed(desktop: Desktop, program: Program) -> None:
    program.next()
    window = focus(desktop)
    program.tell("menu = Menu.with_items(app, [MenuItem(app, 'One', id='one'), MenuItem(app, 'Two', id='two')])")
    for x, y in ((50, 60), (50.5, -3)):
        program.tell(f"window.popup_menu_at(menu, ({x}, {y})); say('open')")
        assert program.next() == "open"
        desktop.xdotool("key", "Down", "Down", "Return")
        assert {"window": "main", "id": "two"} in told(program)
    desktop.xdotool("mousemove", "--window", window, "200", "200")
    program.tell("window.popup_menu(menu); say('open')")
    assert program.next() == "open"
    desktop.xdotool("mousemove_relative", "20", "15", "click", "1")
    assert {"window": "main", "id": "one"} in told(program)
    program.tell("window.popup_menu(menu); window.popup_menu(menu); menu.append(MenuItem(app, 'Three')); say('open')")
    assert program.next() == "open"
    desktop.xdotool("key", "Escape", "ctrl+k")
    assert program.next() == {"page": {"key": "k"}}
    program.tell("window.hide()")
    program.tell("say(refused(lambda: window.popup_menu(menu)))")
    assert "hidden" in program.next()


NPM = """
import { CheckMenuItem, IconMenuItem, Menu, MenuItem, PredefinedMenuItem, Submenu } from './api/menu.js';
import { LogicalPosition } from './api/dpi.js';
import { Image } from './api/image.js';
const action = (id) => report({ action: id });
const open = await MenuItem.new({ id: 'jopen', text: '&Open', accelerator: 'CmdOrCtrl+Shift+P', action });
const check = await CheckMenuItem.new({ id: 'jcheck', text: '&Check', checked: false, action });
const icon = await IconMenuItem.new({ id: 'jicon', text: '&Icon', icon: await Image.new(new Uint8Array(1024).fill(255), 16, 16), action });
const line = await PredefinedMenuItem.new({ item: 'Separator' });
const file = await Submenu.new({ text: '&File', items: [open, check, icon, line, { id: 'jplain', text: '&Plain', action }] });
const menu = await Menu.new({ items: [file] });
const before = await menu.setAsAppMenu();
await report({ before: (await before.items()).length });
await open.setText('&Other');
await open.setAccelerator('F7');
const items = await file.items();
await report({ kinds: items.map(({ kind }) => kind), text: await open.text(), get: (await file.get('jplain')).id });
window.more = async () => {
  await report({ checked: await check.isChecked() });
  const popup = await Menu.new({ items: [{ id: 'jpop', text: 'Pop', action }] });
  await popup.popup(new LogicalPosition(20, 20));
  await report({ open: true });
};
await MenuItem.new({ text: 'x', accelerator: 'Nope+P' }).catch((error) => report({ error }));
const gone = await MenuItem.new({ text: 'gone' });
await gone.close();
await gone.setText('x').catch((error) => report({ closed: error.includes('is invalid') }));
"""


def test_a_page_makes_menus_by_the_npm_package(
    desktop: Desktop, start: Callable[..., Program], front_end: Path
) -> None:
    (front_end / "index.html").write_text(PAGE % NPM, encoding="utf-8")
    program = start("tests.menu.menu_application", str(front_end))
    assert program.next() == {"page": {"before": 3}}
    kinds = ["MenuItem", "Check", "Icon", "Predefined", "MenuItem"]
    assert program.next() == {"page": {"kinds": kinds, "text": "&Other", "get": "jplain"}}
    error = program.next()["page"]["error"]
    assert error == (
        "invalid accelerator `Nope+P`: `Nope` is not a modifier; those are Ctrl, Alt, Shift, Super and CmdOrCtrl"
    )
    assert program.next() == {"page": {"closed": True}}
    focus(desktop)
    for keys, name in (
        (["F7"], "jopen"),
        (["alt+f", "c"], "jcheck"),
        (["alt+f", "i"], "jicon"),
        (["alt+f", "p"], "jplain"),
    ):
        desktop.xdotool("key", *keys)
        assert {"page": {"action": name}} in told(program, 3)
    program.tell("app.get_webview('main').eval('more()')")
    assert [program.next(), program.next()] == [{"page": {"checked": True}}, {"page": {"open": True}}]
    desktop.xdotool("key", "Down", "Return")
    assert {"page": {"action": "jpop"}} in told(program, 3)
