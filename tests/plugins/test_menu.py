from __future__ import annotations

from typing import Any

import pytest

from tests.images import PIXELS
from tests.mock_app import Running
from transom.menu import Menu
from transom.plugins.menu import menu_plugin
from transom.runtimes import MenuActivation, MenuNode, PopupMenu, SetWindowMenu
from transom.runtimes._mock import MockRejection


def call(application: Running, command: str, **arguments: Any) -> Any:
    return application.page.invoke(f"plugin:menu|{command}", arguments)


def refused(application: Running, command: str, **arguments: Any) -> Any:
    with pytest.raises(MockRejection) as caught:
        call(application, command, **arguments)
    return caught.value.value


def make(application: Running, kind: str, handler: int = 0, **options: Any) -> tuple[int, str]:
    rid, name = call(application, "new", kind=kind, options=options, handler=f"__CHANNEL__:{handler}")
    return rid, name


def shown(application: Running) -> tuple[MenuNode, ...]:
    op = [op for op in application.runtime.performed if isinstance(op, SetWindowMenu)][-1]
    assert op.menu is not None
    return op.menu.items


def test_the_commands() -> None:
    assert len(menu_plugin().commands or ()) == 22


def test_a_menu_of_all_kinds_is_made_and_shown(application: Running) -> None:
    held, _ = make(application, "MenuItem", text="Held", id="held", accelerator="CmdOrCtrl+H")
    rgba = {"rgba": list(PIXELS), "width": 2, "height": 2}
    rid, name = make(
        application,
        "Menu",
        id="bar",
        items=[
            [held, "MenuItem"],
            {"text": "Plain", "enabled": False},
            {"text": "Check", "checked": True},
            {"text": "Icon", "icon": rgba},
            {"text": "Native", "icon": "Folder"},
            {"item": "Separator"},
            {"item": {"About": {"name": "me", "icon": rgba, "shortVersion": "1"}}},
            {"item": "Quit", "text": "Bye"},
            {"text": "Sub", "items": [{"text": "Deep", "id": "deep"}]},
        ],
    )
    assert name == "bar"
    assert call(application, "set_as_app_menu", rid=rid) is None
    assert [(node.kind, node.text, node.enabled, node.checked) for node in shown(application)] == [
        ("MenuItem", "Held", True, False),
        ("MenuItem", "Plain", False, False),
        ("Check", "Check", True, True),
        ("Icon", "Icon", True, False),
        ("Icon", "Native", True, False),
        ("Predefined", "", True, False),
        ("Predefined", "&About me", True, False),
        ("Predefined", "Bye", True, False),
        ("Submenu", "Sub", True, False),
    ]
    assert shown(application)[3].icon is not None
    assert shown(application)[4].icon is None
    items = call(application, "items", rid=rid, kind="Menu")
    assert [item[2] for item in items] == [node.kind for node in shown(application)]
    assert items[0][1] == "held"
    assert call(application, "get", rid=items[8][0], kind="Submenu", id="deep")[1:] == ["deep", "MenuItem"]
    assert call(application, "get", rid=rid, kind="Menu", id="deep") is None


def test_items_are_changed_by_their_numbers(application: Running) -> None:
    rid, _ = make(application, "Menu")
    call(application, "set_as_window_menu", rid=rid, window=None)
    check, _ = make(application, "Check", text="Check")
    call(application, "append", rid=rid, kind="Menu", items=[[check, "Check"]])
    call(application, "prepend", rid=rid, kind="Menu", items=[{"text": "First"}])
    call(application, "insert", rid=rid, kind="Menu", items=[{"text": "Second"}], position=1)
    assert [node.text for node in shown(application)] == ["First", "Second", "Check"]
    call(application, "set_text", rid=check, kind="Check", text="Mark")
    call(application, "set_checked", rid=check, checked=True)
    call(application, "set_enabled", rid=check, kind="Check", enabled=False)
    call(application, "set_accelerator", rid=check, kind="Check", accelerator="F5")
    node = shown(application)[2]
    assert (node.text, node.checked, node.enabled, str(node.accelerator)) == ("Mark", True, False, "F5")
    assert call(application, "text", rid=check, kind="Check") == "Mark"
    assert call(application, "is_checked", rid=check) is True
    assert call(application, "is_enabled", rid=check, kind="Check") is False
    icon, _ = make(application, "Icon", text="Icon")
    call(application, "append", rid=rid, kind="Menu", items=[[icon, "Icon"]])
    call(application, "set_icon", rid=icon, icon={"rgba": list(PIXELS), "width": 2, "height": 2})  # as 2.0 sends it
    assert shown(application)[3].icon is not None
    call(application, "set_icon", rid=icon, kind="Icon", icon=None)
    assert shown(application)[3].icon is None
    call(application, "remove", rid=rid, kind="Menu", item=[check, "Check"])
    assert call(application, "remove_at", rid=rid, kind="Menu", position=0)[2] == "MenuItem"
    assert call(application, "remove_at", rid=rid, kind="Menu", position=9) is None
    assert [node.text for node in shown(application)] == ["Second", "Icon"]
    submenu, _ = make(application, "Submenu", text="Sub")
    for command in ("set_as_windows_menu_for_nsapp", "set_as_help_menu_for_nsapp"):
        assert call(application, command, rid=submenu) is None


