"""Windows, events and state under the names of Tauri 1.x: who hears what."""

from __future__ import annotations

from collections.abc import Iterator
from queue import SimpleQueue
from typing import Any, NamedTuple

import pytest

from tests.mock_app import SOON, Running, events_of, listen_in, running
from transom import v1
from transom.errors import StateError
from transom.runtimes import EvaluateScript


class Counter(NamedTuple):
    start: int


@pytest.fixture
def application() -> Iterator[Running]:
    builder = v1.Builder().manage(Counter(7)).builder()
    with running(builder=builder, windows=("main", "other")) as made:
        yield made


def handle(application: Running) -> v1.AppHandle:
    of_2x = application.app.handle()
    return v1.AppHandle(of_2x._app, of_2x._client)


def window(application: Running, label: str = "main") -> v1.Window[v1.Params]:
    found = handle(application).get_window(label)
    assert found is not None
    return found


class Ears:
    """Listeners, each under a name, and what they heard in order."""

    def __init__(self) -> None:
        self._heard: SimpleQueue[tuple[str, Any]] = SimpleQueue()

    def named(self, name: str) -> Any:
        return lambda event: self._heard.put((name, event.payload))

    def next(self, count: int) -> list[tuple[str, Any]]:
        return sorted(self._heard.get(timeout=SOON) for _ in range(count))

    def empty(self) -> bool:
        return self._heard.empty()


@pytest.fixture
def ears(application: Running) -> Ears:
    made = Ears()
    handle(application).listen_global("news", made.named("global"))
    window(application).listen("news", made.named("main"))
    window(application, "other").listen("news", made.named("other"))
    return made


def emit_in_page(application: Running, label: str, payload: Any, only: str | None = None) -> None:
    arguments = {"event": "news", "payload": payload, "fromWindow": True, "onlyWindow": only}
    application.runtime.pages[label].invoke("plugin:event|emit", arguments)


# What sends an event -> the listeners in Python that hear it, and the pages that get it.
SENDERS: dict[str, tuple[Any, list[str], list[str]]] = {
    "emit of the page main": (lambda a: emit_in_page(a, "main", 1), ["global", "main"], ["main", "other"]),
    "emit of the page other": (lambda a: emit_in_page(a, "other", 1), ["global", "other"], ["main", "other"]),
    "emit of the page main to other": (lambda a: emit_in_page(a, "main", 1, "other"), ["global", "main"], ["other"]),
    "AppHandle.emit_all": (lambda a: handle(a).emit_all("news", 1), [], ["main", "other"]),
    "AppHandle.emit_to": (lambda a: handle(a).emit_to("other", "news", 1), [], ["other"]),
    "AppHandle.trigger_global": (lambda a: handle(a).trigger_global("news", 1), ["global"], []),
    "Window.emit": (lambda a: window(a).emit("news", 1), [], ["main", "other"]),
    "Window.emit_all": (lambda a: window(a).emit_all("news", 1), [], ["main", "other"]),
    "Window.trigger": (lambda a: window(a).trigger("news", 1), ["global", "main"], []),
}


@pytest.mark.parametrize("sender", SENDERS)
def test_an_event_reaches_the_listeners_that_it_reaches_in_1x(application: Running, ears: Ears, sender: str) -> None:
    send, in_python, in_pages = SENDERS[sender]
    for label in ("main", "other"):
        listen_in(application.runtime.pages[label], "news", 1)
    send(application)
    assert ears.next(len(in_python)) == [(name, 1) for name in in_python]
    assert [label for label in ("main", "other") if events_of(application.runtime.pages[label])] == in_pages
    # A listener hears its events in order: had it heard the first, it would come before this one.
    application.app.emit("news", "end")
    window(application).trigger("news", "end")
    window(application, "other").trigger("news", "end")
    assert ears.next(5) == [("global", "end")] * 3 + [("main", "end"), ("other", "end")]
    assert ears.empty()


def test_pages_of_1x_learn_the_window_that_an_event_comes_from(application: Running) -> None:
    page = application.page
    listen_in(page, "news", 1)
    window(application, "other").emit("news", 1)
    handle(application).emit_all("news", 2)
    (_, _, by_window), (_, _, by_application) = events_of(page)
    assert (by_window[-1], len(by_window), len(by_application)) == ("other", 2, 1)


def test_once_hears_one_event_and_an_unlistened_listener_none(application: Running) -> None:
    ears, app, main = Ears(), handle(application), window(application)
    app.once_global("news", ears.named("once"))
    main.once("news", ears.named("once in main"))
    main.unlisten(main.listen("news", ears.named("gone")))
    window(application, "other").trigger("news", 1)
    main.trigger("news", 2)
    main.trigger("news", 3)
    main.once("last", ears.named("last"))
    main.trigger("last", 4)
    assert ears.next(3) == [("last", 4), ("once", 1), ("once in main", 2)]
    assert ears.empty()


def test_windows_state_paths_and_the_application_are_found(application: Running) -> None:
    app, main = handle(application), window(application)
    assert (app.get_window("none"), sorted(app.windows())) == (None, ["main", "other"])
    assert (main.label(), repr(main)) == ("main", "<Window 'main'>")
    assert (main == app.windows()["main"], main == window(application, "other")) == (True, False)
    assert len({main, window(application)}) == 1
    assert app.state(Counter).start == main.state(Counter).start == 7
    assert (app.try_state(str), app.manage(Counter(1)), app.manage("text"), app.state(str)) == (
        None,
        False,
        True,
        "text",
    )
    with pytest.raises(StateError):
        app.state(int)
    assert main.app_handle().config().identifier == "org.example.mock"
    assert app.path_resolver().app_data_dir().name == "org.example.mock"


def test_methods_that_1x_and_2x_name_alike_are_those_of_2x(application: Running) -> None:
    window(application).eval("1 + 1")
    assert EvaluateScript("main", "1 + 1") in application.runtime.performed
    assert handle(application).package_info().name
    with pytest.raises(AttributeError, match="no_such_method"):
        handle(application).no_such_method()


def test_close_asks_nobody(application: Running) -> None:
    listen_in(application.page, "tauri://close-requested", 1, "Window", "main")
    window(application).close()
    application.on_main()
    assert sorted(handle(application).windows()) == ["other"]
