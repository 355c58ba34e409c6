"""Errors of events, hooks and tasks."""

from __future__ import annotations

from .._explanation import Explanation

__all__ = ["EVENTS"]

# Add here to explain an error of an event, a hook or a task.
EVENTS = (
    Explanation(
        name="event-name-not-valid",
        text="Event name must include only alphanumeric characters",
        why="the name of an event has a space or another character that Tauri does not allow",
        rule="Names of events have letters, digits, `-`, `/`, `:` and `_`.",
        fix="rename the event, for example `file saved` to `file-saved`",
        example="from transom import Builder\n\nbuilder = Builder()\n",
        call="await invoke('plugin:event|emit', { event: 'file saved', payload: 1 });",
        mended_call="await invoke('plugin:event|emit', { event: 'file-saved', payload: 1 });",
    ),
    Explanation(
        name="label-not-valid",
        text="labels must only include alphanumeric characters",
        why="the label of a window or webview has a space or another character that Tauri does not allow",
        rule="Labels have letters, digits, `-`, `/`, `:` and `_`. They are names for the program; users see the title.",
        fix="rename it, for example `my window` to `my-window`",
        example="""from transom import Builder, WebviewWindowBuilder


builder = Builder().setup(lambda app: WebviewWindowBuilder(app, "my window", "index.html").build())
""",
        mended="""from transom import Builder, WebviewWindowBuilder


builder = Builder().setup(lambda app: WebviewWindowBuilder(app, "my-window", "index.html").build())
""",
        call="await invoke('plugin:app|name');",
    ),
    Explanation(
        name="event-declared-twice",
        text="Builder.events: two events are called <name>",
        why="two `TypedEvent` objects have the same name",
        rule="An event is declared once, at the top of a module, so that its payload has one type in the bindings.",
        fix="import the one that is there, or rename the other",
        example="""from transom import Builder, TypedEvent

builder = Builder().events(TypedEvent("saved", str), TypedEvent("saved", int))
""",
        mended="""from transom import Builder, TypedEvent

builder = Builder().events(TypedEvent("saved", str), TypedEvent("counted", int))
""",
    ),
    Explanation(
        name="hook-is-async",
        text="is an `async def`; make it a `def` (`app.spawn` starts a task)",
        why="a hook of the builder, or a handler of menu or tray events, is an `async def`",
        rule="Hooks run where something happens, and what happens waits for them: a window is not closed before `on_window_event` "
        "has returned.",
        fix="make it a `def`, and start what takes long with `app.spawn(...)`",
        example="""from transom import Builder


async def on_event(window: object, event: object) -> None: ...


builder = Builder().on_window_event(on_event)
""",
        mended="""from transom import Builder


def on_event(window: object, event: object) -> None: ...


builder = Builder().on_window_event(on_event)
""",
    ),
    Explanation(
        name="listener-too-slow",
        text="is too slow: the oldest of <n> waiting events are dropped",
        why="events come faster than a listener in Python handles them",
        rule="A listener hears its events in their order, one at a time. What waits for it is bounded, so that the memory does "
        "not grow.",
        fix="do less in the listener, emit less often, or keep only the latest value and handle it in a task",
    ),
    Explanation(
        name="too-early",
        text="the application is not running yet",
        why="a task was started, or a window was made, before the application runs",
        rule="Windows and the event loop are there from the setup hook on.",
        fix="do it in `Builder.setup(...)`, or later",
    ),
    Explanation(
        name="too-late",
        text="the application has ended; no",
        why="a thread of the program goes on after the application has ended",
        rule="Events, tasks and windows end with the application. `app.exit()` and the last window end it.",
        fix="end the thread when `RunEvent.Exit` comes, or let `app.spawn(...)` start what belongs to the application",
    ),
    Explanation(
        name="workers-busy",
        text="calls of `def` functions are queued",
        why="all workers run `def` commands that take long, so further calls wait",
        rule="`def` commands run in a bounded number of threads. An `async def` that waits needs none.",
        fix="wait in `async def` commands, or raise `Builder.limits(max_workers=...)`",
    ),
    Explanation(
        name="main-thread-held",
        text="blocked the main thread for",
        why='a command with `thread="main"` takes long',
        rule="The main thread moves and draws all windows. While a command runs there, they are frozen.",
        fix='leave `thread="main"` out, and call `app.run_on_main_thread(...)` for the part that needs it',
    ),
    Explanation(
        name="answered-twice",
        text="was answered twice; the second answer is dropped",
        why="a handler that answers by itself, with a resolver, did it twice",
        rule="Each call has one answer; the first counts.",
        fix="return behind the first answer",
    ),
    Explanation(
        name="application-never-run",
        text="a Builder was made, but its application was never run",
        why="the program ended without running the application that it built",
        rule="`Builder(...)` and its methods only describe an application; `run` starts it.",
        fix="end the program with `.run(generate_context())`",
    ),
    Explanation(
        name="task-failed",
        text="a task failed, and its result was never retrieved",
        why="a coroutine that `app.spawn` started raised, and nothing waits for its result",
        rule="`spawn` returns a future with the result or the exception of the task. The log has the traceback.",
        fix="catch the exception in the task, or look at the future's result",
    ),
)
