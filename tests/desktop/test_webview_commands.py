"""The commands about webviews, images and the application, by the npm package's classes, as the screen shows them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desktop.desktop import App, Desktop, Rejected, application, eventually
from tests.images import png

KEYS = """<!doctype html><meta charset=utf-8><body style="margin: 0; background: #ff0000"><script>
addEventListener('keydown', ({ key }) => window.__TAURI__.event.emit('key', [location.hash, key]));
</script>"""
CREATED = (
    "await new Promise((resolve, reject) => { made.once('tauri://created', resolve);"
    " made.once('tauri://error', ({ payload }) => reject(payload)); });"
)
CLEAR = "document.body.style.background = 'transparent';"


@pytest.fixture(scope="module")
def app(screen: Desktop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The application, which has an icon and a page that tells of keys."""
    folder = tmp_path_factory.mktemp("application") / "project"
    (folder / "dist").mkdir(parents=True)
    (folder / "dist" / "keys.html").write_text(KEYS, "utf-8")
    (folder / "icon.png").write_bytes(png())
    with application(screen, folder, icon="icon.png", x=100, y=80) as found:
        yield found


def colors(app: App, x: int, y: int, width: int, height: int) -> dict[str, int]:
    """Return how many pixels of a rectangle of the screen have each color."""
    rectangle = map(str, (x, y, width, height))
    seen: dict[str, int] = json.loads(app.desktop.ask(sys.executable, "-m", "tests.desktop.colors", *rectangle))
    return seen


def pixel(app: App, xid: str, x: int, y: int, wanted: str) -> str:
    """Return the color of a pixel of a window, as soon as it is the one that is wanted."""
    left, top, _, _ = app.desktop.place(xid)
    return eventually(lambda: next(iter(colors(app, left + x, top + y, 1, 1))), lambda found: found == wanted)


@pytest.fixture
def side(app: App) -> Iterator[str]:
    """A red webview of 100 x 60 pixels at 30, 40, in the first window."""
    app.run(
        "const made = new api.webview.Webview(api.window.getCurrentWindow(), 'side',"
        " { url: 'keys.html#side', x: 30, y: 40, width: 100, height: 60 }); window.side = made;" + CREATED
    )
    yield "side"
    app.run("await (await api.webview.Webview.getByLabel('side'))?.close();")


def test_a_webview_is_where_it_was_put(app: App, xid: str, side: str) -> None:
    red, white = "#ff0000", "#ffffff"
    assert pixel(app, xid, 35, 45, red) == red
    app.run("await side.setPosition(new api.window.LogicalPosition(200, 150));")
    assert (pixel(app, xid, 35, 45, white), pixel(app, xid, 205, 155, red)) == (white, red)
    app.run("await side.setSize(new api.window.LogicalSize(150, 100));")
    assert pixel(app, xid, 345, 245, red) == red
    app.run("await side.hide();")
    assert pixel(app, xid, 205, 155, white) == white
    app.run("await side.show();")
    assert pixel(app, xid, 205, 155, red) == red
    app.run("await side.setPosition(new api.window.LogicalPosition(10, 20));")
    assert pixel(app, xid, 15, 25, red) == red
    app.run("await side.reparent('other');")
    other = app.desktop.window("Other")
    assert pixel(app, other, 15, 25, red) == red
    x, y, width, height = app.desktop.place(xid)
    assert eventually(lambda: list(colors(app, x, y, width, height)), lambda found: found == [white]) == [white]
    app.run("await side.close();")
    assert pixel(app, other, 15, 25, white) == white


def test_a_webview_that_was_moved_to_a_place_outside_its_new_window_is_seen_when_it_comes_in(
    app: App, side: str
) -> None:
    app.run("await side.setPosition(new api.window.LogicalPosition(310, 230)); await side.reparent('other');")
    other = app.desktop.window("Other")
    x, y, width, height = app.desktop.place(other)
    assert eventually(lambda: list(colors(app, x, y, width, height)), lambda found: found == ["#ffffff"]) == ["#ffffff"]
    app.run("await side.setPosition(new api.window.LogicalPosition(10, 20));")
    assert pixel(app, other, 15, 25, "#ff0000") == "#ff0000"


def test_a_webview_grows_with_its_window(app: App, xid: str, side: str) -> None:
    app.run("await side.setAutoResize(true);")
    app.desktop.ask("xdotool", "windowsize", xid, "800", "600")
    size = eventually(lambda: app.run("return await side.size();"), lambda found: found["width"] > 190)
    assert (size["width"], size["height"]) == (200, 120)
    assert pixel(app, xid, 250, 190, "#ff0000") == "#ff0000"
    app.run("await side.setAutoResize(false);")


def test_the_webview_with_the_focus_gets_the_keys(app: App, xid: str, side: str) -> None:
    app.run(
        "window.keys = []; window.onkeydown = ({ key }) => keys.push(['main', key]);"
        "window.unlisten = await api.event.listen('key', ({ payload }) => keys.push(payload));"
    )
    app.window("setFocus()")
    assert eventually(app.desktop.active, lambda found: found == str(int(xid)))
    for call, label, key in (("side", "#side", "x"), ("api.webview.getCurrentWebview()", "main", "y")):
        app.run(f"await {call}.setFocus();")

        def typed(key: str = key) -> list[list[str]]:
            app.desktop.ask("xdotool", "key", key)
            return app.run("return keys;")  # type: ignore[no-any-return]

        assert [label, key] in eventually(typed, lambda keys, wanted=[label, key]: wanted in keys)
    app.run("unlisten(); window.onkeydown = null;")


