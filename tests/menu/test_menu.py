from __future__ import annotations

import gc
import queue
import weakref
from typing import Any

import pytest

from tests.images import PIXELS
from tests.mock_app import SOON, Running, running
from transom.app import Builder
from transom.errors import MenuError, WindowError
from transom.handles import AppHandle, WebviewWindow, Window
from transom.menu import (
    CheckMenuItem,
    CheckMenuItemBuilder,
    IconMenuItem,
    IconMenuItemBuilder,
    Menu,
    MenuBuilder,
    MenuEvent,
    MenuItem,
    MenuItemBuilder,
    PredefinedMenuItem,
    Submenu,
    SubmenuBuilder,
)
from transom.menu._menus import Menus
from transom.runtimes import (
    AboutMetadata,
    Accelerator,
    Image,
    MenuActivation,
    MenuNode,
    PerformPredefined,
    PopupMenu,
    SetMenuVisible,
    SetWindowMenu,
)


def shown(application: Running, label: str = "main") -> tuple[MenuNode, ...] | None:
    """Return what the runtime was last asked to show in a window."""
    ops = [op for op in application.runtime.performed if isinstance(op, SetWindowMenu) and op.label == label]
    assert [op.version for op in ops] == sorted(op.version for op in ops)
    return ops[-1].menu.items if ops and ops[-1].menu else None


def activate(application: Running, item: Any, checked: bool | None = None, window: str | None = "main") -> None:
    application.on_main(lambda: application.core.menu_event(MenuActivation(item.key, window, checked)))


def test_the_builders_make_every_kind_of_item(application: Running) -> None:
    app, icon = application.app, Image(PIXELS, 2, 2)
    menu = (
        MenuBuilder.with_id(app, "bar")
        .item(SubmenuBuilder.with_id(app, "file", "&File").text("open", "Open").enabled(False).build())
        .check("on", "On")
        .icon("logo", "Logo", icon)
        .separator()
        .item(MenuItemBuilder("Save").id("save").accelerator("Ctrl+S").enabled(False).build(app))
        .item(CheckMenuItemBuilder.with_id("off", "Off").checked(False).build(app))
        .item(IconMenuItemBuilder("Pic").icon(icon).build(app))
        .about(AboutMetadata(name="R&D"))
        .build()
    )
    nodes = menu.nodes()
    assert menu.id == "bar"
    assert [(node.kind, node.text) for node in nodes] == [
        ("Submenu", "&File"),
        ("Check", "On"),
        ("Icon", "Logo"),
        ("Predefined", ""),
        ("MenuItem", "Save"),
        ("Check", "Off"),
        ("Icon", "Pic"),
        ("Predefined", "&About R&&D"),
    ]
    assert [node.enabled for node in nodes] == [False, True, True, True, False, True, True, True]
    assert [node.checked for node in nodes if node.kind == "Check"] == [True, False]
    assert nodes[4].accelerator == Accelerator.parse("Ctrl+S")
    assert nodes[2].icon is icon
    assert [item.id for item in menu.items()[:3]] == ["file", "on", "logo"]
    assert menu.get("save") is menu.items()[4]
    assert menu.get("open") is None  # it is in a submenu


def test_items_without_an_id_have_one_of_their_own(application: Running) -> None:
    items = [MenuItem(application.app, "same") for _ in range(10)]
    assert len({item.id for item in items}) == 10


def test_the_default_menu_has_what_most_applications_have(application: Running) -> None:
    menu = Menu.default(application.app)
    texts = {submenu.text(): [item.text() for item in submenu.items()] for submenu in menu.items()}
    assert list(texts) == ["&File", "&Edit", "&Window", "&Help"]
    assert texts["&Edit"] == ["&Undo", "&Redo", "", "Cu&t", "&Copy", "&Paste", "Select &All"]
    assert texts["&Help"] == ["&About org.example.mock"]


