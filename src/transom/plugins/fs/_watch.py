"""Telling pages what changes in files and folders, with the package watchfiles."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Final

import msgspec

from ...commands import command
from ...errors import ChannelClosed, CommandError
from ...handles import AppHandle, BaseDirectory, State, Webview
from ...values import Channel
from ._scope import Access

__all__ = ["COMMANDS", "Watchers"]

_MOST: Final = 32
"""Watchers of one application; each has a thread."""

_STEP: Final = 50
"""Milliseconds without a change after which those before it are told."""

_PATIENCE: Final = 500
"""Milliseconds after which a waiting thread looks whether it is still needed."""

# Numbers of watchfiles -> what the npm package calls the change.
_KINDS = {1: "create", 2: "modify", 3: "remove"}


class WatchOptions(msgspec.Struct, rename="camel"):
    """How to watch. `delay_ms` is the time in which changes are collected; `None` tells them as they come."""

    base_dir: BaseDirectory | None = None
    recursive: bool = False
    delay_ms: float | None = None


class Watchers:
    """Counts the watchers of an application.

    Args:
        app: Runs them.
    """

    def __init__(self, app: AppHandle) -> None:
        self._app = app
        self.count = 0
        self._lock = threading.Lock()

    def start(self, watcher: Watcher) -> None:
        """Run a watcher.

        Raises:
            CommandError: There are too many.
        """
        with self._lock:
            if self.count >= _MOST:
                raise CommandError(
                    f"this application watches {_MOST} sets of files already, which is the limit; stop one"
                )
            self.count += 1
        watcher.future = self._app.spawn(watcher.run())
        watcher.future.add_done_callback(self._ended)

    def _ended(self, _: Future[None]) -> None:
        with self._lock:
            self.count -= 1


class Watcher:
    """Watches files for one page.

    Args:
        notify: Collects the changes: a `RustNotify` of watchfiles.
        delay: Seconds in which changes are collected after the first.
        may_tell: Tells whether the page may hear of a file.
        on_event: Takes the changes.
    """

    def __init__(self, notify: Any, delay: float, may_tell: Callable[[Path], bool], on_event: Channel[Any]) -> None:
        self._notify = notify
        self._delay = delay
        self._may_tell = may_tell
        self._on_event = on_event
        self._stop = threading.Event()
        self.future: Future[None] | None = None

    async def run(self) -> None:
        """Tell the changes until it is closed, or the page is gone."""
        try:
            while not self._stop.is_set():
                changes = await self._changes(_PATIENCE)
                if changes and self._delay:
                    await asyncio.sleep(self._delay)
                    changes |= await self._changes(1)
                for change, path in sorted(changes):
                    if self._may_tell(Path(path)):
                        await self._on_event.send_async(_event(change, path))
        except ChannelClosed:
            pass
        finally:
            self._stop.set()
            self._notify.close()

    async def _changes(self, milliseconds: int) -> set[tuple[int, str]]:
        import anyio.to_thread

        # Not a worker of the application: this thread waits all the time.
        found = await anyio.to_thread.run_sync(
            self._notify.watch, 1600, _STEP, milliseconds, self._stop, abandon_on_cancel=True
        )
        return found if isinstance(found, set) else set()

    def close(self) -> None:
        """See `Resource`."""
        self._stop.set()
        if self.future is not None:
            self.future.cancel()


def _event(change: int, path: str) -> dict[str, Any]:
    kind = _KINDS.get(change, "any")
    details: dict[str, Any]
    if kind == "modify":
        details = {"kind": "data", "mode": "any"}
    elif kind == "create":
        details = {"kind": "folder" if Path(path).is_dir() else "file"}
    else:
        details = {"kind": "any"}
    return {"type": {kind: details}, "paths": [path], "attrs": {}}


# In a worker: to watch a large tree takes a while.
@command
def watch(
    access: Access,
    webview: Webview,
    watchers: State[Watchers],
    paths: list[str],
    options: WatchOptions,
    on_event: Channel[Any],
) -> int:
    """Watch files and folders and return the number by which that is ended."""
    found = [access.path(path, options.base_dir) for path in paths]
    for path in found:
        if not path.exists():
            raise CommandError(f'No path was found. about ["{path}"]')  # Tauri: the sentence of its watcher
    watcher = Watcher(
        _notify(found, recursive=options.recursive),
        max(0.0, min(options.delay_ms or 0, 3_600_000)) / 1000,
        access.may_tell,
        on_event,
    )
    rid = webview.resources_table().add(watcher)
    try:
        watchers.start(watcher)
    except CommandError:
        webview.resources_table().close(rid)
        raise
    return rid


def _notify(paths: Iterable[Path], *, recursive: bool) -> Any:
    try:
        from watchfiles._rust_notify import RustNotify  # what watchfiles calls its back end, and documents
    except ModuleNotFoundError:
        raise CommandError(
            "watching files needs the package watchfiles; install it with `pip install 'transom[fs]'`"
        ) from None
    try:
        return RustNotify(list(map(str, paths)), False, False, 300, recursive, False)
    except OSError as error:
        raise CommandError(f"these files cannot be watched: {error.strerror or error}") from None


@command
async def unwatch(webview: Webview, rid: int) -> None:
    """End watching; version 2.0.0 of the npm package calls it."""
    webview.resources_table().get(rid, Watcher)
    webview.resources_table().close(rid)


COMMANDS = (watch, unwatch)
