"""Keep a finished scan up to date while its folder changes."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Generator, Iterable, Set
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from ._index import Scan
from ._messages import Changed
from ._scan import listing, reason, scan
from ._steps import Steps
from ._tree import Folder, Tree

MOST_FOLDERS = 20_000
"""The maximum number of folders to watch. Each needs a watch of the system, and their number per user is limited."""

AT_ONCE = 1000
"""The number of folders per watcher. Starting a watcher blocks Python, for about 50 ms with this number."""

MOST_WATCHERS = 48
"""The maximum number of watchers per scan; above it, they are merged. On Linux, a user may have 128."""

ROUND = 240
"""The time to wait for changes before checking whether to stop, in milliseconds."""

GATHER = 0.25
"""The time over which changes are collected into one event, from the first change on, in seconds."""

AGAIN = 1.0
"""The time before a failed watcher is restarted, in seconds."""

TOLD = 200
"""The maximum number of folders in one event."""

Publish = Callable[[Changed], None]
Changes = Set[tuple[object, str]]


class CannotWatch(Exception):
    """The folder cannot be watched; the page shows the reason in the text."""


class Source(Protocol):
    """A source of changed paths."""

    def add(self, paths: list[str]) -> None:
        """Watch more folders, without their subfolders.

        Raises:
            CannotWatch: The system does not allow this many watches.
        """

    def gather(self) -> set[str]:
        """Wait for a moment, and return the paths that have changed since the last call, or their folders."""
        raise NotImplementedError

    def close(self) -> None:
        """Stop watching."""


def keep_true(item: Scan, source: Source, publish: Publish, stop: threading.Event) -> None:
    """Update the tree of a scan and publish its changes until `stop` is set.

    Each folder of the tree is watched separately, because a recursive watch would follow symbolic links out of the
    scanned folder. New folders are also watched and then read again, because they may have changed in between.

    Raises:
        CannotWatch: The system cannot watch this folder.
    """
    try:
        _begin(item, source)
        publish(Changed(scan=item.info(), folders=[], rows=0))
        while not stop.is_set():
            paths = source.gather()
            if not paths:
                continue
            fresh = refresh_and_publish(item, touched(item.tree, paths), publish)
            while fresh and not stop.is_set():
                source.add(paths_to_watch(item.tree, fresh))
                fresh = refresh_and_publish(item, fresh, publish)
    finally:
        item.watching = False
        source.close()


def _begin(item: Scan, source: Source) -> None:
    with item.tree.lock:
        folders = list(item.tree.folders())
    if len(folders) > MOST_FOLDERS:
        raise CannotWatch(f"{len(folders):,} folders are too many to watch (at most {MOST_FOLDERS:,})")
    source.add(paths_to_watch(item.tree, folders))
    item.watching = True


def paths_to_watch(tree: Tree, folders: Iterable[Folder]) -> list[str]:
    """Return the paths of `folders`, except those that are not UTF-8, which watchfiles does not support."""
    paths: list[str] = []
    with tree.lock:
        for folder in folders:
            if folder.problem is None:
                path = tree.path(folder)
                with suppress(UnicodeEncodeError):
                    path.encode()
                    paths.append(path)
    return paths


def touched(tree: Tree, paths: Iterable[str]) -> list[Folder]:
    """Return the folders that have changed, without duplicates."""
    folders: dict[int, Folder] = {}
    with tree.lock:
        for path in paths:
            entry, exact = tree.find(path)
            for candidate in (entry, entry.parent if exact else None):
                if isinstance(candidate, Folder):
                    folders[candidate.id] = candidate
    return list(folders.values())


def refresh(tree: Tree, folders: Iterable[Folder]) -> tuple[list[Folder], list[Folder]]:
    """Read folders again and update the tree; return the changed and the new folders."""
    changed: list[Folder] = []
    fresh: list[Folder] = []
    for folder in folders:
        try:
            found = listing(tree.path(folder), tree)
        except OSError as error:
            if folder is not tree.root:
                # Deleted or unreadable: the listing of its parent folder decides.
                continue
            found = []
            tree.fail(folder, reason(error))
        new, differs = tree.sync(folder, found)
        fresh.extend(new)
        if differs:
            changed.append(folder)
    if fresh:
        steps = Steps(scan(tree, fresh))
        while not steps.run_slice(1.0)[1]:
            pass
    with tree.lock:
        below = [entry for folder in fresh for entry in tree.walk(folder) if isinstance(entry, Folder)]
    return changed, below


def refresh_and_publish(item: Scan, folders: list[Folder], publish: Publish) -> list[Folder]:
    """Update a scan after changes in `folders` and publish them; return the new folders, which are not watched yet."""
    changed, fresh = refresh(item.tree, folders)
    if changed:
        with item.tree.lock:
            numbers = {entry.id for folder in changed for entry in item.tree.chain(folder)}
        publish(Changed(scan=item.info(), folders=list(itertools.islice(sorted(numbers), TOLD)), rows=len(changed)))
    return fresh


@dataclass
class _Watcher:
    paths: list[str]
    changes: Generator[Changes, None, None]
    early: set[str]


class Watchfiles:
    """A source that uses the package watchfiles.

    A watcher fails if it encounters a name that is not UTF-8. It is then restarted, and all its folders count as
    changed.
    """

    def __init__(self, stop: threading.Event, clock: Callable[[], float] = time.monotonic) -> None:
        self._stop = stop
        self._clock = clock
        self._watchers: list[_Watcher] = []

    def add(self, paths: list[str]) -> None:
        """Watch more folders.

        Raises:
            CannotWatch: watchfiles is not installed, or the system does not allow this many watches.
        """
        if len(self._watchers) >= MOST_WATCHERS:
            paths = [path for watcher in self._watchers for path in watcher.paths] + paths
            self.close()
        rest = iter(paths)
        while chunk := list(itertools.islice(rest, AT_ONCE)):
            self._watchers.append(self._begin(chunk))
            # Let other threads run between two watchers.
            self._stop.wait(0.01)

    def gather(self) -> set[str]:
        """Wait for a moment, and return the paths that have changed."""
        found: set[str] = set()
        until: float | None = None
        while not self._stop.is_set():
            for number in range(len(self._watchers)):
                found |= self._take(number)
            if not found:
                return found
            until = until or self._clock() + GATHER
            if self._clock() >= until:
                return found
        return found

    def close(self) -> None:
        """End all watchers."""
        for watcher in self._watchers:
            watcher.changes.close()
        self._watchers.clear()

    def _take(self, number: int) -> set[str]:
        watcher = self._watchers[number]
        early, watcher.early = watcher.early, set()
        try:
            return early | {path for _, path in next(watcher.changes, ())}
        except RuntimeError:
            self._stop.wait(AGAIN)
            self._watchers[number] = self._begin(watcher.paths)
            return set(watcher.paths)

    def _begin(self, paths: list[str]) -> _Watcher:
        early: set[str] = set()
        while True:
            changes = self._watch(paths)
            try:
                # watchfiles creates the watches of the system only when it waits for the first change.
                early.update(path for _, path in next(changes, ()))
                return _Watcher(paths, changes, early)
            except OSError as error:
                raise CannotWatch(f"the system refused: {error.strerror or error}") from error
            except RuntimeError as error:
                if "decode" not in str(error):
                    raise CannotWatch(f"the system refused: {error}") from error
                early.update(paths)
                self._stop.wait(AGAIN)

    def _watch(self, paths: list[str]) -> Generator[Changes, None, None]:
        try:
            from watchfiles import watch
        except ImportError:
            raise CannotWatch("the package watchfiles is not installed") from None
        yield from watch(
            *paths,
            watch_filter=None,
            debounce=100,
            step=10,
            rust_timeout=max(10, ROUND // (len(self._watchers) + 1)),
            yield_on_timeout=True,
            stop_event=self._stop,
            recursive=False,
            raise_interrupt=False,
            ignore_permission_denied=True,
        )