def test_the_color_behind_a_page(app: App, xid: str) -> None:
    app.run(CLEAR)
    app.run("await api.webview.getCurrentWebview().setBackgroundColor('#336699');")
    assert pixel(app, xid, 200, 200, "#336699") == "#336699"
    app.run("await api.webviewWindow.getCurrentWebviewWindow().setBackgroundColor([153, 102, 51, 255]);")
    assert pixel(app, xid, 200, 200, "#996633") == "#996633"
    app.run("await api.webview.getCurrentWebview().setBackgroundColor(null);")
    assert pixel(app, xid, 200, 200, "#ffffff") == "#ffffff"
    app.run("document.body.style.background = 'white';")


def test_a_page_is_larger_when_it_is_zoomed(app: App, xid: str) -> None:
    app.run(
        "document.body.innerHTML = '<div style=\"position: fixed; inset: 0 auto auto 0; width: 50px; height: 50px;"
        " background: #00ff00\"></div>';"
    )
    assert pixel(app, xid, 40, 40, "#00ff00") == "#00ff00"
    assert pixel(app, xid, 80, 80, "#ffffff") == "#ffffff"
    app.run("await api.webview.getCurrentWebview().setZoom(2);")
    assert pixel(app, xid, 80, 80, "#00ff00") == "#00ff00"
    app.run("await api.webview.getCurrentWebview().setZoom(1); document.body.innerHTML = '';")


def test_the_inspector_is_a_window(app: App) -> None:
    app.run(
        "const made = new api.webviewWindow.WebviewWindow('inspected', {title: 'Inspected', devtools: true, width: 400, height: 300});"
        + CREATED
    )
    toggle = "await api.core.invoke('plugin:webview|internal_toggle_devtools', {label: 'inspected'});"

    def inspectors() -> list[str]:
        return app.desktop.ask("xdotool", "search", "--onlyvisible", "--name", "Web Inspector").split()

    app.run(toggle)
    assert len(eventually(inspectors, bool)) == 1
    app.run(toggle)
    assert eventually(inspectors, lambda found: not found) == []
    app.run("await (await api.window.Window.getByLabel('inspected')).destroy();")


def icon_of(app: App, xid: str, wanted: str) -> str:
    return eventually(
        lambda: app.desktop.properties(xid, "-notype", "32c", "_NET_WM_ICON"), lambda text: wanted in text
    )


def test_a_window_has_the_icon_of_the_application(app: App) -> None:
    pixels = f"= 2, 2, {0xFFFF0000}, {0xFF00FF00}, {0xFF0000FF}, {0x800A141E}"
    assert pixels in icon_of(app, app.desktop.window("Other"), pixels)


def test_images_of_files_bytes_and_the_application_are_icons(app: App, xid: str, tmp_path: Path) -> None:
    pixels = f"= 2, 2, {0xFFFF0000}, {0xFF00FF00}, {0xFF0000FF}, {0x800A141E}"
    one = f"= 1, 1, {0xFF010203}"
    (tmp_path / "icon.png").write_bytes(png())
    reset = "await w.setIcon(await api.image.Image.new(new Uint8Array([1, 2, 3, 255]), 1, 1));"
    for image in (
        f"api.image.Image.fromBytes({list(png())})",
        f"api.image.Image.fromPath({json.dumps(str(tmp_path / 'icon.png'))})",
        "api.app.defaultWindowIcon()",
    ):
        app.run(f"const w = api.window.getCurrentWindow(); {reset}")
        assert one in icon_of(app, xid, one)
        app.run(f"const w = api.window.getCurrentWindow(); window.image = await {image}; await w.setIcon(image);")
        assert pixels in icon_of(app, xid, pixels)
        assert app.run("return [await image.size(), [...(await image.rgba()).slice(0, 4)]];") == [
            {"width": 2, "height": 2},
            [255, 0, 0, 255],
        ]
    app.run("await image.close();")
    with pytest.raises(Rejected, match="resource id"):
        app.run("await image.size();")


def test_the_theme_of_the_application_is_that_of_every_window(app: App) -> None:
    for theme in ("dark", "light"):
        app.run(f"await api.app.setTheme('{theme}');")
        dark = "return matchMedia('(prefers-color-scheme: dark)').matches;"
        assert eventually(lambda dark=dark: app.run(dark), lambda found, t=theme: found is (t == "dark")) is (
            theme == "dark"
        )
        assert app.run("return await (await api.window.Window.getByLabel('other')).theme();") == theme
    app.run("await api.app.setTheme(null);")


@pytest.mark.parametrize(
    ("call", "result"),
    [
        ("hide()", None),
        ("show()", None),
        ("setDockVisibility(false)", None),
        ("fetchDataStoreIdentifiers()", []),
        ("removeDataStore(Array(16).fill(1))", None),
    ],
)
def test_what_only_apple_has_changes_nothing(app: App, xid: str, call: str, result: object) -> None:
    assert app.run(f"return await api.app.{call};") == result
    assert "IsViewable" in app.desktop.ask("xwininfo", "-id", xid)


def test_the_application_ends_with_the_code_of_the_page(screen: Desktop, tmp_path: Path) -> None:
    with application(screen, tmp_path / "project", title="Ends") as app:
        app.run("setTimeout(() => api.app.exit(0));")
        assert app.program.status() == 0  # its input is still open, which is how other tests end it
