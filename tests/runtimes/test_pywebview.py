"""The parts of the pywebview runtime without a window, also as Windows and macOS would use them."""

from __future__ import annotations

import logging
import sys
import threading
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from tests.images import png
from tests.requirements import needs_pywebview_package
from transom.config import WindowConfig
from transom.errors import RuntimeUnavailable, WindowError
from transom.runtimes import choose_runtime, find_runtime, ops
from transom.values import LogicalPosition, LogicalSize, PhysicalSize


@pytest.fixture(autouse=True)
def webview() -> Any:
    return needs_pywebview_package()


class FakeGui:
    """A part of pywebview, with the place and size that it tells."""

    def __init__(self, name: str = "gtk") -> None:
        self.__name__ = f"webview.platforms.{name}"
        self.place, self.size = (10, 20), (400, 300)

    def get_position(self, uid: str) -> tuple[int, int]:
        return self.place

    def get_size(self, uid: str) -> tuple[int, int]:
        return self.size


class FakeNative:
    """A window of pywebview that notes what is asked of it."""

    def __init__(self, backend: str = "gtk") -> None:
        self.gui = FakeGui(backend)
        self.uid = "master"
        self.done: list[tuple[Any, ...]] = []
        self.events = SimpleNamespace(shown=threading.Event())
        self.events.shown.set()
        self.native = SimpleNamespace(unmaximize=lambda: self.done.append(("unmaximize",)))
        self.chosen: Any = None

    def create_file_dialog(self, kind: int, **given: Any) -> Any:
        self.done.append((int(kind), given))
        return self.chosen

    def __getattr__(self, name: str) -> Any:
        return lambda *given: self.done.append((name, *given))


def window(backend: str = "gtk", monkeypatch: pytest.MonkeyPatch | None = None, **options: Any) -> Any:
    from transom.runtimes.pywebview._window import NativeWindow

    made = NativeWindow(WindowConfig(**options))
    made.native = FakeNative(backend)
    made.shown.set()
    return made


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_elsewhere_than_on_linux_pywebview_is_the_default_if_it_is_installed(
    monkeypatch: pytest.MonkeyPatch, platform: str
) -> None:
    monkeypatch.delenv("TRANSOM_RUNTIME", raising=False)
    monkeypatch.setattr(sys, "platform", platform)
    assert choose_runtime() == ("pywebview", None)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert choose_runtime() == ("web", "pywebview is not installed: pip install 'transom[pywebview]'")


def test_without_pywebview_one_error_names_the_line_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("transom.runtimes.pywebview")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "webview", None)
    with pytest.raises(RuntimeUnavailable, match=r"pip install 'transom\[pywebview\]'"):
        find_runtime("pywebview")


def test_an_old_pywebview_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("transom.runtimes.pywebview")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "webview", ModuleType("webview"))
    with pytest.raises(RuntimeUnavailable, match="needs pywebview 6"):
        find_runtime("pywebview")


@pytest.mark.parametrize("engine", ["mshtml", "qtwebkit"])
def test_an_engine_that_is_too_old_is_refused_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch, engine: str
) -> None:
    from transom.runtimes.pywebview._library import refuse_old_engine

    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(RuntimeUnavailable, match="WebView2"):
        refuse_old_engine(engine)
    refuse_old_engine("edgechromium")


def test_pages_cannot_have_addresses_opened_or_files_saved(webview: Any) -> None:
    from transom.runtimes.pywebview._library import prepare

    prepare()
    assert not webview.settings["OPEN_EXTERNAL_LINKS_IN_BROWSER"]
    assert not webview.settings["ALLOW_DOWNLOADS"]
    assert not webview.settings["ALLOW_FILE_URLS"]


@pytest.mark.parametrize("path", ["__class__", "__class__.__base__.__subclasses__", "__init__", "__dict__", "x.y"])
def test_there_is_nothing_behind_the_functions_of_pywebview(path: str) -> None:
    from transom.runtimes.pywebview._library import NoApi

    found: Any = NoApi()
    assert dir(found) == []
    for name in path.split("."):
        found = getattr(found, name, None)
        assert found is None


def test_pages_cannot_fill_the_shared_state() -> None:
    from transom.runtimes.pywebview._library import NoState

    state = NoState(SimpleNamespace(events=SimpleNamespace(loaded=threading.Event())))
    state.__setattr__("key", "x" * 1000, False)
    state["other"] = 1
    delattr(state, "__pywebviewHaltUpdate__key")
    assert len(state) == 0


