"""The commands about menus, by the npm package's classes; a menu is used by the keyboard and seen on the screen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.desktop.desktop import App, eventually
from tests.desktop.test_webview_commands import colors

MADE = """
const { Menu, Submenu, MenuItem, CheckMenuItem, IconMenuItem } = api.menu;
window.told = [];
const action = (id) => { told.push(id); };
window.made = (id) => MenuItem.new({ id, text: id, action });
window.check = await CheckMenuItem.new({ id: 'check', text: 'check', checked: false, action });
window.file = await Submenu.new({ id: 'file', text: '&File', items: [await made('a'), await made('b')] });
window.menu = await Menu.new({ items: [file] });
await menu.setAsWindowMenu(api.window.getCurrentWindow());
await api.window.getCurrentWindow().setFocus();
"""


@pytest.fixture(autouse=True)
def _bar(app: App, xid: str) -> Iterator[None]:
    """Give the window a menu bar with one menu, and take it away."""
    app.run(MADE)
    assert eventually(app.desktop.active, lambda found: found == str(int(xid)))
    yield
    app.run("await (await api.menu.Menu.new({ items: [] })).setAsWindowMenu(api.window.getCurrentWindow());")


def chosen(app: App, *keys: str) -> str:
    """Open the menu, press keys, and return the id of the item that was chosen."""
    app.run("told.length = 0;")
    app.desktop.ask("xdotool", "key", "alt+f", *keys, "Return")
    told: list[str] = eventually(lambda: app.run("return told;"), bool)
    return told[0] if told else ""


def test_items_come_and_go_where_they_are_wanted(app: App) -> None:
    app.run("await file.insert(await made('c'), 1);")
    assert chosen(app, "Down") == "c"
    app.run("await file.prepend(await made('first')); await file.append(await made('last'));")
    assert (chosen(app), chosen(app, "Up")) == ("first", "last")
    app.run("await file.remove(await file.get('first'));")
    assert chosen(app) == "a"
    assert app.run("return (await file.removeAt(0)).id;") == "a"
    assert chosen(app) == "c"
    assert app.run("return (await file.items()).map((item) => item.id);") == ["c", "b", "last"]
    assert app.run("return await file.get('a');") is None


def test_items_have_new_texts_and_keys_and_may_be_disabled(app: App) -> None:
    app.run("const b = await file.get('b'); await b.setText('&Zoom'); await b.setAccelerator('F9');")
    assert chosen(app, "z")[:1] == "b"
    app.run("told.length = 0;")
    app.desktop.ask("xdotool", "key", "F9")
    assert eventually(lambda: app.run("return told;"), bool) == ["b"]
    app.run("await (await file.get('a')).setEnabled(false);")
    assert app.run("return [await (await file.get('a')).isEnabled(), await (await file.get('b')).text()];") == [
        False,
        "&Zoom",
    ]
    assert chosen(app) == "b"  # the keyboard passes over the other one


def test_a_check_has_the_mark_that_was_set(app: App) -> None:
    app.run("await file.prepend(check); await check.setChecked(true);")
    assert app.run("return await check.isChecked();") is True
    assert chosen(app) == "check"  # which takes the mark away
    assert app.run("return await check.isChecked();") is False


def test_an_icon_is_seen_on_the_screen(app: App, xid: str) -> None:
    app.run(
        "const picture = (...color) => api.image.Image.new(new Uint8Array(Array(256).fill(color).flat()), 16, 16);"
        "const icon = await api.menu.IconMenuItem.new({ text: 'icon', icon: await picture(255, 0, 255, 255) });"
        "await file.append(icon); await icon.setIcon(await picture(0, 255, 255, 255));"
    )
    x, y, width, height = app.desktop.place(xid)
    app.desktop.ask("xdotool", "key", "alt+f")
    seen = eventually(lambda: colors(app, x, y, width, height), lambda found: found.get("#00ffff", 0) > 100)
    app.desktop.ask("xdotool", "key", "Escape", "Escape")
    assert seen["#00ffff"] == 256
    assert "#ff00ff" not in seen


def test_the_default_menu_closes_a_window(app: App) -> None:
    """Tauri's own default menu has these submenus; its item `Close Window` acts."""
    app.run("new api.webviewWindow.WebviewWindow('menus', {title: 'Menus', width: 300, height: 200});")
    other = app.desktop.window("Menus")
    texts = app.run(
        "const standard = await api.menu.Menu.default();"
        "await standard.setAsWindowMenu(await api.window.Window.getByLabel('menus'));"
        "return await Promise.all((await standard.items()).map((item) => item.text()));"
    )
    assert [text.replace("&", "") for text in texts] == ["File", "Edit", "Window", "Help"]
    app.desktop.ask("xdotool", "windowactivate", "--sync", other, "key", "F10", "Return", "Return")
    gone = eventually(lambda: app.run("return (await api.window.getAllWindows()).length;"), lambda count: count == 2)
    assert gone == 2
