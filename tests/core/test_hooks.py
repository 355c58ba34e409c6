from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from tests.mock_app import SOON, Running, context, events_of, listen_in, running
from transom.app import Builder
from transom.core import PluginBuilder
from transom.errors import ConfigError, WindowError
from transom.events import RESTART_EXIT_CODE, DragDropEvent, RunEvent, WebviewEvent, WindowEvent
from transom.handles import AppHandle, Webview, Window
from transom.runtimes import WindowEvent as RuntimeWindowEvent
from transom.values import PhysicalPosition, PhysicalSize


def hide_instead(window: Window, event: WindowEvent) -> None:
    """Do what applications with a tray do."""
    match event:
        case WindowEvent.CloseRequested(api=api):
            window.hide()
            api.prevent_close()


def test_a_window_whose_close_is_prevented_stays_and_its_page_goes_on() -> None:
    with running(builder=Builder().on_window_event(hide_instead)) as application:
        window = application.app.get_webview_window("main")
        assert window is not None
        window.close()
        assert [type(op).__name__ for op in application.runtime.performed[-2:]] == ["CloseWindow", "SetVisible"]
        assert application.app.get_webview_window("main") is not None
        assert not application.session.closed
        window.destroy()
        assert application.ended() == 0


def test_a_page_that_listens_hears_of_a_close_that_python_prevents() -> None:
    with running(builder=Builder().on_window_event(hide_instead)) as application:
        listen_in(application.page, "tauri://close-requested", 1, "WebviewWindow", "main")
        window = application.app.get_webview_window("main")
        assert window is not None
        window.close()
        assert [name for name, *_ in events_of(application.page)] == ["tauri://close-requested"]
        assert application.app.get_webview_window("main") is not None


def test_a_page_that_hangs_holds_no_window_and_python_does() -> None:
    prevents: list[bool] = [True]

    def hook(window: Window, event: WindowEvent) -> None:
        if isinstance(event, WindowEvent.CloseRequested) and prevents[0]:
            event.api.prevent_close()

    with running(builder=Builder().on_window_event(hook)) as application:
        listen_in(application.page, "tauri://close-requested", 1, "WebviewWindow", "main")
        asked = RuntimeWindowEvent("main", "close-requested", hangs=True)
        assert not application.core.window_event(asked)
        prevents[0] = False
        assert application.core.window_event(asked)
        assert not application.core.window_event(RuntimeWindowEvent("main", "close-requested"))


def test_hooks_hear_of_events_in_order_whatever_others_raise(caplog: pytest.LogCaptureFixture) -> None:
    heard: list[Any] = []

    def fails(window: Window, event: WindowEvent) -> None:
        raise ValueError("a hook")

    builder = (
        Builder()
        .on_window_event(fails)
        .on_window_event(lambda window, event: heard.append((type(window), window.label, event)))
        .on_webview_event(lambda webview, event: heard.append((type(webview), webview.label, event)))
    )
    with running(builder=builder) as application:
        window, webview = application.app.get_window("main"), application.app.get_webview("main")
        assert window is not None
        assert webview is not None
        window.on_window_event(lambda event: heard.append(("window", event)))
        webview.on_webview_event(lambda event: heard.append(("webview", event)))
        application.open("other")
        application.core.window_event(RuntimeWindowEvent("other", "resize", {"width": 1, "height": 2}))
        application.core.window_event(RuntimeWindowEvent("main", "focus"))
        dropped = {"paths": ["/a"], "position": {"x": 1, "y": 2}}
        application.core.webview_event("main", "drag-drop", dropped)
    drop = DragDropEvent.Drop((Path("/a"),), PhysicalPosition(1, 2))
    assert heard[:7] == [
        (Window, "other", WindowEvent.Resized(PhysicalSize(1, 2))),
        (Window, "main", WindowEvent.Focused(True)),
        ("window", WindowEvent.Focused(True)),
        (Window, "main", WindowEvent.DragDrop(drop)),
        ("window", WindowEvent.DragDrop(drop)),
        (Webview, "main", WebviewEvent.DragDrop(drop)),
        ("webview", WebviewEvent.DragDrop(drop)),
    ]
    assert "a hook failed for WindowEvent.Resized" in caplog.text


def test_the_hooks_of_a_window_end_with_it() -> None:
    heard: list[WindowEvent] = []
    with running(windows=("main", "other")) as application:
        window, webview = application.app.get_window("other"), application.app.get_webview("other")
        assert window is not None
        assert webview is not None
        window.on_window_event(heard.append)
        window.destroy()
        application.open("other")
        application.core.window_event(RuntimeWindowEvent("other", "focus"))
        assert heard == [WindowEvent.Destroyed()]
        window.destroy()
        with pytest.raises(WindowError):
            window.on_window_event(heard.append)
        with pytest.raises(WindowError):
            webview.on_webview_event(lambda _: None)


