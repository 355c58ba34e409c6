"""A splash screen that goes when Python is ready: `python splash.py`. The program counts the words of Python's own library.

`python splash.py --check` ends with status 0 if the window came when the splash screen went, and had its words.
"""

from __future__ import annotations

import re
import sys
import threading
from collections import Counter
from functools import partial
from pathlib import Path

from transom import (
    AppHandle,
    Builder,
    PageLoadPayload,
    State,
    Webview,
    command,
    generate_context,
    generate_handler,
)

WORD = re.compile(r"[A-Za-z]{3,}")


class Words:
    """How often each word is there. Empty until all files have been read."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()


def get_ready(app: AppHandle) -> None:
    """Read the files, which takes a moment, and then show the window in the place of the splash screen."""
    counts: Counter[str] = Counter()
    files = sorted(Path(threading.__file__).parent.glob("*.py"))
    for number, file in enumerate(files, 1):
        counts.update(word.lower() for word in WORD.findall(file.read_text("utf-8", "replace")))
        app.emit_to("splash", "progress", number / len(files))
    app.state(Words).counts = counts
    # The page of the main window was loaded meanwhile; now it has something to show.
    app.emit_to("main", "ready", None)
    windows = app.webview_windows()
    windows["main"].show()
    windows["main"].set_focus()
    if "splash" in windows:  # the user may have closed it
        windows["splash"].close()


@command
async def find(words: State[Words], start: str) -> list[tuple[str, int]]:
    """Return the most frequent words with this beginning."""
    found = ((word, count) for word, count in words.counts.items() if word.startswith(start.lower()))
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:20]


@command
def checked(app: AppHandle, failures: list[str]) -> None:
    """End the check, in which the page of the main window calls this."""
    main = app.get_webview_window("main")
    if main is None or not main.is_visible():
        failures.append("the main window is not shown")
    if app.get_webview_window("splash") is not None:
        failures.append("the splash screen is still there")
    sys.stdout.write("\n".join(failures or ["splash: ok"]) + "\n")
    app.exit(1 if failures else 0)


def on_page_load(webview: Webview, load: PageLoadPayload) -> None:
    """Get ready beside the windows as soon as the splash screen is seen."""
    if webview.label == "splash" and load.event == "finished":
        threading.Thread(target=get_ready, args=(webview.app_handle(),), daemon=True).start()


def setup(app: AppHandle, *, check: bool) -> None:
    """Begin the check."""
    main = app.get_webview_window("main")
    assert main is not None
    if check:
        if main.is_visible():
            raise SystemExit("the main window is shown too early")
        main.eval("check()")


def main() -> int:
    """Run the program."""
    return (
        Builder()
        .manage(Words())
        .invoke_handler(generate_handler(find, checked))
        .on_page_load(on_page_load)
        .setup(partial(setup, check="--check" in sys.argv))
        .run(generate_context())
    )


if __name__ == "__main__":
    sys.exit(main())