def test_items_are_added_and_removed_at_their_places(application: Running) -> None:
    app = application.app
    a, b, c, d = (MenuItem(app, text) for text in "abcd")
    menu = Menu(app)
    menu.append(b)
    menu.prepend(a)
    menu.append_items([d])
    menu.insert(c, 2)
    assert menu.items() == [a, b, c, d]
    assert menu.remove_at(1) is b
    assert menu.remove_at(9) is None
    menu.remove(d)
    assert menu.items() == [a, c]
    with pytest.raises(MenuError, match="not a child"):
        menu.remove(d)
    with pytest.raises(MenuError, match="the position 3 is past the end: the menu has 2 items"):
        menu.insert(b, 3)
    menu.prepend_items([b, d])
    assert menu.items() == [b, d, a, c]


def test_no_menu_is_inside_of_itself_or_of_another_application(application: Running) -> None:
    app = application.app
    outer, inner = Submenu(app, "outer"), Submenu(app, "inner")
    outer.append(inner)
    for wrong in (outer, inner):
        with pytest.raises(MenuError, match="inside of itself"):
            inner.append(wrong)
    with pytest.raises(MenuError, match="unexpected menu item kind"):
        outer.append(Menu(app))
    with running() as other, pytest.raises(MenuError, match="another application"):
        outer.append(MenuItem(other.app, "theirs"))
    assert (outer.items(), inner.items()) == ([inner], [])


def test_no_menu_grows_without_bound(application: Running) -> None:
    app = application.app
    leaf, menu = MenuItem(app, "leaf"), Menu(app)
    with pytest.raises(MenuError, match="at most 5000 items"):
        menu.append_items([leaf] * 5001)
    assert menu.items() == []

    def nest(bound: Submenu, times: int, levels: int) -> None:
        for _ in range(levels):
            outer = Submenu(app, "outer")
            outer.append_items([bound] * times)
            bound = outer

    # Each holds the one before it many times over: without a bound there were 100 ** 8 items.
    with pytest.raises(MenuError, match="at most 5000 items"):
        nest(Submenu(app, "inner"), 100, 8)
    with pytest.raises(MenuError, match="at most 16 deep"):
        nest(Submenu(app, "inner"), 1, 20)
    with pytest.raises(MenuError, match="the text of a menu item has 1001 characters"):
        MenuItem(app, "x" * 1001)
    menus = [Menu(app) for _ in range(201)]
    for one in menus[:199]:
        one.append(leaf)
    with pytest.raises(MenuError, match="more than 200 menus"):
        menus[200].append(leaf)


def test_texts_hold_nothing_that_a_window_system_cannot_take(application: Running) -> None:
    assert MenuItem(application.app, "a\0b\ud800c").text() == "ab?c"


def test_the_application_menu_is_in_every_window_without_its_own() -> None:
    made: list[Menu] = []

    def make(app: AppHandle) -> Menu:
        assert app.windows() == {}
        made.append(MenuBuilder(app).text("open", "Open").build())
        return made[0]

    with running(builder=Builder().menu(make), windows=("main", "other")) as application:
        app = application.app
        main, other = Window(app._app, app._client, "main"), Window(app._app, app._client, "other")
        for label in ("main", "other"):
            assert [node.text for node in shown(application, label) or ()] == ["Open"]
        own = MenuBuilder(app).text("own", "Own").build()
        assert main.set_menu(own) is made[0]
        assert (main.menu(), other.menu(), app.menu()) == (own, made[0], made[0])
        new = MenuBuilder(app).text("new", "New").build()
        assert app.set_menu(new) is made[0]
        assert [node.text for node in shown(application, "main") or ()] == ["Own"]
        assert [node.text for node in shown(application, "other") or ()] == ["New"]
        application.open("third")
        assert [node.text for node in shown(application, "third") or ()] == ["New"]
        assert other.remove_menu() is new
        assert shown(application, "other") is None
        assert app.remove_menu() is new
        assert [shown(application, label) is None for label in ("main", "other", "third")] == [False, True, True]
        assert main.is_menu_visible()
        main.hide_menu()
        assert not main.is_menu_visible()
        app.show_menu()
        assert main.is_menu_visible()
        assert [op.visible for op in application.runtime.performed if isinstance(op, SetMenuVisible)][:2] == [
            False,
            True,
        ]