def test_an_async_hook_is_refused() -> None:
    async def hook(*_: object) -> None: ...

    with pytest.raises(ConfigError, match="on_window_event"):
        Builder().on_window_event(hook)
    with pytest.raises(ConfigError, match="on_webview_event"):
        Builder().on_webview_event(hook)
    with pytest.raises(ConfigError, match=r"App\.run"):
        Builder().build(context(), "mock").run(hook)
    with pytest.raises(ConfigError, match="on_event"):
        PluginBuilder("a").on_event(hook)


class Run:
    """An application that runs with a callback.

    Args:
        prevent: How many requests to exit the callback prevents.
        builder: The application's.
    """

    def __init__(self, prevent: int = 0, builder: Builder | None = None) -> None:
        self.events: list[RunEvent] = []
        self.ready = threading.Event()
        self.asked = threading.Semaphore(0)
        self._prevent = prevent
        self.main: set[str] = set()
        self.app = (builder or Builder()).build(context("main"), "mock")
        self.running = Running(self.app, self.app._core)
        self.status: list[int] = []
        self.thread = threading.Thread(target=self._run, name="test-main", daemon=True)
        self.thread.start()
        assert self.ready.wait(SOON)

    def _run(self) -> None:
        self.status.append(self.app.run(self._on_event))

    def _on_event(self, app: AppHandle, event: RunEvent) -> None:
        self.events.append(event)
        self.main.add(threading.current_thread().name)
        match event:
            case RunEvent.Ready():
                self.ready.set()
            case RunEvent.ExitRequested(api=api):
                if self._prevent:
                    self._prevent -= 1
                    api.prevent_exit()
                self.asked.release()

    def ended(self) -> int:
        self.thread.join(SOON)
        assert not self.thread.is_alive()
        return self.status[0]

    @property
    def kinds(self) -> list[str]:
        return [type(event).__name__ for event in self.events]


def test_a_callback_hears_of_the_life_of_an_application_on_the_main_thread() -> None:
    run = Run()
    run.app.handle().exit(3)
    assert run.ended() == 3
    assert run.kinds == ["Ready", "ExitRequested", "Exit"]
    (asked,) = [event for event in run.events if isinstance(event, RunEvent.ExitRequested)]
    assert asked.code == 3
    assert run.main == {"test-main"}


def test_the_end_of_the_last_window_can_be_prevented() -> None:
    run = Run(prevent=1)
    run.running.page  # noqa: B018 - it is there
    window = run.app.get_webview_window("main")
    assert window is not None
    window.close()
    assert run.asked.acquire(timeout=SOON)
    assert run.kinds == ["Ready", "WindowEvent", "WindowEvent", "ExitRequested"]
    assert [event.code for event in run.events if isinstance(event, RunEvent.ExitRequested)] == [None]
    run.running.on_main()
    assert run.thread.is_alive()
    run.app.add_capability('{"identifier": "c", "windows": ["*"], "permissions": ["core:window:allow-destroy"]}')
    run.running.open("again").send("plugin:window|destroy", {})
    assert run.ended() == 0


def test_an_exit_can_be_prevented_and_a_restart_or_a_signal_cannot() -> None:
    run = Run(prevent=9)
    run.app.handle().exit(3)
    assert run.asked.acquire(timeout=SOON)
    run.running.on_main()
    assert run.thread.is_alive()
    run.running.core.signalled(15)
    assert run.ended() == 143
    assert run.kinds == ["Ready", "ExitRequested", "Exit"]


def test_a_restart_tells_its_code_and_asks_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    restarted: list[bool] = []
    monkeypatch.setattr("transom.app._app.restart_program", lambda: restarted.append(True))
    run = Run(prevent=9)
    run.app.handle().restart()
    assert run.ended() == 0
    assert restarted == [True]
    assert [event.code for event in run.events if isinstance(event, RunEvent.ExitRequested)] == [RESTART_EXIT_CODE]


def test_a_plugin_hears_of_the_application_and_can_keep_it_running() -> None:
    heard: list[str] = []

    def hook(app: AppHandle, event: RunEvent) -> None:
        heard.append(f"{app.config().identifier} {type(event).__name__}")
        if isinstance(event, RunEvent.ExitRequested) and event.code is None:
            event.api.prevent_exit()

    with running(builder=Builder().plugin(PluginBuilder("a").on_event(hook).build())) as application:
        window = application.app.get_webview_window("main")
        assert window is not None
        window.destroy()
        application.on_main()
        assert application.thread.is_alive()
        assert application.exit(5) == 5
    kinds = ["Ready", "WindowEvent", "ExitRequested", "ExitRequested", "Exit"]
    assert heard == [f"org.example.mock {kind}" for kind in kinds]
