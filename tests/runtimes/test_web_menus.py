"""Menus that the page of the web runtime draws: with the npm package's own classes, by mouse and keyboard, in Chromium."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.requirements import needs_global_api
from tests.runtimes.browser import Tab, browser
from tests.runtimes.served import served
from transom.app import Builder, generate_context
from transom.errors import Unsupported, WindowError
from transom.handles import AppHandle
from transom.menu import Menu, MenuEvent, MenuItem, Submenu
from transom.runtimes import (
    AboutMetadata,
    Accelerator,
    Image,
    MenuActivation,
    MenuNode,
    MenuTree,
    PerformPredefined,
    PopupMenu,
    SetMenuVisible,
    SetWindowMenu,
)
from transom.runtimes.web.menus import WebMenus
from transom.runtimes.web.menus._form import about_form, items_form

# A page whose styles and listeners would spoil menus that were a part of it.
PAGE = """<!doctype html><title>m</title><style>
* { display: none !important; color: red !important; } html, body, main, input { display: block !important; }
html, body { height: 100%; margin: 0 }
</style><body><main><input id=field value="some text"></main><script>
window.keys = []; addEventListener('keydown', (event) => keys.push(event.key)); window.heard = [];
</script>"""
MENU_ROLES = ["menubar", "menu", "menuitem", "menuitemcheckbox", "dialog"]
SET_UP = """(async () => {
  const { Menu, Submenu, MenuItem, CheckMenuItem, PredefinedMenuItem } = __TAURI__.menu;
  const action = (id) => heard.push(id);
  window.check = await CheckMenuItem.new({ id: 'wrap', text: 'Wrap &lines', checked: true, accelerator: 'Alt+W', action });
  window.save = await MenuItem.new({ id: 'save', text: 'Save', enabled: false, accelerator: 'CmdOrCtrl+S', action });
  const recent = await Submenu.new({ text: 'Recent', items: [{ id: 'one', text: 'One', action }, { id: 'two', text: 'Two', action }] });
  const file = await Submenu.new({ text: '&File', items: [
    await MenuItem.new({ id: 'open', text: '&Open', accelerator: 'CmdOrCtrl+Shift+O', action }), save, recent,
    await PredefinedMenuItem.new({ item: 'Separator' }), check ] });
  const edit = await Submenu.new({ text: '&Edit', items: [
    await PredefinedMenuItem.new({ item: 'SelectAll' }), await PredefinedMenuItem.new({ item: 'Cut' }),
    await PredefinedMenuItem.new({ item: 'Undo' }), await PredefinedMenuItem.new({ item: 'Minimize' }) ] });
  const help = await Submenu.new({ text: 'Help', items: [
    await PredefinedMenuItem.new({ item: { About: { name: 'Menus & more', version: '1.2', website: 'https://example.org/' } } }) ] });
  window.bar = await Menu.new({ items: [file, edit, help] });
  await bar.setAsWindowMenu();
})()"""


def project(folder: Path) -> Any:
    (folder / "dist").mkdir(parents=True)
    (folder / "dist" / "index.html").write_text(PAGE, "utf-8")
    config = {
        "productName": "Menus",
        "identifier": "app.transom.menus",
        "build": {"frontendDist": "dist"},
        # The page may load nothing but what transom's own script does.
        "app": {
            "withGlobalTauri": True,
            "windows": [{"title": "Menus"}],
            "security": {"csp": "default-src 'none'; style-src 'unsafe-inline'"},
        },
    }
    (folder / "tauri.conf.json").write_text(json.dumps(config), "utf-8")
    return generate_context(folder)


@pytest.fixture(scope="module")
def tabs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    needs_global_api()
    with browser() as found:

        @contextmanager
        def tab(builder: Builder, folder: Path) -> Iterator[tuple[Tab, Any]]:
            app = builder.web(token="t").build(project(folder), "web")
            with served(app.asgi()) as base:
                page = found.tab()
                page.goto(f"{base}/?token=t")
                page.wait("document.title === 'Menus'")
                yield page, app
                page.do("close")

        yield tab


@pytest.fixture
def tab(tabs: Any, tmp_path: Path) -> Iterator[Tab]:
    with tabs(Builder(), tmp_path / "project") as (page, _):
        page.eval(SET_UP)
        shown(page, "File")
        yield page


def accessible(tab: Tab) -> list[dict[str, Any]]:
    return list(tab.do("accessible", MENU_ROLES))


def shown(tab: Tab, name: str, wanted: bool = True) -> dict[str, Any]:
    """Return the element of this name as soon as it is there, or `{}` as soon as it is not."""
    for _ in range(200):
        found = next((element for element in accessible(tab) if element["name"] == name), {})
        if bool(found) is wanted:
            return found
        tab.eval("new Promise((resolve) => setTimeout(resolve, 20))")
    raise AssertionError(f"{name} is {'not ' if wanted else ''}there: {accessible(tab)}")


def click(tab: Tab, name: str) -> None:
    tab.do("click", *shown(tab, name)["at"])


def hears(tab: Tab, *ids: str) -> None:
    tab.wait(f"heard.length >= {len(ids)}")
    assert tab.eval("heard.splice(0)") == list(ids)


def test_a_menu_bar_by_mouse(tab: Tab) -> None:
    assert [element["name"] for element in accessible(tab)] == ["Menu", "File", "Edit", "Help"]
    click(tab, "File")
    opened = ["Open", "Save", "Recent", "Wrap lines"]
    assert [element["name"] for element in accessible(tab)][-4:] == opened
    assert shown(tab, "File")["expanded"] is True
    assert shown(tab, "Save")["disabled"] is True
    assert shown(tab, "Wrap lines")["checked"] == "true"
    assert shown(tab, "Open")["keyshortcuts"] == "Ctrl+Shift+O"
    click(tab, "Save")  # disabled: nothing happens
    tab.do("move", *shown(tab, "Recent")["at"])
    click(tab, "Two")
    hears(tab, "two")
    assert shown(tab, "Two", wanted=False) == {}
    click(tab, "File")
    tab.do("move", *shown(tab, "Edit")["at"])
    shown(tab, "Select All")
    tab.do("click", 400, 300)  # the page
    assert shown(tab, "Select All", wanted=False) == {}


def test_a_check_item_is_toggled_in_the_application(tab: Tab) -> None:
    click(tab, "File")
    click(tab, "Wrap lines")
    hears(tab, "wrap")
    assert tab.eval("check.isChecked()") is False
    click(tab, "File")
    assert shown(tab, "Wrap lines")["checked"] == "false"
    tab.do("press", "Escape")
    tab.do("press", "Alt+w")
    hears(tab, "wrap")
    assert tab.eval("check.isChecked()") is True


def test_a_menu_bar_by_keyboard(tab: Tab) -> None:
    tab.eval("document.getElementById('field').focus()")
    for key in ("F10", "ArrowDown", "ArrowDown", "ArrowDown", "ArrowRight", "Enter"):
        tab.do("press", key)
    hears(tab, "one")
    # The page has the keyboard again, and has heard nothing.
    assert tab.eval("[document.activeElement.id, keys.splice(0)]") == ["field", []]
    tab.do("press", "Alt+f")
    tab.do("press", "o")
    hears(tab, "open")
    for key in ("F10", "ArrowLeft", "ArrowDown", "Escape", "Escape"):
        tab.do("press", key)
    assert shown(tab, "About Menus & more", wanted=False) == {}
    assert tab.eval("[document.activeElement.id, keys.splice(0)]") == ["field", ["Alt"]]


def test_accelerators(tab: Tab) -> None:
    tab.do("press", "Control+Shift+O")
    hears(tab, "open")
    tab.do("press", "Control+o")  # another one: the page's
    tab.do("press", "Control+s")  # of a disabled item: the page's
    assert tab.eval("keys.filter((key) => key.length === 1)") == ["o", "s"]
    tab.eval("save.setEnabled(true)")
    tab.eval("keys.length = 0")
    click(tab, "File")
    tab.wait("true")
    tab.do("press", "Control+s")
    hears(tab, "save")
    assert "s" not in tab.eval("keys")


def test_scripts_of_the_page_choose_nothing(tab: Tab) -> None:
    tab.eval("""
      dispatchEvent(new KeyboardEvent('keydown', { code: 'KeyO', key: 'O', ctrlKey: true, shiftKey: true, bubbles: true }));
      const host = document.documentElement.lastElementChild;
      window.root = host.shadowRoot;
      host.click();
    """)
    assert tab.eval("root") is None
    click(tab, "File")
    click(tab, "Open")
    hears(tab, "open")


def test_predefined_items_edit_the_page(tab: Tab) -> None:
    tab.eval("document.getElementById('field').focus()")
    for name in ("Select All", "Cut"):
        click(tab, "Edit")
        click(tab, name)
        shown(tab, name, wanted=False)
    tab.wait("document.getElementById('field').value === ''")
    click(tab, "Edit")
    assert shown(tab, "Minimize")["disabled"] is True
    click(tab, "Undo")
    tab.wait("document.getElementById('field').value === 'some text'")
    click(tab, "Help")
    click(tab, "About Menus & more")
    dialog = shown(tab, "About")
    assert dialog["role"] == "dialog"
    assert dialog["modal"] is True
    tab.do("press", "Escape")
    tab.wait("document.activeElement.id === 'field'")


def test_the_page_gets_a_smaller_place(tab: Tab) -> None:
    assert tab.eval(
        "[document.body.getBoundingClientRect().top, document.documentElement.scrollHeight - innerHeight]"
    ) == [28, 0]
    assert tab.eval("getComputedStyle(document.documentElement).getPropertyValue('--transom-menu-height')") == "28px"
    tab.eval("document.documentElement.replaceChildren(document.createElement('body'))")
    shown(tab, "File")  # it comes back


def test_a_menu_is_there_again_after_a_reload(tab: Tab) -> None:
    tab.do("reload")
    click(tab, "File")
    click(tab, "Recent")
    shown(tab, "Two")


def test_context_menus(tab: Tab) -> None:
    tab.eval("""(async () => {
      const { Menu } = __TAURI__.menu;
      const action = (id) => heard.push(id);
      window.context = await Menu.new({ items: [{ id: 'first', text: 'First', action }, { id: 'last', text: 'Last', action }] });
      addEventListener('contextmenu', (event) => { event.preventDefault(); context.popup(); });
    })()""")
    tab.do("rightClick", 200, 150)
    first = shown(tab, "First")
    assert first["at"][0] > 200
    assert 150 < first["at"][1] < 190
    for key in ("ArrowDown", "Enter"):
        tab.do("press", key)
    hears(tab, "last")
    tab.eval("context.popup(new __TAURI__.dpi.LogicalPosition(10000, 10000))")
    left, top = shown(tab, "First")["at"]
    assert 0 < left < tab.eval("innerWidth")
    assert 0 < top < tab.eval("innerHeight")
    tab.do("press", "Escape")
    assert shown(tab, "First", wanted=False) == {}


def test_the_application_menu_and_hiding_it(tabs: Any, tmp_path: Path) -> None:
    chosen: list[str] = []
    told = threading.Event()

    def heard(app: AppHandle, event: MenuEvent) -> None:
        chosen.append(event.id)
        told.set()

    def menu(app: AppHandle) -> Menu:
        return Menu.with_items(app, [Submenu.with_items(app, "App", True, [MenuItem(app, "Run", id="run")])])

    builder = Builder().menu(menu).on_menu_event(heard)
    with tabs(builder, tmp_path / "project") as (tab, app):
        click(tab, "App")
        click(tab, "Run")
        assert told.wait(10)
        window = app.get_webview_window("main")
        window.hide_menu()
        assert shown(tab, "App", wanted=False) == {}
        tab.do("reload")
        tab.wait("document.readyState === 'complete'")
        assert shown(tab, "App", wanted=False) == {}
        assert tab.eval("document.body.getBoundingClientRect().top") == 0
        window.show_menu()
        shown(tab, "App")
        window.remove_menu()
        assert shown(tab, "App", wanted=False) == {}
    assert chosen == ["run"]


# What the runtime keeps of menus, without a browser.


class Pages:
    """Notes what pages are told to do, and what was chosen."""

    def __init__(self) -> None:
        self.told: list[Any] = []
        self.open = True
        self.chosen: list[MenuActivation] = []
        self.closed: list[str] = []
        self.menus = WebMenus("App", self.operate, self.chosen.append, self.closed.append)

    def operate(self, *what: Any) -> bool:
        self.told.append(what)
        return self.open


def node(key: int, **more: Any) -> MenuNode:
    return MenuNode(**{"key": key, "kind": "MenuItem", "text": f"item {key}", **more})


TREE = (
    node(1, kind="Submenu", items=(node(2), node(3, enabled=False), node(4, kind="Check", checked=True))),
    node(5, kind="Submenu", enabled=False, items=(node(6),)),
    node(7, kind="Predefined", predefined="Separator"),
    node(8, kind="Predefined", predefined="Minimize"),
    node(9, kind="Predefined", predefined="Services"),
)


@pytest.mark.parametrize("word", ["1", "3", "5", "6", "7", "8", "10", "-2", "2.0", "", "x", "９", "9" * 5000])
def test_a_page_chooses_only_what_it_shows_and_what_can_be_chosen(word: str) -> None:
    pages = Pages()
    pages.menus.perform(SetWindowMenu("main", MenuTree(1, TREE), 1))
    pages.menus.heard("main", word)
    pages.menus.heard("other", "2")
    assert pages.chosen == []
    pages.menus.heard("main", "2")
    pages.menus.heard("main", "4")
    assert pages.chosen == [MenuActivation(2, "main"), MenuActivation(4, "main", False)]
    pages.menus.perform(SetMenuVisible("main", False))
    pages.menus.heard("main", "2")
    assert len(pages.chosen) == 2


def test_an_item_of_a_context_menu_is_chosen_once() -> None:
    pages = Pages()
    pages.menus.perform(PopupMenu("main", MenuTree(1, (node(2),))))
    pages.menus.heard("main", "2")
    pages.menus.heard("main", "2")
    assert pages.chosen == [MenuActivation(2, "main")]


def test_of_two_menus_the_later_one_is_shown_and_gone_windows_show_none() -> None:
    pages = Pages()
    pages.menus.perform(SetWindowMenu("main", MenuTree(5, TREE[:1]), 5))
    pages.menus.perform(SetWindowMenu("main", None, 4))
    assert [what[:3] for what in pages.told] == [("main", "menu", "show")]
    again: list[Any] = []
    pages.menus.replay("main", lambda *what: again.append(what))
    assert [what[:2] for what in again] == [("menu", "show")]
    pages.menus.gone("main")
    pages.menus.replay("main", lambda *what: again.append(what))
    assert len(again) == 1


def test_what_a_page_cannot_show_is_refused() -> None:
    pages = Pages()
    with pytest.raises(Unsupported, match="does not control its window"):
        pages.menus.perform(PerformPredefined("main", "Minimize"))
    pages.menus.perform(PerformPredefined("main", "CloseWindow"))
    assert pages.closed == ["main"]
    pages.open = False
    with pytest.raises(WindowError, match="the page of the window `main` is not open"):
        pages.menus.perform(PopupMenu("main", MenuTree(1, TREE)))


def test_the_form_of_items() -> None:
    [separator, minimize] = items_form(TREE[2:])  # without what only macOS has
    assert (separator["kind"], minimize["enabled"]) == ("separator", False)
    [item] = items_form([node(1, text="S&ave && quit\0", accelerator=Accelerator.parse("CmdOrCtrl+Shift+ArrowUp"))])
    assert (item["text"], item["mark"], item["shown"], item["keys"]) == (
        "Save & quit",
        1,
        "Ctrl+Shift+Up",
        [5, "ArrowUp"],
    )
    [copy] = items_form([node(1, kind="Predefined", predefined="Copy", accelerator=Accelerator.parse("CmdOrCtrl+C"))])
    assert (copy["shown"], copy["keys"]) == ("Ctrl+C", None)  # the browser's own key


def test_pictures_and_the_lines_of_the_about_dialog() -> None:
    picture = Image(bytes(range(24)), 3, 2)
    [item] = items_form([node(1, kind="Icon", icon=picture)])
    assert Image.from_bytes(base64.b64decode(item["icon"])) == picture
    about = AboutMetadata(version="1", short_version="a", authors=("A", "B"), icon=picture)
    assert about_form(about, "App") == {"name": "App", "version": "1 (a)", "authors": "A, B", "icon": item["icon"]}
