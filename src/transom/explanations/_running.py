"""Errors of code that runs."""

from __future__ import annotations

from ._explanation import Explanation

__all__ = ["RUNNING"]

# Add here to explain an error that Python code meets while the application runs, or that the log names.
RUNNING = (
    Explanation(
        name="blocked-event-loop",
        text="blocked the event loop for",
        why="an `async def` command does something slow without `await`",
        rule="All `async def` commands share one event loop. While one computes, no other runs, and no page is served.",
        fix="make it a `def`, which runs in a worker, or move the slow part to `await asyncio.to_thread(...)`",
        example="""import time

from transom import command


@command
async def compute() -> int:
    time.sleep(0.3)
    return 42
""",
        call="await invoke('compute');",
        mended="""import time

from transom import command


@command
def compute() -> int:
    time.sleep(0.3)
    return 42
""",
    ),
    Explanation(
        name="channel-closed",
        text="this channel was closed",
        why="the command sends after `close`, or the page is gone or has dropped the channel",
        rule="A channel ends with `close`, with its page, and when the page no longer has the callback.",
        fix="end the work when `send` raises `ChannelClosed`",
        example="""from transom import Channel, command


@command
def count(on_number: Channel[int]) -> None:
    on_number.close()
    on_number.send(1)
""",
        call="await invoke('count', { onNumber: new Channel() });",
        mended="""from transom import Channel, command


@command
def count(on_number: Channel[int]) -> None:
    on_number.send(1)
    on_number.close()
""",
    ),
    Explanation(
        name="channel-full",
        text="wait for room with await send_async()",
        why="the page does not read as fast as the command sends",
        rule="What waits for a page is bounded by `Builder.limits`. `send` never waits, so it raises `ChannelFull` at the bound.",
        fix="use `await channel.send_async(...)` in an `async def`, `channel.send_blocking(...)` in a `def`, or drop the message",
        example="""from transom import Builder, Channel, command, generate_handler


@command
def count(on_number: Channel[int]) -> None:
    for number in range(2_000):
        on_number.send(number)


builder = Builder().limits(max_queued_messages=1).invoke_handler(generate_handler(count))
""",
        mended="""from transom import Builder, Channel, command, generate_handler


@command
def count(on_number: Channel[int]) -> None:
    for number in range(2_000):
        on_number.send_blocking(number)


builder = Builder().limits(max_queued_messages=1).invoke_handler(generate_handler(count))
""",
    ),
    Explanation(
        name="waits-for-windows",
        text="waits for the window system; in async def",
        why="an `async def` calls a method that waits for the main thread, such as `Window.title()`",
        rule="The event loop must not wait for the window system, because everything else would wait with it.",
        fix="`await asyncio.to_thread(window.title)`, or make the command a `def`",
    ),
    Explanation(
        name="window-not-found",
        text="window not found",
        why="no window has this label: it is closed, or has not been made yet",
        rule="Windows are called by the label of the configuration or of the builder, not by their title.",
        fix="ask first, with `app.get_webview_window(label)` in Python or `Window.getByLabel(label)` in the page",
    ),
    Explanation(
        name="window-label-taken",
        text="a window with label <label> already exists",
        why="an open window has this label already",
        rule="Labels are unique while their windows are open.",
        fix="show the one that is open, or choose another label",
    ),
    Explanation(
        name="image-not-readable",
        text="failed to process image",
        why="bytes or a file are not a PNG or ICO image, or are damaged",
        rule="Icons of windows, menus and trays are PNG or ICO files, or pixels with their width and height.",
        fix="convert the picture to PNG; `transom icon` makes all icons of an application from one picture",
        example="""from transom import Image

Image.from_bytes(b"not an image")
""",
        mended="""from transom import Image

Image(bytes(4 * 16 * 16), 16, 16)
""",
    ),
    Explanation(
        name="message-not-answered",
        text="was not answered",
        why="a handler of `InvokeMessage`, as of Tauri 1.0 beta, returned without an answer",
        rule="Such a handler answers each message once, on every path.",
        fix="call `resolve`, `reject` or one of the others on every path",
    ),
)
