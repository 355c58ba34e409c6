from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.desktop.desktop import App, Desktop, Rejected, application, desktop, eventually
from tests.mock_app import Running
from tests.plugins.guests import guests
from tests.plugins.plugin_app import at_home, rejection, with_plugins
from transom.errors import ConfigError
from transom.handles import WebviewWindowBuilder
from transom.plugins import window_state
from transom.plugins.window_state import StateFlags
from transom.runtimes._mock import MockPage

PACKAGE = "@tauri-apps/plugin-window-state"
KEYS = ["width", "height", "x", "y", "prev_x", "prev_y", "maximized", "visible", "decorated", "fullscreen"]


@pytest.fixture
def file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    at_home(monkeypatch, tmp_path)
    return tmp_path / "config" / "org.example.mock" / ".window-state.json"


def write(file: Path, content: Any) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")


def states(file: Path) -> Any:
    return json.loads(file.read_text("utf-8"))


def geometry(application: Running, label: str = "main") -> tuple[int, int, int, int]:
    window = application.app.handle().get_window(label)
    assert window is not None
    place, size = window.outer_position(), window.inner_size()
    return place.x, place.y, size.width, size.height


def call(page: MockPage, name: str, **args: Any) -> Any:
    return page.invoke(f"plugin:window-state|{name}", args)


def test_the_file_is_as_tauri_writes_it(file: Path) -> None:
    with with_plugins(window_state.init()) as application:
        x, y, width, height = geometry(application)
    assert list(states(file)) == ["main"]
    assert list(states(file)["main"]) == KEYS
    assert file.read_text("utf-8").startswith('{\n  "main": {\n    "width": ')
    kept = states(file)["main"]
    assert (kept["x"], kept["y"], kept["width"], kept["height"]) == (x, y, width, height)
    assert (kept["maximized"], kept["visible"], kept["decorated"], kept["fullscreen"]) == (False, True, True, False)


def test_a_page_saves_and_restores(file: Path) -> None:
    with with_plugins(window_state.init()) as application:
        page = application.page
        assert call(page, "filename") == ".window-state.json"
        first = geometry(application)
        call(page, "save_window_state", flags=63)
        kept = states(file)["main"]
        write(file, {"main": {**kept, "width": 333, "height": 222}})
        call(page, "save_window_state")
        assert states(file)["main"]["width"] == first[2]  # what is shown counts, not what was written by another
        for flags in (64, -1, 2**40):
            text = rejection(page, "plugin:window-state|save_window_state", {"flags": flags})
            assert text == f"Invalid state flags bits: {flags}"
        text = rejection(page, "plugin:window-state|restore_state", {"label": "none", "flags": 63})
        assert text == "Couldn't find window with label: none"
        assert "invalid args" in rejection(page, "plugin:window-state|restore_state", {"label": 5, "flags": "x"})
        call(page, "restore_state", label="main", flags=63)


@pytest.mark.parametrize(
    "content", ["{half", "[]", '{"main": 5}', '{"main": {"width": "x"}}', '{"main": {"x": 1e99}}', "\xff"]
)
def test_a_file_that_cannot_be_read_is_as_good_as_none(
    file: Path, content: str, caplog: pytest.LogCaptureFixture
) -> None:
    write(file, content)
    with with_plugins(window_state.init()) as application:
        assert call(application.page, "filename") == ".window-state.json"
    assert "cannot be read" in caplog.text
    assert list(states(file)["main"]) == KEYS


def test_windows_that_are_left_alone(file: Path) -> None:
    plugin = window_state.init(
        denylist=["splash"],
        filter=lambda label: not label.startswith("tmp-"),
    )
    with with_plugins(plugin) as application:
        for label in ("splash", "tmp-1", "editor"):
            WebviewWindowBuilder(application.app, label).build()
    assert sorted(states(file)) == ["editor", "main"]


def test_windows_may_share_a_state(file: Path) -> None:
    with with_plugins(window_state.init(map_label=lambda label: label.partition("-")[0])) as application:
        for label in ("editor-1", "editor-2"):
            WebviewWindowBuilder(application.app, label).build()
    assert sorted(states(file)) == ["editor", "main"]


def test_only_what_the_flags_say_is_kept(file: Path) -> None:
    with with_plugins(window_state.init(flags=StateFlags.VISIBLE, filename="other.json")) as application:
        assert call(application.page, "filename") == "other.json"
        assert window_state.filename(application.app) == "other.json"
        window_state.save_window_state(application.app)
    kept = states(file.with_name("other.json"))["main"]
    assert (kept["width"], kept["visible"]) == (0, True)


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "a\\b", "a\0"])
def test_a_file_is_named_without_a_folder(name: str) -> None:
    with pytest.raises(ConfigError, match="not the name of a file"):
        window_state.init(filename=name)


def test_a_file_that_cannot_be_written_is_told_to_the_page(file: Path) -> None:
    file.mkdir(parents=True)
    with with_plugins(window_state.init()) as application:
        text = rejection(application.page, "plugin:window-state|save_window_state", {"flags": 63})
    assert text.endswith("(os error 21)")


def test_in_a_browser_it_is_refused(file: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    write(file, {"main": {"width": 300, "height": 200}})  # of a desktop
    permissions = ["window-state:default"]
    with guests(tmp_path, window_state.init(), permissions=permissions, packages=[PACKAGE]) as page:
        assert page.run(PACKAGE, "return await plugin.filename()") == ".window-state.json"
        for script in ("await plugin.saveWindowState(63)", "await plugin.restoreState('main', 63)"):
            assert "a browser keeps size and place" in page.fails(PACKAGE, script)["reason"]
    assert "Traceback" not in caplog.text
    assert states(file)["main"]["width"] == 300


# From here on windows are real, and looked at from outside.


@pytest.fixture(scope="module")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desktop]:
    with desktop(tmp_path_factory.mktemp("desktop")) as found:
        yield found


