"""The scans of the application, which all commands share."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from ._errors import Gone, UnknownScan
from ._messages import ScanInfo, ScanState
from ._names import printable
from ._tree import Entry, Folder, Tree

KEPT = 8
"""The maximum number of scans. Above it, the oldest scan that has ended is dropped. A page keeps fewer."""


@dataclass
class Scan:
    """One scan of a folder, and the tree that it fills."""

    id: int
    tree: Tree
    clock: Callable[[], float] = time.monotonic
    state: ScanState = "running"
    watching: bool = False
    not_watching: str | None = None
    closed: threading.Event = field(default_factory=threading.Event)
    _began: float = field(init=False)
    _seconds: float | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self._began = self.clock()

    def end(self, state: ScanState) -> None:
        """Set the final state of the scan and stop its clock."""
        self.state = state
        self._seconds = self.clock() - self._began

    def info(self) -> ScanInfo:
        """Return the progress of the scan."""
        with self.tree.lock:
            root = self.tree.root
            return ScanInfo(
                scan_id=self.id,
                folder=printable(root.name),
                state=self.state,
                files=root.files,
                folders=root.folders,
                size=root.size,
                unreadable=len(self.tree.problems) + self.tree.gone,
                seconds=self.clock() - self._began if self._seconds is None else self._seconds,
                watching=self.watching,
                not_watching=self.not_watching,
            )

    def entry(self, node_id: int) -> Entry:
        """Return a file or folder by its number.

        Raises:
            Gone: It has been deleted since the page received the number.
        """
        entry = self.tree.get(node_id)
        if entry is None:
            raise Gone(scan_id=self.id, node_id=node_id)
        return entry

    def folder(self, node_id: int) -> Folder:
        """Return a folder by its number; for a file, return its folder.

        Raises:
            Gone: It has been deleted since the page received the number.
        """
        entry = self.entry(node_id)
        if isinstance(entry, Folder):
            return entry
        return entry.parent or self.tree.root

    def path(self, node_id: int) -> str:
        """Return the path of a file or folder.

        Raises:
            Gone: It has been deleted since the page received the number.
        """
        with self.tree.lock:
            return self.tree.path(self.entry(node_id))


class Selected(NamedTuple):
    """The selected file: its numbers, and its path, which stays valid longer."""

    scan_id: int
    node_id: int
    path: str


class Index:
    """All scans by their number, and the selected file. All methods are thread-safe."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._lock = threading.Lock()
        self._scans: dict[int, Scan] = {}
        self._next = 1
        self._selected: Selected | None = None

    def open(self, folder: str) -> Scan:
        """Add a scan of a folder.

        Raises:
            OSError: The folder does not exist, is not a folder or cannot be read.
        """
        root = os.path.realpath(folder)
        with os.scandir(root):
            status = os.stat(root)
        with self._lock:
            scan = Scan(self._next, Tree(root, status.st_dev, status.st_ino))
            self._next += 1
            self._scans[scan.id] = scan
            ended = [other for other in self._scans.values() if other.state != "running"]
            surplus = ended[: max(0, len(self._scans) - KEPT)]
        for other in surplus:
            self.drop(other.id)
        return scan

    def get(self, scan_id: int) -> Scan:
        """Return a scan.

        Raises:
            UnknownScan: It was dropped or never existed.
        """
        with self._lock:
            scan = self._scans.get(scan_id)
        if scan is None:
            raise UnknownScan(scan_id=scan_id)
        return scan

    def drop(self, scan_id: int) -> None:
        """Remove a scan and stop watching its folder; do nothing if there is no such scan."""
        with self._lock:
            scan = self._scans.pop(scan_id, None)
            if self._selected is not None and self._selected.scan_id == scan_id:
                self._selected = None
        if scan is not None:
            scan.closed.set()

    def scans(self) -> list[Scan]:
        """Return the scans, the oldest first."""
        with self._lock:
            return list(self._scans.values())

    @property
    def selected(self) -> Selected | None:
        """The selected file, or `None` if none has been selected yet."""
        with self._lock:
            return self._selected

    @selected.setter
    def selected(self, selected: Selected | None) -> None:
        with self._lock:
            self._selected = selected