def test_what_is_changed_is_shown_again_wherever_it_is(application: Running) -> None:
    app = application.app
    item = CheckMenuItem.with_id(app, "wrap", "Wrap")
    inner = Submenu.with_items(app, "View", True, [item])
    app.set_menu(Menu.with_items(app, [inner]))

    def now() -> MenuNode:
        [view] = shown(application) or ()
        return view.items[0]

    assert now().text == "Wrap"
    item.set_text("Wrap lines")
    assert (now().text, item.text()) == ("Wrap lines", "Wrap lines")
    item.set_enabled(False)
    assert not now().enabled
    assert not item.is_enabled()
    item.set_checked(True)
    assert now().checked
    assert item.is_checked()
    item.set_accelerator("F5")
    assert now().accelerator == Accelerator.parse("F5")
    item.set_accelerator(None)
    assert now().accelerator is None
    with pytest.raises(MenuError, match="invalid accelerator"):
        item.set_accelerator("Nope")
    before = len(application.runtime.performed)
    inner.remove(item)
    assert (shown(application) or ())[0].items == ()
    item.set_text("nowhere")  # it is in no menu
    assert len(application.runtime.performed) == before + 1
    picture = IconMenuItem(app, "Logo")
    inner.append(picture)
    picture.set_icon(Image(PIXELS, 2, 2))
    assert now().icon == Image(PIXELS, 2, 2)


def test_activated_items_are_told_to_all_handlers() -> None:
    heard: queue.SimpleQueue[Any] = queue.SimpleQueue()

    async def later(app: AppHandle, event: MenuEvent) -> None:
        heard.put(("builder", event.id))

    def fails(app: AppHandle, event: MenuEvent) -> None:
        raise RuntimeError("a handler of the test")

    with running(builder=Builder().on_menu_event(later).on_menu_event(fails)) as application:
        app = application.app
        app.on_menu_event(lambda handle, event: heard.put(("app", handle is app, event.id)))
        other = WebviewWindow(app._app, app._client, "other")
        application.open("other")
        other.on_menu_event(lambda window, event: heard.put((window.label, event.id)))
        item, check = MenuItem.with_id(app, "open", "Open"), CheckMenuItem.with_id(app, "wrap", "Wrap")
        item.on_menu_event(lambda event: heard.put(("item", event.id)))
        menu = Menu.with_items(app, [item, check])
        app.set_menu(menu)
        activate(application, item)
        told = {heard.get(timeout=SOON) for _ in range(4)}
        assert told == {("builder", "open"), ("app", True, "open"), ("other", "open"), ("item", "open")}
        other.destroy()
        item.on_menu_event(None)
        activate(application, check, checked=True)
        assert {heard.get(timeout=SOON) for _ in range(2)} == {("builder", "wrap"), ("app", True, "wrap")}
        assert check.is_checked()
        assert (shown(application) or ())[1].checked
        activate(application, item)  # its window is gone, and so is the listener
        assert {heard.get(timeout=SOON) for _ in range(2)} == {("builder", "open"), ("app", True, "open")}
        assert heard.empty()


def test_a_predefined_item_acts_and_no_event_tells_of_it(application: Running) -> None:
    app = application.app
    heard: list[str] = []
    app.on_menu_event(lambda _, event: heard.append(event.id))
    about = AboutMetadata(name="me")
    copy, info = PredefinedMenuItem.copy(app), PredefinedMenuItem.about(app, metadata=about)
    app.set_menu(Menu.with_items(app, [copy, info]))
    activate(application, copy)
    activate(application, info, window=None)  # of a tray icon: the application has one window
    done = [op for op in application.runtime.performed if isinstance(op, PerformPredefined)]
    assert done == [PerformPredefined("main", "Copy", None), PerformPredefined("main", "About", about)]
    quit_item = PredefinedMenuItem.quit(app)
    activate(application, quit_item)
    assert application.ended() == 0
    assert heard == []
    with pytest.raises(MenuError, match="no predefined menu item `Nothing`"):
        PredefinedMenuItem(app, "Nothing")  # type: ignore[arg-type]


