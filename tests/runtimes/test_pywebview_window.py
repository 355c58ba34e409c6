"""Windows of the pywebview runtime, on its GTK and its Qt back end, by the npm package's classes and as others see them."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.conformance.raw_page import request
from tests.conformance.test_clients import QT
from tests.desktop.desktop import App, Desktop, Rejected, application, desktop, eventually
from tests.images import png
from tests.requirements import needs_pywebview, needs_qt

WHO = """<!doctype html><script>
const { event, window: { getCurrentWindow } } = window.__TAURI__;
event.emit(`told-${location.hash.slice(1)}`, getCurrentWindow().label);
</script>"""
ASKS = """<!doctype html><script>
window.__TAURI__.core.invoke('plugin:dialog|open', {options: {}});
</script>"""
ENVIRONMENTS = {"gtk": {"PYWEBVIEW_GUI": "gtk"}, "qt": QT}


@pytest.fixture(scope="module")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desktop]:
    """The desktop."""
    with desktop(tmp_path_factory.mktemp("desktop")) as found:
        yield found


@pytest.fixture(scope="module", params=list(ENVIRONMENTS))
def app(request: pytest.FixtureRequest, screen: Desktop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The application, whose first window is at 100, 80."""
    needs_pywebview()
    if request.param == "qt":
        needs_qt()
    folder = tmp_path_factory.mktemp("application") / "project"
    environment = {
        **ENVIRONMENTS[request.param],
        "DESKTOP_RUNTIME": "pywebview",
        "XDG_DATA_HOME": str(folder.parent / "data"),
    }
    (folder / "dist").mkdir(parents=True)
    (folder / "dist" / "who.html").write_text(WHO, "utf-8")
    (folder / "dist" / "asks.html").write_text(ASKS, "utf-8")
    (folder / "icon.png").write_bytes(png(bytes((1, 2, 3, 255)) * 256, 16, 16))
    options = {"x": 100, "y": 80, "userAgent": "transom-test/1", "icon": "icon.png"}
    with application(screen, folder, "dialog", environment=environment, **options) as found:
        yield found


@pytest.fixture
def xid(app: App) -> Iterator[str]:
    """The id of its first window, which gets its size and place back."""
    yield app.desktop.window("Desktop")
    app.run(
        "const w = api.window.getCurrentWindow(); await w.show();"
        "await w.setSize(new api.window.LogicalSize(400, 300)); await w.setPosition(new api.window.LogicalPosition(100, 80));"
    )


def test_set_title(app: App, xid: str) -> None:
    app.window("setTitle('Ünïcode')")
    assert app.window("title()") == "Ünïcode"
    named = eventually(lambda: app.desktop.properties(xid, "_NET_WM_NAME"), lambda text: 'Ünïcode"' in text)
    assert 'Ünïcode"' in named
    app.window("setTitle('Desktop')")
    assert app.desktop.window("Desktop") == xid


def test_a_window_has_the_icon_of_the_application_and_calls_itself_what_the_option_says(app: App, xid: str) -> None:
    pixels = f"= 16, 16, {0xFF010203}"
    read = eventually(
        lambda: app.desktop.properties(xid, "-notype", "32c", "_NET_WM_ICON"), lambda text: pixels in text
    )
    assert pixels in read, read[:300]
    assert app.run("return navigator.userAgent;") == "transom-test/1"


def test_set_size(app: App, xid: str) -> None:
    app.window("setSize(new api.window.LogicalSize(520, 340))")
    assert eventually(lambda: app.desktop.place(xid)[2:], lambda size: size == (520, 340)) == (520, 340)
    assert app.becomes("innerSize()", {"width": 520, "height": 340})
    assert eventually(lambda: app.run("return [innerWidth, innerHeight];"), lambda size: size == [520, 340]) == [
        520,
        340,
    ]


@pytest.mark.parametrize("size", [(0, 10), (10, 0), (100000, 10)])
def test_a_size_that_no_window_has_is_refused(app: App, xid: str, size: tuple[int, int]) -> None:
    with pytest.raises(Rejected, match="a window is 1 to 16384 logical pixels wide and high"):
        app.window(f"setSize(new api.window.LogicalSize{size})")


def test_set_position(app: App, xid: str) -> None:
    app.window("setPosition(new api.window.PhysicalPosition(210, 130))")
    left, _, top, _ = app.desktop.frame(xid)
    place = 210 + left, 130 + top
    assert eventually(lambda: app.desktop.place(xid)[:2], lambda found: found == place) == place
    assert app.window("outerPosition()")["x"] in (210, 210 + left)


