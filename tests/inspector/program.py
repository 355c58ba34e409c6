"""An application that the tests inspect: `program.py FOLDER`, which gets its files."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import dataclass
from pathlib import Path

from transom import AppHandle, Builder, Channel, State, command, generate_context, generate_handler

TOKEN = "the-token-of-the-inspector"


@dataclass
class Shelf:
    """Managed state."""

    books: list[str]


@command
async def greet(name: str, app: AppHandle) -> str:
    """Answer, and tell the pages."""
    app.emit("greeted", {"name": name})
    return f"Hello, {name}!"


@command
def fail() -> None:
    """Fail."""
    raise ValueError("the shelf is empty")


@command
async def wait_long() -> None:
    """Never answer."""
    await asyncio.Event().wait()


@command
async def nap(seconds: float) -> float:
    """Answer later."""
    await asyncio.sleep(seconds)
    return seconds


@command
async def count(on_number: Channel[int], shelf: State[Shelf]) -> int:
    """Send numbers."""
    for number in range(50):
        on_number.send(number)
    return len(shelf.books)


@command
async def weigh(data: str, twice: bool = False) -> int:
    """Return the length of a text."""
    return len(data) * (2 if twice else 1)


def main(folder: Path) -> int:
    """Run the application."""
    (folder / "dist").mkdir(parents=True, exist_ok=True)
    (folder / "dist" / "index.html").write_text("<!doctype html><title>Library</title>", "utf-8")
    config = {
        "productName": "Library",
        "identifier": "app.transom.inspected",
        "build": {"frontendDist": "dist"},
        "app": {"windows": [{"title": "Library"}]},
    }
    (folder / "tauri.conf.json").write_text(json.dumps(config), "utf-8")
    builder = (
        Builder()
        .manage(Shelf(["Dune"]))
        .invoke_handler(generate_handler(greet, fail, wait_long, nap, count, weigh))
        .inspector(token=TOKEN, open_browser=False)
        .web(open_browser=False)
    )
    return builder.run(generate_context(folder, development=True), "web")


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1])))
