from __future__ import annotations

import asyncio
import gc
import threading
from contextlib import suppress
from functools import partial
from queue import SimpleQueue
from typing import Any

import pytest

from tests.mock_app import SOON, Running, context, events_of, listen_in, running
from transom.app import Builder
from transom.commands import command
from transom.config import WindowConfig
from transom.errors import WindowError
from transom.events import Event
from transom.handles import AppHandle, WebviewWindowBuilder
from transom.runtimes import CreateWindow, WindowEvent


def test_the_last_window_ends_the_application(application: Running) -> None:
    application.open("other")
    for label in ("main", "other"):
        assert application.thread.is_alive()
        window = application.app.get_webview_window(label)
        assert window is not None
        window.close()
        assert application.app.get_webview_window(label) is None
    assert application.ended() == 0


def test_a_destroyed_window_ends_its_page_and_tells_who_listens(application: Running) -> None:
    other = application.open("other")
    listen_in(application.page, "tauri://destroyed", 1)
    listen_in(other, "tauri://destroyed", 2)
    listen_in(application.page, "tauri://close-requested", 3)
    window = application.app.get_webview_window("other")
    assert window is not None
    window.close()
    assert other.session.closed  # type: ignore[attr-defined]
    assert [event[0] for event in events_of(application.page)] == ["tauri://close-requested", "tauri://destroyed"]
    assert not application.session.closed


def test_events_of_a_window_are_for_its_own_listeners(application: Running) -> None:
    listen_in(application.page, "tauri://resize", 1, "WebviewWindow", "main")
    listen_in(application.page, "tauri://resize", 2, "WebviewWindow", "other")
    assert application.core.window_event(WindowEvent("main", "resize", {"width": 1, "height": 2})) is True
    [[_, payload, listeners]] = events_of(application.page)
    assert payload == {"width": 1, "height": 2}
    assert [handler for _, handler in listeners] == [1]


@pytest.mark.parametrize("name", ["resize", "move", "focus", "blur", "close-requested", "destroyed"])
def test_events_of_a_window_reach_each_kind_of_listener_that_stands_for_it(application: Running, name: str) -> None:
    application.open("other")
    kinds = ["Any", "AnyLabel", "Window", "WebviewWindow", "Webview", "App"]
    for handler, kind in enumerate(kinds):
        listen_in(application.page, f"tauri://{name}", handler, kind, None if kind in ("Any", "App") else "other")
    heard: SimpleQueue[str] = SimpleQueue()
    handle = application.app.handle()
    for listener in (handle.get_window("other"), handle.get_webview("other"), handle.get_webview_window("other")):
        assert listener is not None
        kind = type(listener).__name__
        listener.listen(f"tauri://{name}", lambda _, kind=kind: heard.put(kind))
    application.core.window_event(WindowEvent("other", name, None))  # type: ignore[arg-type]
    # Before the last window is gone, which ends the application.
    assert {heard.get(timeout=SOON), heard.get(timeout=SOON)} == {"WebviewWindow", "Window"}
    application.core.window_event(WindowEvent("main", name, None))  # type: ignore[arg-type]
    first, *rest = events_of(application.page)
    assert [kinds[handler] for _, handler in first[2]] == ["Any", "AnyLabel", "Window", "WebviewWindow"]
    assert [[kinds[handler] for _, handler in event[2]] for event in rest] == [["Any"]]
    assert heard.empty()


@pytest.mark.parametrize("kind", ["Window", "WebviewWindow"])
def test_a_page_that_listens_to_close_requested_decides_about_it(application: Running, kind: str) -> None:
    listen_in(application.page, "tauri://close-requested", 1, kind, "main")
    window = application.app.get_webview_window("main")
    assert window is not None
    for times in (1, 2):
        window.close()
        assert len(events_of(application.page)) == times
        assert application.app.get_webview_window("main") == window
    application.app.add_capability(
        '{"identifier": "c", "windows": ["*"], "permissions": ["core:window:allow-destroy"]}'
    )
    application.page.send("plugin:window|destroy", {"label": "main"})
    assert application.ended() == 0


@pytest.mark.parametrize("kind", ["Any", "AnyLabel", "Webview"])
def test_other_listeners_do_not_hold_a_window(application: Running, kind: str) -> None:
    listen_in(application.page, "tauri://close-requested", 1, kind, None if kind == "Any" else "main")
    window = application.app.get_webview_window("main")
    assert window is not None
    window.close()
    assert application.ended() == 0


def test_a_listener_of_a_page_that_is_gone_holds_nothing(application: Running) -> None:
    listen_in(application.page, "tauri://close-requested", 1, "Window", "main")
    window = application.app.get_webview_window("main")
    assert window is not None
    window.reload()
    window.close()
    assert application.ended() == 0


def test_destroy_asks_nobody(application: Running) -> None:
    listen_in(application.page, "tauri://close-requested", 1, "Window", "main")
    window = application.app.get_webview_window("main")
    assert window is not None
    page = application.page
    window.destroy()
    assert application.ended() == 0
    assert events_of(page) == []


def test_a_new_page_ends_the_one_before_it(application: Running) -> None:
    old = application.session
    window = application.app.get_webview_window("main")
    assert window is not None
    window.reload()
    assert old.closed
    assert not application.session.closed
    old.close()
    assert application.core.client.page("main") is application.session
    application.session.close()
    with pytest.raises(WindowError, match="shows no page yet"):
        application.core.client.page("main")


@pytest.mark.parametrize("code", [0, 7])
def test_exit_gives_its_code_and_the_first_counts(code: int) -> None:
    with running() as application:
        application.app.handle().exit(code)
        application.app.handle().exit(99)
        assert application.ended() == code
        assert application.core.exit_code == code


