"""Keeping a finished scan true while its folder changes."""

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
"""Folders of the largest tree that is watched: each one costs the system a watch, of which a user has a limited number."""

AT_ONCE = 1000
"""Folders watched by one watcher. Beginning a watch holds Python up, for about 50 ms with this many."""

MOST_WATCHERS = 48
"""Watchers of one scan before they are gathered into fewer; a user may have 128 on Linux."""

ROUND = 240
"""Milliseconds to wait for changes before looking whether to stop."""

GATHER = 0.25
"""Seconds over which changes are gathered into one event, counted from the first."""

AGAIN = 1.0
"""Seconds before a watcher that broke is begun again."""

TOLD = 200
"""Folders named in one event; a page that shows another one asks again anyway."""

Publish = Callable[[Changed], None]
Changes = Set[tuple[object, str]]


class CannotWatch(Exception):
    """The folder cannot be watched; the text says why, for the page."""


class Source(Protocol):
    """Something that tells which paths changed."""

    def add(self, paths: list[str]) -> None:
        """Watch more folders, each by itself, not what is below it.

        Raises:
            CannotWatch: The system does not give so many watches.
        """

    def gather(self) -> set[str]:
        """Wait for a moment and return the paths that changed since the last call, or a folder that holds them."""
        raise NotImplementedError

    def close(self) -> None:
        """End the watch."""


def keep_true(item: Scan, source: Source, publish: Publish, stop: threading.Event) -> None:
    """Follow the changes below a scanned folder until `stop` is set, and publish what they did to its tree.

    Only the folders of the tree are watched, each by itself: a recursive watch would follow symbolic links out of the
    folder. New folders are added to the watch and read once more, since they may have changed in between.

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
        raise CannotWatch(f"{len(folders):,} folders are more than can be watched ({MOST_FOLDERS:,})")
    source.add(paths_to_watch(item.tree, folders))
    item.watching = True


def paths_to_watch(tree: Tree, folders: Iterable[Folder]) -> list[str]:
    """List the paths of `folders`. Those that are not UTF-8 are left out: watchfiles cannot spell them."""
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
    """Find the folders in which something changed, each once, however many changes there were."""
    folders: dict[int, Folder] = {}
    with tree.lock:
        for path in paths:
            entry, exact = tree.find(path)
            for candidate in (entry, entry.parent if exact else None):
                if isinstance(candidate, Folder):
                    folders[candidate.id] = candidate
    return list(folders.values())


def refresh(tree: Tree, folders: Iterable[Folder]) -> tuple[list[Folder], list[Folder]]:
    """Read folders again and bring the tree up to date; return the changed and the new folders."""
    changed: list[Folder] = []
    fresh: list[Folder] = []
    for folder in folders:
        try:
            found = listing(tree.path(folder), tree)
        except OSError as error:
            if folder is not tree.root:
                # Gone or closed: the listing of the folder that holds it decides.
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
    """Bring a scan up to date after changes in `folders`; return the new folders, which nobody watches yet."""
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
    """A source made of the watchers of the package watchfiles.

    A watcher ends with an error when it meets a name that is not UTF-8. It is then begun again, and all its folders
    count as changed.
    """

    def __init__(self, stop: threading.Event, clock: Callable[[], float] = time.monotonic) -> None:
        self._stop = stop
        self._clock = clock
        self._watchers: list[_Watcher] = []

    def add(self, paths: list[str]) -> None:
        """Watch more folders.

        Raises:
            CannotWatch: watchfiles is not installed, or the system does not give so many watches.
        """
        if len(self._watchers) >= MOST_WATCHERS:
            paths = [path for watcher in self._watchers for path in watcher.paths] + paths
            self.close()
        rest = iter(paths)
        while chunk := list(itertools.islice(rest, AT_ONCE)):
            self._watchers.append(self._begin(chunk))
            # Between two watchers the other threads get their turn.
            self._stop.wait(0.01)

    def gather(self) -> set[str]:
        """Wait for a moment and return the paths that changed."""
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
                # watchfiles asks the system for the watches when the first change is waited for.
                early.update(path for _, path in next(changes, ()))
                return _Watcher(paths, changes, early)
            except OSError as error:
                raise CannotWatch(f"the system refuses: {error.strerror or error}") from error
            except RuntimeError as error:
                if "decode" not in str(error):
                    raise CannotWatch(f"the system refuses: {error}") from error
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
