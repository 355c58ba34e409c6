from __future__ import annotations

from typing import Any

import pytest

from tests.images import PIXELS
from tests.mock_app import Running
from transom.plugins.tray import tray_plugin
from transom.runtimes import RemoveTray, SetTray, TrayClick, TrayState
from transom.runtimes._mock import MockRejection


def call(application: Running, command: str, **arguments: Any) -> Any:
    return application.page.invoke(f"plugin:tray|{command}", arguments)


def refused(application: Running, command: str, **arguments: Any) -> Any:
    with pytest.raises(MockRejection) as caught:
        call(application, command, **arguments)
    return caught.value.value


def make(application: Running, handler: int = 1, **options: Any) -> tuple[int, str]:
    rid, name = call(application, "new", options=options, handler=f"__CHANNEL__:{handler}")
    return rid, name


def shown(application: Running) -> TrayState:
    return [op for op in application.runtime.performed if isinstance(op, SetTray)][-1].tray


def test_the_commands() -> None:
    assert len(tray_plugin().commands or ()) == 12


def test_an_icon_is_made_and_changed(application: Running) -> None:
    menu, _ = application.page.invoke("plugin:menu|new", {"kind": "Menu", "options": {"items": [{"text": "a"}]}})
    rgba = {"rgba": list(PIXELS), "width": 2, "height": 2}
    rid, name = make(
        application, id="one", menu=[menu, "Menu"], icon=rgba, tooltip="tip", title="title", menuOnLeftClick=False
    )
    tray = shown(application)
    assert (name, tray.id, tray.tooltip, tray.title, tray.menu_on_left_click) == ("one", "one", "tip", "title", False)
    assert tray.icon is not None
    assert tray.menu is not None
    assert [node.text for node in tray.menu.items] == ["a"]
    application.page.invoke("plugin:menu|append", {"rid": menu, "kind": "Menu", "items": [{"text": "b"}]})
    tray = shown(application)
    assert tray.menu is not None
    assert [node.text for node in tray.menu.items] == ["a", "b"]
    call(application, "set_icon", rid=rid, icon=None)
    call(application, "set_menu", rid=rid, menu=None)
    call(application, "set_tooltip", rid=rid, tooltip=None)
    call(application, "set_title", rid=rid, title="other")
    call(application, "set_visible", rid=rid, visible=False)
    call(application, "set_show_menu_on_left_click", rid=rid, onLeft=True)
    call(application, "set_temp_dir_path", rid=rid, path="/tmp")
    call(application, "set_icon_as_template", rid=rid, asTemplate=True)
    tray = shown(application)
    assert (tray.icon, tray.menu, tray.tooltip, tray.title, tray.visible, tray.menu_on_left_click) == (
        None,
        None,
        None,
        "other",
        False,
        True,
    )
    call(application, "set_icon_with_as_template", rid=rid, icon=rgba, asTemplate=False)
    assert shown(application).icon is not None
    versions = [op.tray.version for op in application.runtime.performed if isinstance(op, SetTray)]
    assert versions == sorted(set(versions))


def test_a_click_is_told_on_the_icons_channel(application: Running) -> None:
    make(application, handler=9, id="one")
    heard: list[str] = []
    application.app.on_tray_icon_event(lambda _, event: heard.append(event.id))
    application.on_main(lambda: application.core.tray_event(TrayClick(shown(application).key, "Middle", 3, 4)))
    [message] = application.page.wait(lambda message: message[0] == 2, 1)
    zero = {"Physical": {"x": 0, "y": 0}}, {"Physical": {"width": 0, "height": 0}}
    assert message[1:4] == [
        9,
        0,
        {
            "type": "Click",
            "id": "one",
            "position": {"x": 3, "y": 4},
            "rect": {"position": zero[0], "size": zero[1]},
            "button": "Middle",
            "buttonState": "Up",
        },
    ]
    application.on_main(lambda: application.core.tray_event(TrayClick(999, "Left", 3, 4)))


def test_an_icon_is_found_and_removed_by_its_id(application: Running) -> None:
    rid, _ = make(application, id="one")
    same = call(application, "get_by_id", id="one")
    assert same != rid
    call(application, "set_title", rid=same, title="same")
    assert shown(application).title == "same"
    application.page.invoke("plugin:resources|close", {"rid": same})  # it was found, and not made
    assert application.app.tray_by_id("one") is not None
    assert call(application, "get_by_id", id="none") is None
    call(application, "remove_by_id", id="one")
    assert [op for op in application.runtime.performed if isinstance(op, RemoveTray)] == [
        RemoveTray(shown(application).key)
    ]
    assert refused(application, "remove_by_id", id="one").startswith("Can't find a tray associated with this id")
    assert (
        refused(application, "set_title", rid=rid, title="x")
        == "the tray icon 'one' has been removed; build another one"
    )
    application.page.invoke("plugin:resources|close", {"rid": rid})
    assert refused(application, "set_title", rid=rid, title="x") == f"The resource id {rid} is invalid."


def test_icons_of_a_page_end_with_it_and_others_stay(application: Running) -> None:
    from transom.tray import TrayIconBuilder

    TrayIconBuilder.with_id("ours").build(application.app)
    make(application, id="theirs")
    call(application, "get_by_id", id="ours")
    webview = application.app.get_webview("main")
    assert webview is not None
    webview.reload()
    assert application.app.tray_by_id("theirs") is None
    assert application.app.tray_by_id("ours") is not None


def test_one_id_has_one_icon_and_there_are_not_too_many(application: Running) -> None:
    make(application, id="one", title="first")
    make(application, id="one", title="second")
    assert len([op for op in application.runtime.performed if isinstance(op, RemoveTray)]) == 1
    for _ in range(15):
        make(application)
    assert (
        refused(application, "new", options={}, handler="__CHANNEL__:1")
        == "an application has at most 16 tray icons; remove one first"
    )


def test_what_is_wrong_is_told(application: Running) -> None:
    channel = "__CHANNEL__:1"
    item, _ = application.page.invoke("plugin:menu|new", {"kind": "MenuItem", "options": {"text": "a"}})
    for options, said in (
        ({"id": 5}, "expected `str`, got `int` (`id`)"),
        ({"title": "x" * 1001}, "has 1001 characters"),
        ({"icon": {}}, "invalid icon"),
        ({"menu": [item, "MenuItem"]}, "unexpected menu item kind"),
        ({"menu": [item, "Menu"]}, f"The resource id {item} is invalid."),
        ({"menu": 5}, "unexpected menu item kind"),
        ({"showMenuOnLeftClick": 1}, "expected `bool`, got `int`"),
    ):
        assert said in refused(application, "new", options=options, handler=channel)
    rid, _ = make(application)
    assert "invalid icon" in refused(application, "set_icon", rid=rid, icon={})
    assert [op for op in application.runtime.performed if isinstance(op, SetTray)] == [
        op for op in application.runtime.performed if isinstance(op, SetTray) and op.tray.key == shown(application).key
    ]