def kept(screen: Desktop) -> Any:
    return states(Path(screen.environment["XDG_CONFIG_HOME"]) / "app.transom.desktop" / ".window-state.json")


def run(screen: Desktop, folder: Path, **window: Any) -> Any:
    return application(screen, folder / "project", "window-state", **window)


def where(app: App) -> tuple[int, int, int, int]:
    """Return the place of the frame and the size of the content, as X11 tells them."""
    xid = app.desktop.window("Desktop")
    frame = eventually(lambda: app.desktop.frame(xid), bool)
    x, y, width, height = app.desktop.place(xid)
    return (x - frame[0], y - frame[2], width, height) if frame else (x, y, width, height)


def comes_to(app: App, place: tuple[int, int, int, int]) -> bool:
    return eventually(lambda: where(app), lambda found: found == place) == place


def test_size_and_place_come_back(screen: Desktop, tmp_path: Path) -> None:
    with run(screen, tmp_path, x=20, y=30) as app:
        assert comes_to(app, (20, 30, 400, 300))
        app.window("setSize(new api.window.PhysicalSize(510, 320))")
        app.window("setPosition(new api.window.PhysicalPosition(140, 160))")
        assert comes_to(app, (140, 160, 510, 320))
    with run(screen, tmp_path, x=20, y=30) as app:
        assert comes_to(app, (140, 160, 510, 320))
        xid = app.desktop.window("Desktop")
        # As the user does, by the window manager.
        screen.ask("xdotool", "windowmove", "--sync", xid, "300", "200")
        moved = where(app)
        assert moved != (140, 160, 510, 320)
        app.run("await api.windowState.saveWindowState(api.windowState.StateFlags.ALL);")
        assert [kept(screen)["main"][key] for key in KEYS[:4]] == [510, 320, moved[0], moved[1]]
        app.window("setSize(new api.window.PhysicalSize(600, 400))")
        assert comes_to(app, (*moved[:2], 600, 400))
        app.run("await api.windowState.restoreStateCurrent(api.windowState.StateFlags.POSITION);")
        assert comes_to(app, (*moved[:2], 600, 400))
        with pytest.raises(Rejected, match="Couldn't find window with label: none"):
            app.run("await api.windowState.restoreState('none', 63);")


def test_a_maximized_window_comes_back_and_remembers_its_place(screen: Desktop, tmp_path: Path) -> None:
    with run(screen, tmp_path, x=20, y=30) as app:
        app.window("setPosition(new api.window.PhysicalPosition(150, 170))")
        app.window("setSize(new api.window.PhysicalSize(410, 310))")
        assert comes_to(app, (150, 170, 410, 310))
        app.window("maximize()")
        assert app.has(app.desktop.window("Desktop"), "MAXIMIZED_VERT")
        assert app.becomes("isMaximized()", True)
    assert kept(screen)["main"]["maximized"] is True
    with run(screen, tmp_path, x=20, y=30) as app:
        assert app.has(app.desktop.window("Desktop"), "MAXIMIZED_VERT")
        app.window("unmaximize()")
        assert comes_to(app, (150, 170, 410, 310))
    assert kept(screen)["main"]["maximized"] is False


def test_fullscreen_and_decorations_come_back(screen: Desktop, tmp_path: Path) -> None:
    with run(screen, tmp_path, x=20, y=30) as app:
        app.window("setDecorations(false)")
        xid = app.desktop.window("Desktop")
        assert eventually(lambda: screen.frame(xid), lambda frame: not any(frame)) in ((), (0, 0, 0, 0))
        size = screen.place(xid)[2:]
        app.window("setFullscreen(true)")
        assert app.has(xid, "FULLSCREEN")
        assert eventually(lambda: screen.place(xid), lambda place: place[2:] == (1280, 900))[2:] == (1280, 900)
    with run(screen, tmp_path, x=20, y=30) as app:
        xid = app.desktop.window("Desktop")
        assert app.has(xid, "FULLSCREEN")
        app.window("setFullscreen(false)")
        assert eventually(lambda: screen.place(xid)[2:], lambda found: found == size) == size
        assert screen.frame(xid) in ((), (0, 0, 0, 0))
        app.window("setDecorations(true)")
        assert any(eventually(lambda: screen.frame(xid), any))


def test_a_window_is_shown_only_where_it_was(screen: Desktop, tmp_path: Path) -> None:
    with run(screen, tmp_path, x=20, y=30) as app:
        app.window("setPosition(new api.window.PhysicalPosition(500, 400))")
        assert eventually(lambda: where(app)[:2], lambda found: found == (500, 400)) == (500, 400)
    with run(screen, tmp_path, x=20, y=30) as app:
        # The first place that the window tells is the restored one: it was never seen at 20, 30.
        assert where(app)[:2] == (500, 400)


def test_a_place_outside_of_every_monitor_is_not_restored(screen: Desktop, tmp_path: Path) -> None:
    with run(screen, tmp_path, x=20, y=30):
        pass
    path = Path(screen.environment["XDG_CONFIG_HOME"]) / "app.transom.desktop" / ".window-state.json"
    write(path, {"main": {**kept(screen)["main"], "x": 9000, "y": 9000, "width": 450, "height": 350}})
    with run(screen, tmp_path, x=20, y=30) as app:
        assert comes_to(app, (20, 30, 450, 350))