def test_only_lines_about_a_script_that_came_too_late_are_left_out(caplog: pytest.LogCaptureFixture) -> None:
    from transom.runtimes.pywebview._library import _is_no_late_script

    late = logging.LogRecord("pywebview", logging.ERROR, "", 0, ValueError("evaluating 'window.pywebview.x'"), (), None)
    other = logging.LogRecord("pywebview", logging.ERROR, "", 0, "cannot be loaded", (), None)
    assert not _is_no_late_script(late)
    assert _is_no_late_script(other)


# The options of a window


def test_the_options_of_a_window_are_those_of_pywebview() -> None:
    look = window(
        title="T",
        width=500.4,
        height=300,
        x=1,
        y=2,
        min_width=100,
        min_height=50,
        visible=False,
        decorations=False,
        always_on_top=True,
        maximized=True,
        background_color=(1, 2, 255, 255),
    ).look("http://address/")
    assert (look["title"], look["url"], look["width"], look["height"]) == ("T", "http://address/", 500, 300)
    assert (look["x"], look["y"], look["min_size"]) == (1, 2, (100, 50))
    assert (look["hidden"], look["frameless"], look["on_top"]) == (True, True, True)
    assert look["maximized"] is False, "pywebview would show the hidden window"
    assert look["background_color"] == "#0102ff"
    assert look["easy_drag"] is False


