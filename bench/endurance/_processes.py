"""Processes of a tree, by what they are, from /proc."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from bench._run import proportional_memory

__all__ = ["memory_by_role", "pages_of", "signal_pages", "tree_of"]

_PAGE = re.compile(rb"^[^\0 ]*WebKitWebProcess|--type=renderer")
_UNREADABLE = (OSError, ProcessLookupError, ValueError)  # it has ended meanwhile


def tree_of(roots: Iterable[int]) -> list[int]:
    """Return processes and everything they have started."""
    children: dict[int, list[int]] = {}
    for pid, parent in _parents():
        children.setdefault(parent, []).append(pid)
    found = list(roots)
    for pid in found:
        found += children.get(pid, [])
    return found


def _parents() -> Iterator[tuple[int, int]]:
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(*_UNREADABLE):
            # The name before it, in brackets, may hold anything.
            yield int(entry.name), int((entry / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()[1])


def pages_of(tree: Iterable[int]) -> list[int]:
    """Return those processes that run pages."""
    return [pid for pid in tree if _PAGE.search(_command(pid))]


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def memory_by_role(app: int, roots: Iterable[int]) -> dict[str, float]:
    """Return the proportional memory, in MB, of the application's process, of those that run pages, and of the rest."""
    tree = tree_of(roots)
    pages = set(pages_of(tree))
    memory = {"app": 0.0, "page": 0.0, "rest": 0.0}
    for pid in tree:
        with suppress(*_UNREADABLE):
            memory["app" if pid == app else "page" if pid in pages else "rest"] += proportional_memory(pid)
    return memory


def signal_pages(roots: Iterable[int], number: signal.Signals, *, but_busiest: bool = False) -> int:
    """Send a signal to the processes that run pages, all or all but the busiest one; return how many there were."""
    pages = sorted(pages_of(tree_of(roots)), key=_ticks)
    for pid in pages[:-1] if but_busiest else pages:
        with suppress(ProcessLookupError):
            os.kill(pid, number)
    return len(pages)


def _ticks(pid: int) -> int:
    """Return how long a process has run on a processor."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()[11])
    except _UNREADABLE:
        return 0