def test_the_menu_before_is_given_back(application: Running) -> None:
    default, _ = call(application, "create_default")
    assert call(application, "set_as_app_menu", rid=default) is None
    rid, _ = make(application, "Menu", id="mine")
    old, _ = call(application, "set_as_app_menu", rid=rid)
    assert [item[2] for item in call(application, "items", rid=old, kind="Menu")] == ["Submenu"] * 4
    assert call(application, "set_as_window_menu", rid=old, window="main")[1] == "mine"


def test_an_activated_item_is_told_on_its_own_channel(application: Running) -> None:
    rid, _ = make(application, "Menu")
    call(application, "append", rid=rid, kind="Menu", items=[{"text": "a", "id": "a", "handler": "__CHANNEL__:7"}])
    one, _ = make(application, "MenuItem", handler=8, text="b", id="b")
    call(application, "append", rid=rid, kind="Menu", items=[[one, "MenuItem"]])
    call(application, "set_as_app_menu", rid=rid)
    for node in shown(application):
        application.on_main(lambda node=node: application.core.menu_event(MenuActivation(node.key, "main")))  # type: ignore[misc]
    messages = application.page.wait(lambda message: message[0] == 2, 2)
    assert sorted(message[1:4] for message in messages) == [[7, 0, "a"], [8, 0, "b"]]


def test_a_context_menu_opens_where_the_page_says(application: Running) -> None:
    rid, _ = make(application, "Menu", items=[{"text": "a"}])
    call(application, "popup", rid=rid, kind="Menu", window=None, at=None)
    call(application, "popup", rid=rid, kind="Menu", window="main", at={"Logical": {"x": 1.5, "y": 2}})
    call(application, "popup", rid=rid, kind="Menu", at={"Physical": {"x": 3, "y": 4}})
    opened = [op for op in application.runtime.performed if isinstance(op, PopupMenu)]
    assert [(op.position, op.physical) for op in opened] == [(None, False), ((1.5, 2), False), ((3, 4), True)]
    assert "no window has the label `none`" in refused(application, "popup", rid=rid, kind="Menu", window="none")


def test_what_is_wrong_is_told_and_nothing_else_happens(application: Running) -> None:
    rid, _ = make(application, "Menu")
    item, _ = make(application, "MenuItem", text="a")
    check, _ = make(application, "Check", text="c")
    assert refused(application, "new", kind="Nothing") == "unexpected menu item kind"
    assert refused(application, "text", rid=rid, kind="Menu") == "unexpected menu item kind"
    assert refused(application, "append", rid=item, kind="MenuItem", items=[]) == "unexpected menu item kind"
    assert (
        refused(application, "set_text", rid=check, kind="MenuItem", text="x") == f"The resource id {check} is invalid."
    )
    assert refused(application, "is_checked", rid=item) == f"The resource id {item} is invalid."
    application.page.invoke("plugin:resources|close", {"rid": item})
    assert refused(application, "text", rid=item, kind="MenuItem") == f"The resource id {item} is invalid."
    assert "missing field `text`" in refused(application, "new", kind="MenuItem")
    assert "expected `str`" in refused(application, "new", kind="MenuItem", options={"text": 5})
    assert "invalid accelerator" in refused(
        application, "new", kind="MenuItem", options={"text": "a", "accelerator": "Ctrl+Nope"}
    )
    assert "no predefined menu item `Nope`" in refused(application, "new", kind="Predefined", options={"item": "Nope"})
    assert "invalid icon" in refused(application, "new", kind="Icon", options={"text": "a", "icon": {}})
    for wrong in ("a", 5, None, [1], [rid, "Nope"], [[], {}], {"text": None}, {"text": "a", "handler": "x"}):
        refused(application, "append", rid=rid, kind="Menu", items=[wrong])
    deep: dict[str, Any] = {"text": "leaf"}
    for _ in range(40):
        deep = {"text": "s", "items": [deep]}
    assert "deep" in refused(application, "append", rid=rid, kind="Menu", items=[deep])
    assert "past the end" in refused(application, "insert", rid=rid, kind="Menu", items=[{"text": "a"}], position=3)
    assert "unexpected menu item kind" in refused(application, "append", rid=rid, kind="Menu", items=[[rid, "Menu"]])
    assert "at most 5000 items" in refused(application, "append", rid=rid, kind="Menu", items=[[check, "Check"]] * 6000)
    assert call(application, "items", rid=rid, kind="Menu") == []


def test_a_menu_stays_when_its_page_is_loaded_again(application: Running) -> None:
    rid, _ = make(application, "Menu", items=[{"text": "a", "handler": "__CHANNEL__:7"}])
    call(application, "set_as_app_menu", rid=rid)
    node = shown(application)[0]
    webview = application.app.get_webview("main")
    assert webview is not None
    webview.reload()
    assert refused(application, "items", rid=rid, kind="Menu") == f"The resource id {rid} is invalid."
    application.on_main(lambda: application.core.menu_event(MenuActivation(node.key, "main")))  # its channel is closed
    menu = application.app.menu()
    assert isinstance(menu, Menu)
    assert [item.id for item in menu.items()] == [str(node.key)]
