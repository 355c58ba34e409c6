from __future__ import annotations

import queue
from pathlib import Path
from typing import Any

import pytest

from tests.images import PIXELS, png
from tests.mock_app import SOON, Running, context, running
from tests.requirements import needs_gdk_pixbuf
from transom.app import Builder
from transom.config import AppConfig, TrayIconConfig
from transom.errors import ConfigError, MenuError, WindowError
from transom.events import RunEvent
from transom.handles import AppHandle
from transom.menu import Menu, MenuItem
from transom.runtimes import Image, MenuActivation, SetTray, TrayClick, TrayState
from transom.tray import TrayIcon, TrayIconBuilder, TrayIconEvent


def shown(application: Running) -> TrayState:
    return [op for op in application.runtime.performed if isinstance(op, SetTray)][-1].tray


def test_the_builder_makes_an_icon_and_every_handler_hears_of_it() -> None:
    heard: queue.SimpleQueue[Any] = queue.SimpleQueue()

    async def of_builder(app: AppHandle, event: TrayIconEvent) -> None:
        heard.put(("builder", event.id))

    def of_icon(tray: TrayIcon, event: TrayIconEvent) -> None:
        match event:
            case TrayIconEvent.Click(id=name, button="Left", button_state="Up", position=position):
                heard.put(("icon", tray.id, name, position.x, position.y))

    with running(builder=Builder().on_tray_icon_event(of_builder)) as application:
        app = application.app
        item = MenuItem.with_id(app, "open", "Open")
        tray = (
            TrayIconBuilder.with_id("main")
            .icon(Image(PIXELS, 2, 2))
            .tooltip("tip")
            .title("title")
            .menu(Menu.with_items(app, [item]))
            .show_menu_on_left_click(False)
            .on_menu_event(lambda handle, event: heard.put((type(handle), event.id)))
            .on_tray_icon_event(of_icon)
            .build(app)
        )
        happened: list[RunEvent] = []
        application.core.on_run_event(lambda _, event: happened.append(event))
        assert (shown(application).id, shown(application).menu_on_left_click) == ("main", False)
        assert app.tray_by_id("main") is tray
        other = TrayIconBuilder().build(app)
        application.on_main(lambda: application.core.tray_event(TrayClick(tray.state().key, "Left", 1, 2)))
        assert {heard.get(timeout=SOON) for _ in range(2)} == {("builder", "main"), ("icon", "main", "main", 1, 2)}
        application.on_main(lambda: application.core.tray_event(TrayClick(other.state().key, "Left", 1, 2)))
        assert heard.get(timeout=SOON) == ("builder", other.id)
        application.on_main(lambda: application.core.menu_event(MenuActivation(item.key)))
        assert heard.get(timeout=SOON) == (AppHandle, "open")
        assert [(type(event), event.event.id) for event in happened] == [
            (RunEvent.TrayIconEvent, "main"),
            (RunEvent.TrayIconEvent, other.id),
            (RunEvent.MenuEvent, "open"),
        ]
        assert app.remove_tray_by_id("main") is tray
        assert app.remove_tray_by_id("main") is None
        tray.close()
        application.on_main(lambda: application.core.tray_event(TrayClick(tray.state().key, "Left", 1, 2)))
        assert heard.empty()
        for use in (lambda: tray.set_title("x"), lambda: tray.set_menu(None), lambda: tray.set_visible(True)):
            with pytest.raises(MenuError, match="the tray icon 'main' has been removed"):
                use()


def test_the_icon_of_the_configuration_is_there_before_the_setup(tmp_path: Path) -> None:
    needs_gdk_pixbuf()
    (tmp_path / "icon.png").write_bytes(png())
    found: list[TrayIcon | None] = []
    options = TrayIconConfig(icon_path="icon.png", tooltip="tip", title="title", menu_on_left_click=False)
    app = (
        Builder()
        .setup(lambda app: (found.append(app.tray_by_id("main")), app.exit())[0])
        .build(context(folder=tmp_path, app=AppConfig(tray_icon=options)), "mock")
    )
    assert app.run() == 0
    [tray] = found
    assert tray is not None
    state = tray.state()
    assert (state.icon, state.tooltip, state.title) == (Image(PIXELS, 2, 2), "tip", "title")
    assert state.menu_on_left_click is False


def test_a_picture_that_cannot_be_read_ends_the_application(tmp_path: Path) -> None:
    app = Builder().build(
        context(folder=tmp_path, app=AppConfig(tray_icon=TrayIconConfig(icon_path="none.png"))), "mock"
    )
    with pytest.raises(ConfigError, match=r"app.trayIcon.iconPath \(none.png\): .*No such file"):
        app.run()


def test_where_there_is_no_tray_the_error_says_so_and_nothing_is_kept(application: Running) -> None:
    runtime = type(application.runtime)
    before, runtime.UNSUPPORTED = runtime.UNSUPPORTED, {SetTray: "this is a test"}
    try:
        builder = TrayIconBuilder.with_id("main").menu(Menu(application.app))
        builder.on_tray_icon_event(lambda tray, event: None)
        with pytest.raises(WindowError, match="this is a test"):
            builder.build(application.app)
    finally:
        runtime.UNSUPPORTED = before
    assert application.app.tray_by_id("main") is None
    assert application.core.trays._listeners == []