def test_a_signal_is_the_exit_status(application: Running) -> None:
    application.core.signalled(15)
    assert application.ended() == 143


def test_an_application_that_was_not_started_says_so_and_can_still_be_ended_later() -> None:
    app = Builder().setup(lambda handle: handle.exit(5)).build(context("main"), "mock")
    core = app._core
    for use in (
        lambda: app.handle().exit(3),
        lambda: core.run_on_main_thread(lambda: None),
        lambda: core.create_window(core.client, WindowConfig(label="x")),
    ):
        with pytest.raises(WindowError, match="the application is not running yet"):
            use()
    assert core.client.windows == []
    application = Running(app, core)
    application.thread.start()
    assert application.ended() == 5


def test_setup_runs_once_on_the_main_thread_when_the_configured_windows_are_there() -> None:
    seen: list[Any] = []

    def setup(app: AppHandle) -> None:
        seen.append((threading.current_thread().name, list(app.webview_windows())))
        window = app.get_webview_window("main")
        assert window is not None
        window.set_title("From the setup")

        async def task() -> str:
            return "ran"

        seen.append(app.spawn(task()).result(SOON))

    with running(setup=setup) as application:
        assert list(application.app.webview_windows()) == ["main"]
    assert seen == [("test-main", ["main"]), "ran"]


def test_an_error_in_setup_ends_the_application_and_is_raised() -> None:
    def setup(app: AppHandle) -> None:
        raise ValueError("no database")

    with pytest.raises(ValueError, match="no database"), running(setup=setup):
        pass


def test_work_for_the_main_thread_that_fails_is_logged_and_ends_nothing(
    application: Running, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise OSError("no display")

    application.app.handle().run_on_main_thread(fail)
    application.on_main()
    assert "work for the main thread failed" in caplog.text
    assert "OSError: no display" in caplog.text


def test_what_is_asked_of_an_application_that_has_ended_is_an_error_at_once() -> None:
    with running() as application:
        handle, window = application.app.handle(), application.app.get_webview_window("main")
    assert window is not None

    async def nothing() -> None: ...

    with pytest.raises(RuntimeError, match="the application has ended; no task can be started any more"):
        handle.spawn(nothing())
    with pytest.raises(WindowError, match="the application has ended; no window"):
        WebviewWindowBuilder(handle, "late").build()
    with pytest.raises(WindowError):
        window.set_title("late")
    with pytest.raises(WindowError, match="the application has ended"):
        handle.run_on_main_thread(lambda: None)
    for emit in (handle.emit, partial(handle.emit_to, "main"), partial(window.emit_filter, accepts=lambda _: True)):
        with pytest.raises(RuntimeError, match="the application has ended; no event can be sent any more"):
            emit("late", payload=1)
    with pytest.raises(RuntimeError, match="the application has ended; no event can be heard any more"):
        window.once("late", print)
    assert handle.unlisten(5) is None
    handle.exit(7)


def test_two_windows_of_one_label_in_the_configuration_are_an_error() -> None:
    with (
        pytest.raises(WindowError, match="a window with label `main` already exists"),
        running(windows=("main", "main")),
    ):
        pass


def test_the_configured_windows_are_made_but_those_that_wait() -> None:
    import msgspec

    plain = context("main")
    windows = (WindowConfig(title="First", width=300), WindowConfig(label="later", create=False))
    config = msgspec.structs.replace(plain.config, app=msgspec.structs.replace(plain.config.app, windows=windows))
    made = threading.Event()
    builder = Builder().setup(lambda app: app.run_on_main_thread(made.set))
    app = builder.build(msgspec.structs.replace(plain, config=config), "mock")
    application = Running(app, app._core)
    application.thread.start()
    assert made.wait(SOON)
    [op] = application.runtime.performed
    assert isinstance(op, CreateWindow)
    assert (op.label, op.options.url, op.options.title, op.options.width) == ("main", "index.html", "First", 300)
    application.exit()


def test_a_window_that_cannot_be_made_leaves_its_label_free(
    application: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(op: Any) -> None:
        raise WindowError("no room")

    monkeypatch.setattr(application.runtime, "perform", refuse)
    with pytest.raises(WindowError, match="no room"):
        application.open("other")
    assert application.core.client.windows == ["main"]


def test_shutdown_waits_for_nothing_that_still_runs() -> None:
    started = {name: threading.Event() for name in ("worker", "stubborn", "listener")}
    release = threading.Event()
    ended: list[str] = []

    @command
    def blocked() -> None:
        started["worker"].set()
        release.wait(30)
        ended.append("worker")

    @command
    async def stubborn() -> None:
        started["stubborn"].set()
        while not release.is_set():
            with suppress(asyncio.CancelledError):
                await asyncio.Event().wait()

    def listener(event: Event) -> None:
        started["listener"].set()
        release.wait(30)
        ended.append("listener")

    with running(blocked, stubborn) as application:
        application.app.listen("news", listener)
        application.page.send("blocked")
        application.page.send("stubborn")
        application.app.emit("news")
        for event in started.values():
            assert event.wait(SOON)
        assert application.exit(4) == 4
        assert ended == []
        release.set()
    del application
    gc.collect()


def test_the_end_closes_pages_cancels_tasks_and_takes_no_work() -> None:
    started, seen = threading.Event(), []

    async def task() -> None:
        started.set()
        try:
            await asyncio.Event().wait()
        finally:
            seen.append("ended")

    with running() as application:
        future = application.app.handle().spawn(task())
        assert started.wait(SOON)
        session = application.session
        application.exit()
        assert session.closed
        assert seen == ["ended"]
        assert future.cancelled()
        with pytest.raises(RuntimeError, match="the application has ended"):
            application.core.threads.workers.submit(lambda: None)
        application.core.stop()