def test_center(app: App, xid: str) -> None:
    app.window("center()")
    place = eventually(lambda: app.desktop.place(xid), lambda found: abs(found[0] + found[2] // 2 - 640) < 10)
    assert abs(place[0] + place[2] // 2 - 640) < 10


def test_maximize_and_back(app: App, xid: str) -> None:
    for to, back in (("maximize()", "unmaximize()"), ("toggleMaximize()", "toggleMaximize()")):
        app.window(to)
        assert app.has(xid, "MAXIMIZED_VERT")
        assert app.becomes("isMaximized()", True)
        app.window(back)
        assert app.has(xid, "MAXIMIZED_VERT", False)
        assert app.becomes("isMaximized()", False)


def test_minimize_and_back(app: App, xid: str) -> None:
    app.window("minimize()")
    assert app.has(xid, "HIDDEN")
    assert app.becomes("isMinimized()", True)
    app.window("unminimize()")
    assert app.has(xid, "HIDDEN", False)
    assert app.becomes("isMinimized()", False)


def test_fullscreen_and_back(app: App, xid: str) -> None:
    app.window("setFullscreen(true)")
    assert app.has(xid, "FULLSCREEN")
    assert app.window("isFullscreen()") is True
    app.window("setFullscreen(true)")
    app.window("setFullscreen(false)")
    assert app.has(xid, "FULLSCREEN", False)


def test_always_on_top(app: App, xid: str) -> None:
    def state() -> set[str]:
        # Qt makes another native window.
        shown = app.desktop.ask("xdotool", "search", "--onlyvisible", "--name", "^Desktop$").split()
        return set().union(*map(app.desktop.state, shown))

    app.window("setAlwaysOnTop(true)")
    assert "ABOVE" in eventually(state, lambda words: "ABOVE" in words)
    assert app.window("isAlwaysOnTop()") is True
    app.window("setAlwaysOnTop(false)")
    assert "ABOVE" not in eventually(state, lambda words: "ABOVE" not in words)


def test_hide_and_show(app: App, xid: str) -> None:
    app.window("hide()")
    assert "IsUnMapped" in eventually(
        lambda: app.desktop.ask("xwininfo", "-id", xid), lambda text: "IsUnMapped" in text
    )
    assert app.window("isVisible()") is False
    app.window("show()")
    assert app.desktop.window("Desktop")
    assert app.window("isVisible()") is True


def test_set_focus(app: App, xid: str) -> None:
    other = app.desktop.window("Other")
    app.run("await (await api.window.Window.getByLabel('other')).setFocus();")
    assert eventually(app.desktop.active, lambda found: found == str(int(other))) == str(int(other))
    app.window("setFocus()")
    assert eventually(app.desktop.active, lambda found: found == str(int(xid))) == str(int(xid))
    assert app.becomes("isFocused()", True)


def test_the_monitor(app: App, xid: str) -> None:
    monitors = app.run(
        "return (await api.window.availableMonitors()).map((m) => [m.size.width, m.size.height, m.scaleFactor]);"
    )
    assert monitors == [[1280, 900, 1]]
    assert app.run("return (await api.window.currentMonitor()).size.width;") == 1280
    assert app.run("return await api.window.monitorFromPoint(5000, 5000);") is None


def test_a_window_tells_that_it_was_moved_and_resized(app: App, xid: str) -> None:
    app.run(
        "window.told = {}; const w = api.window.getCurrentWindow();"
        "await w.onMoved((e) => { told.move = e.payload; }); await w.onResized((e) => { told.size = e.payload; });"
    )
    app.desktop.ask("xdotool", "windowsize", xid, "450", "350")
    app.desktop.ask("xdotool", "windowmove", xid, "300", "200")
    told = eventually(lambda: app.run("return told;"), lambda told: told.get("size") == {"width": 450, "height": 350})
    assert told["size"] == {"width": 450, "height": 350}
    told = eventually(lambda: app.run("return told;"), lambda told: told.get("move", {}).get("x", 0) >= 295)
    assert 295 <= told["move"]["x"] <= 310


def test_a_window_is_made_and_closed_from_a_page(app: App, xid: str) -> None:
    app.run(
        "new api.webviewWindow.WebviewWindow('third', {title: 'Third', width: 200, height: 150, url: 'index.html'});"
    )
    third = app.desktop.window("Third")
    app.run("await (await api.window.Window.getByLabel('third')).close();")
    gone = eventually(lambda: app.desktop.ask("xwininfo", "-id", third), lambda text: "IsViewable" not in text)
    assert "IsViewable" not in gone
    labels = eventually(
        lambda: app.run("return (await api.window.getAllWindows()).map((w) => w.label).sort();"),
        lambda found: "third" not in found,
    )
    assert labels == ["main", "other"]


def test_the_close_button_is_held_back_by_the_page(app: App, xid: str) -> None:
    app.run(
        "window.asked = 0; window.unlisten = await api.window.getCurrentWindow().onCloseRequested("
        "(event) => { asked++; event.preventDefault(); });"
    )
    app.desktop.ask("xdotool", "windowactivate", "--sync", xid, "key", "alt+F4")
    assert eventually(lambda: app.run("return asked;"), lambda asked: asked == 1) == 1
    assert "IsViewable" in app.desktop.ask("xwininfo", "-id", xid)
    app.run("unlisten();")


def test_menus_are_drawn_in_the_page_and_used_by_keyboard_and_mouse(app: App, xid: str) -> None:
    app.run(
        "const { Menu, Submenu, CheckMenuItem } = api.menu; window.chosen = [];"
        "const action = (id) => { chosen.push(id); };"
        "window.check = await CheckMenuItem.new({ id: 'check', text: 'Check', checked: false, action });"
        "const items = [{ id: 'open', text: 'Open', accelerator: 'F9', action }, check];"
        "const bar = await Menu.new({ items: [await Submenu.new({ text: '&File', items })] });"
        "await bar.setAsWindowMenu(api.window.getCurrentWindow());"
        "window.context = await Menu.new({ items: [{ id: 'first', text: 'First', action }, { id: 'second', text: 'Second', action }] });"
    )
    place = "return document.body.getBoundingClientRect().top;"
    assert eventually(lambda: app.run(place), lambda top: top >= 28) >= 28  # the page is below the bar
    app.window("setFocus()")
    assert eventually(app.desktop.active, lambda found: found == str(int(xid)))

    def chosen(*events: str) -> str:
        app.run("chosen.length = 0;")
        app.desktop.ask("xdotool", *events)
        told: list[str] = eventually(lambda: app.run("return chosen;"), bool)
        return told[0] if told else ""

    x, y, _, _ = app.desktop.place(xid)
    bar = ("mousemove", str(x + 20), str(y + 14), "click", "1")
    assert chosen(*bar, "key", "Down", "Return") == "open"
    assert chosen(*bar, "key", "Up", "Return") == "check"
    assert app.run("return await check.isChecked();") is True
    assert chosen("key", "F9") == "open"
    app.run("await context.popup(new api.dpi.LogicalPosition(50, 100));")
    assert chosen("key", "Down", "Return") == "second"
    app.run("await (await api.menu.Menu.new({ items: [] })).setAsWindowMenu(api.window.getCurrentWindow());")


def test_what_pywebview_cannot_do_rejects_with_the_reason(app: App, xid: str) -> None:
    with pytest.raises(Rejected) as rejected:
        app.window("setShadow(false)")
    assert rejected.value.value["kind"] == "unsupported"
    assert rejected.value.value["runtime"] == "pywebview"
    assert rejected.value.value["command"] == "plugin:window|set_shadow"


def test_the_launch_code_is_nowhere_in_the_page_and_in_the_log(app: App, xid: str) -> None:
    seen = app.run(
        "return JSON.stringify([location.href, document.referrer, document.title, history.length, window.name]);"
    )
    assert "token" not in seen
    assert "token=" not in "".join(app.program.errors)


def test_no_other_program_gets_in(app: App, xid: str) -> None:
    origin = app.run("return location.origin;")
    for address in (f"{origin}/", f"{origin}/?token=guessed", f"{origin}/index.html?token="):
        assert request(address).status == 403
    assert request(f"{origin}/", {"Host": "evil.example"}).status == 403
    assert request(f"{origin}/.transom/last", {"Origin": origin}, "POST", "key").status == 403


def test_each_window_is_the_one_that_it_was_made_as(app: App, xid: str) -> None:
    app.run(
        "window.heard = {}; await api.event.listen('tauri://webview-created', () => {});"
        "for (const label of ['one', 'two']) {"
        "  await api.event.listen(`told-${label}`, ({payload}) => { heard[label] = payload; });"
        "  new api.webviewWindow.WebviewWindow(label, {title: label, url: `who.html#${label}`, width: 200, height: 150});"
        "}"
    )
    told = eventually(lambda: app.run("return heard;"), lambda heard: len(heard) == 2)
    assert told == {"one": "one", "two": "two"}
    app.run("for (const label of ['one', 'two']) await (await api.window.Window.getByLabel(label)).destroy();")
    left = eventually(lambda: app.run("return (await api.window.getAllWindows()).length;"), lambda count: count == 2)
    assert left == 2


def test_a_dialog_for_files_is_the_system_s_and_ends_with_its_window(app: App, xid: str) -> None:
    app.run("new api.webviewWindow.WebviewWindow('asks', {title: 'Asks', url: 'asks.html', width: 300, height: 200});")
    app.desktop.window("Asks")

    def dialogs() -> list[str]:
        return app.desktop.ask("xdotool", "search", "--onlyvisible", "--name", "^Open file$").split()

    assert eventually(dialogs, bool)
    app.run("await (await api.window.Window.getByLabel('asks')).destroy();")
    assert eventually(dialogs, lambda found: not found) == []
    assert app.window("title()") == "Desktop"


def test_functions_of_pywebview_lead_a_page_nowhere(app: App, xid: str) -> None:
    names = ["__class__", "__class__.__base__.__subclasses__", "__init__", "__dict__.get", "move"]
    app.run(
        f"for (const name of {json.dumps(names)}) window.pywebview._jsApiCallback(name, ['x'], 'id');"
        "window.pywebview._jsApiCallback('pywebviewStateUpdate', {key: 'k', value: 'x'.repeat(1000)}, 'id');"
        "window.pywebview._jsApiCallback('pywebviewStateDelete', 'k', 'id');"
        "window.pywebview._jsApiCallback('pywebviewMoveWindow', ['a', {}], 'id');"
    )
    assert app.window("title()") == "Desktop"
