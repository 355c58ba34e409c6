"""A chat of three windows, each with the npm package of another generation of Tauri: `python generations.py`.

`python generations.py --check` lets every window say something, and ends with status 0 if all have heard everything.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass, field

from transom import AppHandle, Builder, State, Webview, command, generate_context, generate_handler

# Label of a window -> what its page is called, and the generation that it speaks.
WINDOWS = {"zero": ("0.15", "0.x"), "one": ("1.6", "1.x"), "two": ("2.12", "2.x")}
PATIENCE = 60  # seconds, for the check


@dataclass
class Check:
    """How far the check is. Only the event loop changes it."""

    asked: bool
    ready: set[str] = field(default_factory=set)
    heard: dict[str, list[str]] = field(default_factory=dict)


@command
async def say(app: AppHandle, webview: Webview, text: str) -> None:
    """Tell all windows what one of them says."""
    app.emit("said", {"by": WINDOWS[webview.label][0], "text": text})


@command
async def ready(app: AppHandle, webview: Webview, check: State[Check]) -> None:
    """Note that a page listens; begin the check when all do."""
    check.ready.add(webview.label)
    if check.asked and check.ready == set(WINDOWS):
        app.emit("check")


@command
async def checked(app: AppHandle, webview: Webview, check: State[Check], heard: list[str]) -> None:
    """Note what a page has heard; end the check when all have told."""
    check.heard[webview.label] = heard
    if set(check.heard) == set(WINDOWS):
        end(app)


def end(app: AppHandle) -> None:
    """Say whether every window has heard all of them, and end the application."""
    heard = app.state(Check).heard
    names = [name for name, _ in WINDOWS.values()]
    expected = sorted([*(f"{name}: hello" for name in names), *names])
    failures = [f"{label} heard {heard.get(label)}" for label in WINDOWS if heard.get(label) != expected]
    sys.stdout.write("\n".join(failures or ["generations: ok"]) + "\n")
    app.exit(1 if failures else 0)


def setup(app: AppHandle) -> None:
    """Let a check end that hangs."""

    async def give_up() -> None:
        await asyncio.sleep(PATIENCE)
        end(app)

    if app.state(Check).asked:
        app.spawn(give_up())


def main() -> int:
    """Run the chat."""
    builder = Builder()
    for label, (_, generation) in WINDOWS.items():
        builder.client(generation, label)
    return (
        builder.manage(Check("--check" in sys.argv))
        .invoke_handler(generate_handler(say, ready, checked))
        .setup(setup)
        .run(generate_context())
    )


if __name__ == "__main__":
    sys.exit(main())