def test_a_context_menu_opens_where_it_is_wanted(application: Running) -> None:
    app = application.app
    window = Window(app._app, app._client, "main")
    menu = Menu.with_items(app, [MenuItem(app, "a")])
    menu.popup(window)
    window.popup_menu_at(menu, (3, 4))
    opened = [op for op in application.runtime.performed if isinstance(op, PopupMenu)]
    assert [(op.position, op.physical) for op in opened] == [(None, False), ((3.0, 4.0), False)]
    assert [[node.text for node in op.menu.items] for op in opened] == [["a"], ["a"]]


def test_an_open_context_menu_lives_without_its_maker(application: Running) -> None:
    app = application.app
    window = Window(app._app, app._client, "main")
    menu = Menu.with_items(app, [MenuItem(app, "a")])
    alive = weakref.ref(menu)
    menu.popup(window)
    del menu
    gc.collect()
    assert alive() is not None
    Menu(app).popup(window)
    application.runtime.performed.clear()
    gc.collect()
    assert alive() is None


def test_menus_of_windows_that_are_gone_give_a_clear_error(application: Running) -> None:
    app = application.app
    window = Window(app._app, app._client, "main")
    application.open("other")
    menu = Menu.with_items(app, [MenuItem(app, "a")])
    window.set_menu(menu)
    window.destroy()
    for use in (
        lambda: window.set_menu(menu),
        window.remove_menu,
        window.hide_menu,
        lambda: window.popup_menu(menu),
        lambda: window.on_menu_event(lambda *_: None),
        window.is_menu_visible,
    ):
        with pytest.raises(WindowError, match="window not found"):
            use()
    before = len(application.runtime.performed)
    menu.append(MenuItem(app, "b"))  # shown nowhere any more
    assert len(application.runtime.performed) == before


def test_a_menu_that_cannot_be_shown_leaves_everything_as_it_was(application: Running) -> None:
    app = application.app
    menu = Menu.with_items(app, [MenuItem(app, "a")])
    with pytest.raises(MenuError, match="a window has a Menu, not a Submenu"):
        app.set_menu(Submenu(app, "x"))  # type: ignore[arg-type]
    type(application.runtime).UNSUPPORTED, before = (
        {SetWindowMenu: "this is a test"},
        type(application.runtime).UNSUPPORTED,
    )
    try:
        for set_menu in (app.set_menu, Window(app._app, app._client, "main").set_menu):
            with pytest.raises(WindowError, match="this is a test"):
                set_menu(menu)
    finally:
        type(application.runtime).UNSUPPORTED = before
    assert app.menu() is None
    item = menu.items()[0]
    item.set_text("b")  # shown nowhere


def test_a_window_that_is_closed_meanwhile_keeps_no_menu_from_the_others(application: Running) -> None:
    app = application.app
    application.open("other")
    menus = app._app.menus
    assert isinstance(menus, Menus)
    perform, gone = menus._app.perform_op, list[str]()

    def close_first(op: Any) -> Any:
        if len(gone) < kinds.index(type(op)) + 1:
            gone.append(op.label)
            app.windows()[op.label].destroy()
        return perform(op)

    kinds = [SetWindowMenu, SetMenuVisible]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(menus._app, "perform_op", close_first)
        app.set_menu(Menu.with_items(app, [MenuItem(app, "a")]))
        application.open("third")
        app.hide_menu()
    assert gone == ["main", "other"]
    assert shown(application, "other") is not None
    assert not menus.is_visible("third")
    assert app.menu() is not None


def test_a_context_menu_that_cannot_be_opened_is_not_kept(application: Running) -> None:
    app = application.app
    menus = app._app.menus
    for number in range(3):
        with pytest.raises(WindowError, match="window not found"):
            menus.popup(f"none-{number}", Menu(app))
    assert not menus._places
