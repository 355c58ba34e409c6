"""Watch the folder of a scan from its end until the scan is dropped or the application ends."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress

from transom import AppHandle

from ._index import Index, Scan
from ._messages import Changed
from ._preview import describe
from ._watch import CannotWatch, Watchfiles, keep_true


async def watch_until_closed(app: AppHandle, index: Index, item: Scan) -> None:
    """Watch the folder of a scan in a separate thread until the scan is closed or this task is cancelled.

    It uses a thread because starting to watch many folders takes a while, and not the thread pool because it runs for
    long.
    """
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()

    def run() -> None:
        try:
            _watch(app, index, item)
        finally:
            # The loop may be closed by then, and the event is no longer needed.
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(ended.set)

    threading.Thread(target=run, name=f"atlas-watch-{item.id}", daemon=True).start()
    try:
        await ended.wait()
    finally:
        item.closed.set()


def _watch(app: AppHandle, index: Index, item: Scan) -> None:
    publish = _publisher(app, index, item)
    try:
        keep_true(item, Watchfiles(item.closed), publish, item.closed)
    except CannotWatch as problem:
        item.not_watching = str(problem)
        publish(Changed(scan=item.info(), folders=[], rows=0))


def _publisher(app: AppHandle, index: Index, item: Scan) -> Callable[[Changed], None]:
    def publish(changed: Changed) -> None:
        if item.closed.is_set():
            return
        app.emit("atlas://changed", changed)
        if changed.rows:
            _tell_details(app, index, item)

    return publish


def _tell_details(app: AppHandle, index: Index, item: Scan) -> None:
    """Update the details window, even if its file has been deleted."""
    selected = index.selected
    if selected is None or selected.scan_id != item.id or app.get_webview_window("details") is None:
        return
    details = describe(selected.path, selected.scan_id, selected.node_id)
    app.emit_to("details", "atlas://details", details)
