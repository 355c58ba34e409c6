"""Every command of windows by the npm package's own classes, in a real window, and its effect as others see it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.application import Program
from tests.desktop.desktop import App, Desktop, Rejected, application, eventually


def test_set_title(app: App, xid: str) -> None:
    app.window("setTitle('Ünïcode')")
    assert app.window("title()") == "Ünïcode"
    assert 'Ünïcode"' in app.desktop.properties(xid, "_NET_WM_NAME")
    app.window("setTitle('Desktop')")


@pytest.mark.parametrize("kind", ["Logical", "Physical"])
def test_set_size(app: App, xid: str, kind: str) -> None:
    app.window(f"setSize(new api.window.{kind}Size(520, 340))")
    assert eventually(lambda: app.desktop.place(xid)[2:], lambda size: size == (520, 340)) == (520, 340)
    assert app.becomes("innerSize()", {"width": 520, "height": 340})
    left, right, top, bottom = app.desktop.frame(xid)
    assert top > 5
    assert app.window("outerSize()") == {"width": 520 + left + right, "height": 340 + top + bottom}
    assert app.run("return [innerWidth, innerHeight];") == [520, 340]


@pytest.mark.parametrize("size", [(0, 10), (10, 0), (100000, 10)])
def test_a_size_that_no_window_has_is_refused(app: App, size: tuple[int, int]) -> None:
    with pytest.raises(Rejected, match="a window is 1 to 16384 logical pixels wide and high"):
        app.window(f"setSize(new api.window.LogicalSize{size})")
    assert app.window("innerSize()") == {"width": 400, "height": 300}


def test_set_position(app: App, xid: str) -> None:
    app.window("setPosition(new api.window.PhysicalPosition(210, 130))")
    assert app.becomes("outerPosition()", {"x": 210, "y": 130})
    left, _, top, _ = app.desktop.frame(xid)
    assert eventually(lambda: app.desktop.place(xid)[:2], lambda place: place[0] == 210 + left) == (
        210 + left,
        130 + top,
    )
    assert app.becomes("innerPosition()", {"x": 210 + left, "y": 130 + top})


def test_a_place_that_was_set_while_the_window_was_hidden_is_kept(app: App, xid: str) -> None:
    app.window("hide()")
    app.window("setPosition(new api.window.PhysicalPosition(310, 230))")
    assert app.window("outerPosition()") == {"x": 310, "y": 230}
    app.window("show()")
    left, _, top, _ = app.desktop.frame(xid)
    assert eventually(lambda: app.desktop.place(xid)[:2], lambda at: at == (310 + left, 230 + top)) == (
        310 + left,
        230 + top,
    )


def test_center(app: App, xid: str) -> None:
    app.window("center()")
    left, _, top, _ = app.desktop.frame(xid)
    size = app.window("outerSize()")
    middle = (1280 - size["width"]) // 2 + left, (900 - size["height"]) // 2 + top
    assert eventually(lambda: app.desktop.place(xid)[:2], lambda place: place == middle) == middle


def test_min_and_max_size(app: App, xid: str) -> None:
    app.window("setMinSize(new api.window.LogicalSize(350, 250))")
    app.window("setMaxSize(new api.window.LogicalSize(600, 500))")
    hints = eventually(lambda: app.desktop.properties(xid, "WM_NORMAL_HINTS"), lambda text: "maximum" in text)
    assert "program specified minimum size: 350 by 250" in hints
    assert "program specified maximum size: 600 by 500" in hints
    app.desktop.ask("xdotool", "windowsize", xid, "100", "900")
    assert eventually(lambda: app.desktop.place(xid)[2:], lambda size: size == (350, 500)) == (350, 500)
    app.window("setMinSize(null)")
    app.window("setMaxSize(null)")
    hints = eventually(lambda: app.desktop.properties(xid, "WM_NORMAL_HINTS"), lambda text: "maximum" not in text)
    assert "maximum" not in hints


def test_a_least_size_that_no_window_can_have_is_the_largest_one(app: App, xid: str) -> None:
    app.window("setMinSize(new api.window.PhysicalSize(40000, 50))")
    assert eventually(lambda: app.desktop.place(xid)[2], lambda width: width > 16000) == 16384
    app.window("setMinSize(null)")
    assert app.window("title()") == "Desktop"


def test_size_constraints(app: App, xid: str) -> None:
    app.window("setSizeConstraints({minWidth: 320, maxWidth: 640})")
    hints = eventually(lambda: app.desktop.properties(xid, "WM_NORMAL_HINTS"), lambda text: "maximum size: 640" in text)
    assert "program specified minimum size: 320 by" in hints
    app.window("setSizeConstraints(null)")
    assert "640" not in eventually(
        lambda: app.desktop.properties(xid, "WM_NORMAL_HINTS"), lambda text: "640" not in text
    )


def test_maximize_and_back(app: App, xid: str) -> None:
    for to, back in (("maximize()", "unmaximize()"), ("toggleMaximize()", "toggleMaximize()")):
        app.window(to)
        assert app.has(xid, "MAXIMIZED_VERT")
        assert app.becomes("isMaximized()", True)
        app.window(back)
        assert app.has(xid, "MAXIMIZED_VERT", False)
        assert app.becomes("isMaximized()", False)
        assert app.becomes("innerSize()", {"width": 400, "height": 300})


def test_minimize_and_back(app: App, xid: str) -> None:
    app.window("minimize()")
    assert app.has(xid, "HIDDEN")
    assert app.becomes("isMinimized()", True)
    assert app.becomes("isFocused()", False)
    app.window("unminimize()")
    assert app.has(xid, "HIDDEN", False)
    assert app.becomes("isMinimized()", False)


@pytest.mark.parametrize("method", ["setFullscreen", "setSimpleFullscreen"])
def test_fullscreen_and_back(app: App, xid: str, method: str) -> None:
    app.window(f"{method}(true)")
    assert app.has(xid, "FULLSCREEN")
    assert app.becomes("isFullscreen()", True)
    assert eventually(lambda: app.desktop.place(xid), lambda at: at == (0, 0, 1280, 900)) == (0, 0, 1280, 900)
    app.window(f"{method}(false)")
    assert app.has(xid, "FULLSCREEN", False)
    assert app.becomes("isFullscreen()", False)


def test_fullscreen_on_a_monitor(app: App, xid: str) -> None:
    call = "return await api.core.invoke('plugin:window|set_fullscreen_on_monitor', {value: {x: %d, y: 5}});"
    with pytest.raises(Rejected, match="no monitor has the point 5000, 5"):
        app.run(call % 5000)
    app.run(call % 5)
    assert app.has(xid, "FULLSCREEN")
    app.window("setFullscreen(false)")
    assert app.has(xid, "FULLSCREEN", False)


def test_hide_and_show(app: App, xid: str) -> None:
    app.window("hide()")
    assert app.window("isVisible()") is False
    assert "IsUnMapped" in eventually(
        lambda: app.desktop.ask("xwininfo", "-id", xid), lambda text: "IsUnMapped" in text
    )
    app.window("show()")
    assert app.window("isVisible()") is True
    assert "IsViewable" in eventually(
        lambda: app.desktop.ask("xwininfo", "-id", xid), lambda text: "IsViewable" in text
    )


def test_set_focus(app: App, xid: str) -> None:
    other = app.desktop.window("Other")
    app.run("return await (await api.window.Window.getByLabel('other')).setFocus();")
    assert eventually(app.desktop.active, lambda active: active == other) == other
    assert app.becomes("isFocused()", False)
    app.window("setFocus()")
    assert eventually(app.desktop.active, lambda active: active == xid) == xid
    assert app.becomes("isFocused()", True)


def test_focusable(app: App, xid: str) -> None:
    app.window("setFocusable(false)")
    hints = eventually(
        lambda: app.desktop.properties(xid, "WM_HINTS"), lambda text: "input or input focus: False" in text
    )
    assert "input or input focus: False" in hints
    app.window("setFocusable(true)")
    hints = eventually(lambda: app.desktop.properties(xid, "WM_HINTS"), lambda text: "focus: True" in text)
    assert "focus: True" in hints


def test_decorations(app: App, xid: str) -> None:
    app.window("setDecorations(false)")
    assert app.window("isDecorated()") is False
    assert eventually(lambda: app.desktop.frame(xid), lambda frame: frame == (0, 0, 0, 0)) == (0, 0, 0, 0)
    app.window("setDecorations(true)")
    assert app.window("isDecorated()") is True
    assert eventually(lambda: app.desktop.frame(xid), any) != (0, 0, 0, 0)


def test_resizable(app: App, xid: str) -> None:
    app.window("setResizable(false)")
    assert app.window("isResizable()") is False
    fixed = "maximum size: 400 by 300"
    assert fixed in eventually(lambda: app.desktop.properties(xid, "WM_NORMAL_HINTS"), lambda text: fixed in text)
    app.window("setSize(new api.window.LogicalSize(450, 320))")
    assert eventually(lambda: app.desktop.place(xid)[2:], lambda size: size == (450, 320)) == (450, 320)
    app.window("setSize(new api.window.LogicalSize(360, 240))")  # smaller than the window was made
    assert eventually(lambda: app.desktop.place(xid)[2:], lambda size: size == (360, 240)) == (360, 240)
    app.window("setResizable(true)")
    app.window("setSize(new api.window.LogicalSize(380, 280))")
    assert eventually(lambda: app.desktop.place(xid)[2:], lambda size: size == (380, 280)) == (380, 280)
    app.window("setResizable(false)")
    fixed = "maximum size: 380 by 280"
    assert fixed in eventually(lambda: app.desktop.properties(xid, "WM_NORMAL_HINTS"), lambda text: fixed in text)
    app.run("return await api.core.invoke('plugin:window|internal_toggle_maximize');")
    assert app.window("isMaximized()") is False
    app.window("setResizable(true)")
    assert app.window("isResizable()") is True
    assert "maximum" not in eventually(
        lambda: app.desktop.properties(xid, "WM_NORMAL_HINTS"), lambda text: "maximum" not in text
    )
    app.run("return await api.core.invoke('plugin:window|internal_toggle_maximize');")
    assert app.becomes("isMaximized()", True)
    app.window("unmaximize()")
    assert app.becomes("isMaximized()", False)


# Method -> the bit of `_MOTIF_WM_HINTS` that it takes away.
@pytest.mark.parametrize(("name", "bit"), [("Minimizable", 0x8), ("Maximizable", 0x10), ("Closable", 0x20)])
def test_what_people_can_do_is_a_hint(app: App, xid: str, name: str, bit: int) -> None:
    def allows() -> bool:
        words = [int(word, 16) for word in app.desktop.properties(xid, "_MOTIF_WM_HINTS").partition("=")[2].split(",")]
        return not words[0] & 1 or bool(words[1] & 1) != bool(words[1] & bit)  # bit 1 turns the others round

    app.window(f"set{name}(false)")
    assert app.window(f"is{name}()") is False
    assert eventually(allows, lambda found: not found) is False
    app.window(f"set{name}(true)")
    assert app.window(f"is{name}()") is True
    assert eventually(allows, bool) is True


@pytest.mark.parametrize(
    ("method", "word"),
    [("setAlwaysOnTop", "ABOVE"), ("setAlwaysOnBottom", "BELOW"), ("setSkipTaskbar", "SKIP_TASKBAR")],
)
def test_states_that_the_window_manager_keeps(app: App, xid: str, method: str, word: str) -> None:
    app.window(f"{method}(true)")
    assert app.has(xid, word)
    if word == "ABOVE":
        assert app.window("isAlwaysOnTop()") is True
    app.window(f"{method}(false)")
    assert app.has(xid, word, False)
    assert app.window("isAlwaysOnTop()") is False


def test_visible_on_all_workspaces(app: App, xid: str) -> None:
    app.window("setVisibleOnAllWorkspaces(true)")
    everywhere = "4294967295"
    assert everywhere in eventually(
        lambda: app.desktop.properties(xid, "_NET_WM_DESKTOP"), lambda text: everywhere in text
    )
    app.window("setVisibleOnAllWorkspaces(false)")
    assert "= 0" in eventually(lambda: app.desktop.properties(xid, "_NET_WM_DESKTOP"), lambda text: "= 0" in text)


def test_attention(app: App, xid: str) -> None:
    app.window("requestUserAttention(api.window.UserAttentionType.Critical)")
    hints = eventually(lambda: app.desktop.properties(xid, "WM_HINTS"), lambda text: "urgency" in text)
    assert "urgency hint bit is set" in hints
    app.window("requestUserAttention(null)")
    assert "urgency" not in eventually(
        lambda: app.desktop.properties(xid, "WM_HINTS"), lambda text: "urgency" not in text
    )


def test_icon(app: App, xid: str) -> None:
    app.run(
        "const image = await api.image.Image.new(new Uint8Array([255, 0, 0, 255, 0, 0, 255, 128]), 2, 1);"
        "await api.window.getCurrentWindow().setIcon(image);"
    )
    pixels = f"= 2, 1, {0xFFFF0000}, {0x800000FF}"
    assert pixels in eventually(
        lambda: app.desktop.properties(xid, "-notype", "32c", "_NET_WM_ICON"), lambda text: pixels in text
    )
    with pytest.raises(Rejected, match="neither a PNG nor an ICO file"):
        app.window("setIcon(new Uint8Array([1, 2, 3]))")


def test_theme(app: App) -> None:
    dark = "return matchMedia('(prefers-color-scheme: dark)').matches;"
    app.run(
        "window.themes = []; await api.window.getCurrentWindow().onThemeChanged((e) => window.themes.push(e.payload));"
    )
    for theme in ("dark", "light"):
        app.window(f"setTheme('{theme}')")
        assert app.window("theme()") == theme
        assert eventually(lambda: app.run(dark), lambda found, t=theme: found is (t == "dark")) is (theme == "dark")
    app.window("setTheme(null)")
    assert app.window("theme()") == "light"
    assert eventually(lambda: app.run("return window.themes;"), lambda found: len(found) == 2) == ["dark", "light"]


def test_scale_and_monitors(app: App) -> None:
    assert app.window("scaleFactor()") == app.run("return devicePixelRatio;") == 1
    monitor = app.run("return await api.window.currentMonitor();")
    assert monitor["size"] == {"width": 1280, "height": 900}
    assert monitor["position"] == {"x": 0, "y": 0}
    assert monitor["scaleFactor"] == 1
    assert monitor["workArea"] == {"position": {"x": 0, "y": 0}, "size": {"width": 1280, "height": 900}}
    assert app.run("return await api.window.availableMonitors();") == [monitor]
    assert app.run("return await api.window.primaryMonitor();") in (monitor, None)
    assert app.run("return await api.window.monitorFromPoint(1279.5, 0);") == monitor
    assert app.run("return await api.window.monitorFromPoint(1280, 0);") is None


def test_badge_and_progress(app: App) -> None:
    match = "type='signal',interface='com.canonical.Unity.LauncherEntry'"
    with Program(["dbus-monitor", "--session", match], app.desktop.environment) as monitor:
        while "member=NameLost" not in monitor.line():  # it listens from here on
            pass
        app.window("setBadgeCount(7)")
        app.window("setProgressBar({status: 'normal', progress: 40})")
        app.window("setProgressBar({status: 'none'})")
        app.window("setBadgeCount(0)")
        said: list[tuple[str, ...]] = []
        name = ""
        while len(said) < 8:
            line = monitor.line()
            if line.strip().startswith("string"):
                name = line.partition('"')[2].rstrip().strip('"')
            elif line.strip().startswith("variant"):
                said.append((name, *line.split()[1:]))
    assert said == [
        ("count", "int64", "7"),
        ("count-visible", "boolean", "true"),
        ("progress", "double", "0.4"),
        ("progress-visible", "boolean", "true"),
        ("progress", "double", "0.4"),
        ("progress-visible", "boolean", "false"),
        ("count", "int64", "0"),
        ("count-visible", "boolean", "false"),
    ]


def test_background_color(app: App) -> None:
    for color in ("'#ff0000'", "[1, 2, 3, 4]", "{red: 1, green: 2, blue: 3}", "null"):
        app.run(f"return await api.core.invoke('plugin:window|set_background_color', {{value: {color}}});")


def test_all_windows(app: App) -> None:
    assert app.run("return (await api.window.getAllWindows()).map((w) => w.label);") == ["main", "other"]


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        ("setShadow(true)", "the window manager draws the shadow, and no protocol turns it off"),
        ("setEffects({effects: ['mica']})", "GTK has no effects for the background of a window"),
        ("clearEffects()", "GTK has no effects for the background of a window"),
        ("setContentProtected(true)", "neither X11 nor Wayland can keep a window out of screenshots"),
        ("setTitleBarStyle('overlay')", "only macOS has it"),
        ("setBadgeLabel('x')", "launchers on Linux show a number, not a text; use setBadgeCount"),
        ("setOverlayIcon()", "only the taskbar of Windows has overlay icons"),
        ("activityName()", "only windows on Android have one"),
        ("sceneIdentifier()", "only windows on iOS have one"),
    ],
)
def test_what_cannot_be_done_names_command_runtime_and_reason(app: App, call: str, reason: str) -> None:
    with pytest.raises(Rejected) as caught:
        app.window(call)
    value = caught.value.value
    assert value["kind"] == "unsupported"
    assert value["command"].startswith("plugin:window|")
    assert value["runtime"] == "webkitgtk"
    assert value["reason"] == reason


def test_events_tell_size_place_and_focus_once(app: App, xid: str) -> None:
    app.run(
        "const w = api.window.getCurrentWindow(); window.told = [];"
        "const tell = (name) => (event) => window.told.push([name, event.payload]);"
        "await w.onResized(tell('resized')); await w.onMoved(tell('moved')); await w.onFocusChanged(tell('focus'));"
    )
    app.window("setSize(new api.window.LogicalSize(444, 333))")
    app.window("setPosition(new api.window.LogicalPosition(222, 111))")
    wanted = [["resized", {"width": 444, "height": 333}], ["moved", {"x": 222, "y": 111}]]

    def told() -> list[Any]:
        return app.run("return window.told;")  # type: ignore[no-any-return]

    found = eventually(told, lambda found: all(event in found for event in wanted))
    assert [event for event in found if event[0] != "focus"] == wanted, json.dumps(found)
    app.run("return await (await api.window.Window.getByLabel('other')).setFocus();")
    assert ["focus", False] in eventually(told, lambda found: ["focus", False] in found)
    app.window("setFocus()")
    assert ["focus", True] in eventually(told, lambda found: ["focus", True] in found[2:])


@pytest.mark.parametrize("method", ["close()", "destroy()"])
def test_a_window_that_is_gone_is_named(screen: Desktop, tmp_path: Path, method: str) -> None:
    with application(screen, tmp_path / "project", title="Gone") as app:
        app.run(f"window.other = await api.window.Window.getByLabel('other'); await window.other.{method};")
        assert eventually(lambda: app.run("return (await api.window.getAllWindows()).length;"), lambda n: n == 1) == 1
        with pytest.raises(Rejected, match="window not found: no window has the label `other`"):
            app.run("await window.other.setTitle('x');")


def test_a_window_without_a_webview_and_one_that_is_put_into_it(app: App) -> None:
    """`new Window` of the package makes a window of the desktop, with nothing in it until `new Webview` puts a page there."""
    made = (
        "await new Promise((resolve, reject) => { made.once('tauri://created', resolve);"
        " made.once('tauri://error', ({ payload }) => reject(payload)); });"
    )
    app.run(
        "const made = new api.window.Window('bare', { title: 'Bare', width: 320, height: 240, x: 20, y: 30 });" + made
    )
    xid = app.desktop.window("Bare")
    assert eventually(lambda: app.desktop.place(xid)[2:], lambda size: size == (320, 240)) == (320, 240)
    assert app.run("return (await api.webview.getAllWebviews()).map((webview) => webview.label).sort();") == [
        "main",
        "other",
    ]
    assert "bare" in app.run("return (await api.window.getAllWindows()).map((window) => window.label);")
    with pytest.raises(Rejected) as caught:
        app.run("const made = new api.window.Window('bare');" + made)
    assert caught.value.value == "a window with label `bare` already exists"
    app.run(
        "const made = new api.webview.Webview(await api.window.Window.getByLabel('bare'), 'inside',"
        " { url: 'index.html', x: 10, y: 20, width: 100, height: 50 });" + made
    )
    assert app.run("return await (await api.webview.Webview.getByLabel('inside')).size();") == {
        "width": 100,
        "height": 50,
    }
    app.run("await (await api.window.Window.getByLabel('bare')).close();")
    assert (
        eventually(lambda: app.desktop.ask("xdotool", "search", "--name", "^Bare$"), lambda found: not found.strip())
        == ""
    )
    assert app.run("return (await api.webview.getAllWebviews()).map((webview) => webview.label).sort();") == [
        "main",
        "other",
    ]


def test_a_window_without_a_webview_closes_by_its_close_button(app: App) -> None:
    app.run("new api.window.Window('bare', { title: 'Bare' });")
    xid = app.desktop.window("Bare")
    app.desktop.ask("wmctrl", "-i", "-c", xid)
    gone = eventually(lambda: app.run("return (await api.window.getAllWindows()).length;"), lambda number: number == 2)
    assert gone == 2
