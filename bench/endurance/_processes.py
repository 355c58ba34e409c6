"""Find the processes of a tree and their roles in /proc."""

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
_UNREADABLE = (OSError, ProcessLookupError, ValueError)  # the process has ended


def tree_of(roots: Iterable[int]) -> list[int]:
    """Return processes and all their descendants."""
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
            # The name of the program, in parentheses, may contain any character.
            yield int(entry.name), int((entry / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()[1])


def pages_of(tree: Iterable[int]) -> list[int]:
    """Return the processes that run pages."""
    return [pid for pid in tree if _PAGE.search(_command(pid))]


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def memory_by_role(app: int, roots: Iterable[int]) -> dict[str, float]:
    """Return the proportional memory of the application, of the pages and of the other processes, in MB."""
    tree = tree_of(roots)
    pages = set(pages_of(tree))
    memory = {"app": 0.0, "page": 0.0, "rest": 0.0}
    for pid in tree:
        with suppress(*_UNREADABLE):
            memory["app" if pid == app else "page" if pid in pages else "rest"] += proportional_memory(pid)
    return memory


def signal_pages(roots: Iterable[int], number: signal.Signals, *, but_busiest: bool = False) -> int:
    """Send a signal to all processes that run pages, or to all but the busiest; return the number of processes."""
    pages = sorted(pages_of(tree_of(roots)), key=_ticks)
    for pid in pages[:-1] if but_busiest else pages:
        with suppress(ProcessLookupError):
            os.kill(pid, number)
    return len(pages)


def _ticks(pid: int) -> int:
    """Return the processor time of a process."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()[11])
    except _UNREADABLE:
        return 0