def test_the_page_moves_a_window_only_while_it_is_the_application_s(
    webview: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved: list[Any] = []
    monkeypatch.setattr(webview.Window, "move", lambda native, x, y: moved.append((x, y)))
    own = False
    one, native = window(), FakeNative()
    one.attach(native, lambda: own)
    native.move(1, 2)
    own = True
    for wrong in ((), (1,), ("a", {}), (None, 2)):
        native.move(*wrong)
    native.move(3, 4.7, 5)
    assert moved == [(3, 4)]


# What is known of a window


def test_what_pywebview_tells_of_a_window_is_kept() -> None:
    one = window()
    for event, state in (
        ("maximized", (True, False)),
        ("minimized", (True, True)),
        ("restored", (True, False)),
        ("restored", (False, False)),
    ):
        one.note(event)
        assert (one.maximized, one.minimized) == state, event


def test_the_first_look_at_a_window_tells_of_no_change() -> None:
    one = window()
    assert one.refresh() == (False, False)
    one.native.gui.place = (11, 20)
    assert one.refresh() == (True, False)
    one.native.gui.size = (401, 300)
    assert one.refresh() == (False, True)
    assert one.refresh() == (False, False)


@pytest.mark.parametrize(
    ("backend", "inner"), [("winforms", (384, 261)), ("cocoa", (384, 261)), ("gtk", (400, 300)), ("qt", (400, 300))]
)
def test_a_size_with_borders_is_one_without_where_pywebview_counts_them(backend: str, inner: tuple[int, int]) -> None:
    one = window(backend)
    one.state = SimpleNamespace(width=768, height=522, scale_factor=2.0)
    one.refresh()
    one.measure_frame()
    assert one.inner_size == PhysicalSize(inner[0] * 2, inner[1] * 2)
    assert one.outer_size == PhysicalSize(800, 600)


def test_a_frame_that_cannot_be_one_is_not_believed() -> None:
    one = window("winforms")
    one.state = SimpleNamespace(width=1000, height=1000, scale_factor=1.0)  # the page's word
    one.measure_frame()
    assert one.frame == LogicalSize(0, 0)


@pytest.mark.parametrize(
    ("backend", "done"),
    [
        ("gtk", [("maximize",), ("unmaximize",)]),
        ("qt", [("maximize",), ("restore",)]),
        ("winforms", [("maximize",), ("restore",)]),
        ("cocoa", [("maximize",), ("resize", 400, 300), ("moved", 10, 20)]),
    ],
)
def test_a_maximized_window_gets_its_place_and_size_back(
    webview: Any, monkeypatch: pytest.MonkeyPatch, backend: str, done: list[Any]
) -> None:
    from transom.runtimes.pywebview._operations import SETTERS

    one = window(backend)
    one.invoke = lambda work: work()
    monkeypatch.setattr(webview.Window, "move", lambda native, x, y: native.done.append(("moved", x, y)))
    for maximized in (True, True, False, False):
        SETTERS[ops.SetMaximized](one, ops.SetMaximized("main", maximized))
    assert one.native.done == done


def test_a_size_is_set_with_the_borders_that_pywebview_counts() -> None:
    from transom.runtimes.pywebview._operations import SETTERS

    one = window("winforms")
    one.frame = LogicalSize(16, 39)
    SETTERS[ops.SetSize](one, ops.SetSize("main", LogicalSize(500, 400)))
    assert one.native.done == [("resize", 516, 439)]


def test_fullscreen_is_toggled_only_when_it_changes() -> None:
    from transom.runtimes.pywebview._operations import SETTERS

    one = window()
    for wanted in (False, True, True, False):
        SETTERS[ops.SetFullscreen](one, ops.SetFullscreen("main", wanted))
    assert one.native.done == [("toggle_fullscreen",), ("toggle_fullscreen",)]


def test_a_window_is_moved_into_the_range_of_the_system(webview: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from transom.runtimes.pywebview._operations import move_to

    monkeypatch.setattr(webview.Window, "move", lambda native, x, y: native.done.append((x, y)))
    one = window()
    move_to(one, LogicalPosition(1e12, -1e12))
    assert one.native.done == [(32767, -32767)]


# Monitors


def test_monitors_are_pywebview_s_screens() -> None:
    from webview.screen import Screen

    from transom.runtimes.pywebview._desktop import monitors_of, read_desktop

    monitors = monitors_of([Screen(-1000, 0, 1000, 800), Screen(0, 0, 1920, 1080, scale=1.0)])
    assert [monitor.size.width for monitor in read_desktop(ops.AvailableMonitors(), monitors)] == [1000, 1920]
    assert read_desktop(ops.PrimaryMonitor(), monitors) is monitors[1]
    assert read_desktop(ops.MonitorFromPoint(-5, 5), monitors) is monitors[0]
    assert read_desktop(ops.MonitorFromPoint(5000, 5), monitors) is None
    assert read_desktop(ops.PrimaryMonitor(), ()) is None


# Dialogs


@pytest.mark.parametrize("chosen", [("/a", "/b"), None, "/a"])
def test_files_are_chosen_in_pywebview_s_dialog(chosen: Any) -> None:
    from transom.runtimes.pywebview._dialogs import FileDialogs

    one = window()
    one.native.chosen = chosen
    filters = (("Bilder (neu)!", ("png", "a b", "tar.gz")), ("Nothing", ("?",)), ("", ("*",)))
    op = ops.ChooseFiles("main", "open", multiple=True, filters=filters, folder=Path("/tmp"))
    paths = FileDialogs(lambda _: None).choose(one, op).result(10)
    assert paths == {("/a", "/b"): (Path("/a"), Path("/b")), None: (), "/a": (Path("/a"),)}[chosen]
    (kind, given) = one.native.done[0]
    assert (kind, given["directory"], given["allow_multiple"]) == (10, "/tmp", True)
    assert given["file_types"] == ("Bilder neu (*.png;*.tar.gz)", "Files (*.*)")


def test_there_is_one_dialog_for_files_at_a_time() -> None:
    from transom.runtimes.pywebview._dialogs import FileDialogs

    one, may_end = window(), threading.Event()
    one.native.create_file_dialog = lambda *_, **__: may_end.wait(10) and None
    dialogs, op = FileDialogs(lambda _: None), ops.ChooseFiles("main", "folder")
    first = dialogs.choose(one, op)
    with pytest.raises(WindowError, match="one at a time"):
        dialogs.choose(one, op)
    may_end.set()
    assert first.result(10) == ()
    assert dialogs.choose(one, op).result(10) == ()


def test_an_icon_that_cannot_be_read_is_logged_and_not_used(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    needs_pywebview_package()
    from transom.runtimes.pywebview._shell import _picture

    (tmp_path / "good.png").write_bytes(png())
    (tmp_path / "bad.png").write_bytes(png()[:30])
    assert _picture(tmp_path / "good.png") == str(tmp_path / "good.png")
    assert _picture(tmp_path / "bad.png") is None
    assert "bundle.icon (bad.png) is not used for the windows" in caplog.text
    assert _picture(None) is None
