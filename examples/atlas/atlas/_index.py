"""The scans the application knows, shared by every command."""

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
"""Scans that are kept; beyond them the oldest one that has ended is dropped. A page keeps fewer of its own accord."""


@dataclass
class Scan:
    """One scan of one folder, and the tree it fills."""

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
        """Note how the scan ended, and stop its clock."""
        self.state = state
        self._seconds = self.clock() - self._began

    def info(self) -> ScanInfo:
        """Say how far the scan has come."""
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
        """Find a file or folder by its number.

        Raises:
            Gone: It was deleted since the page learned the number.
        """
        entry = self.tree.get(node_id)
        if entry is None:
            raise Gone(scan_id=self.id, node_id=node_id)
        return entry

    def folder(self, node_id: int) -> Folder:
        """Find a folder by its number; for a file, the folder that holds it.

        Raises:
            Gone: It was deleted since the page learned the number.
        """
        entry = self.entry(node_id)
        if isinstance(entry, Folder):
            return entry
        return entry.parent or self.tree.root

    def path(self, node_id: int) -> str:
        """Give the path that opens a file or folder.

        Raises:
            Gone: It was deleted since the page learned the number.
        """
        with self.tree.lock:
            return self.tree.path(self.entry(node_id))


class Selected(NamedTuple):
    """The file the user looks at, by its numbers and by its path, which outlives them."""

    scan_id: int
    node_id: int
    path: str


class Index:
    """All scans by their number, and the file the user has selected. Any thread may call any method."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._lock = threading.Lock()
        self._scans: dict[int, Scan] = {}
        self._next = 1
        self._selected: Selected | None = None

    def open(self, folder: str) -> Scan:
        """Begin a scan of a folder.

        Raises:
            OSError: The folder is not there, is not a folder or cannot be read.
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
        """Find a scan.

        Raises:
            UnknownScan: It was dropped, or never was.
        """
        with self._lock:
            scan = self._scans.get(scan_id)
        if scan is None:
            raise UnknownScan(scan_id=scan_id)
        return scan

    def drop(self, scan_id: int) -> None:
        """Forget a scan and let whoever watches its folder know; nothing happens when it is not there."""
        with self._lock:
            scan = self._scans.pop(scan_id, None)
            if self._selected is not None and self._selected.scan_id == scan_id:
                self._selected = None
        if scan is not None:
            scan.closed.set()

    def scans(self) -> list[Scan]:
        """List the scans, the oldest first."""
        with self._lock:
            return list(self._scans.values())

    @property
    def selected(self) -> Selected | None:
        """The file the user looks at; `None` before the first one."""
        with self._lock:
            return self._selected

    @selected.setter
    def selected(self, selected: Selected | None) -> None:
        with self._lock:
            self._selected = selected
