"""What one application holds now: everything that traffic makes and that must be gone when the traffic is."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from bench.endurance._judge import slack_of

__all__ = ["counts", "settled"]

_OURS = ("transom", "bench", "gi.repository", "websockets", "uvicorn", "starlette")
# Grants are remembered by caller, up to a bound of their own; every new label is a new caller.
_REMEMBERED = frozenset({"object transom.acl._grant.Grant"})
_WORKER = "transom-worker"
# WebKit's own watch over memory opens these once, at a moment of its own.
_WATCHED = ("/proc/", "/sys/")
_PAUSE = 0.05  # seconds before the second look; each wait is longer than the one before


def counts(callbacks: int) -> dict[str, int]:
    """Return the counts of this process, and of its first page's callbacks.

    Objects are counted by class: page sessions, channels, listeners, resources, packs and links are all among them. Only
    what the collector of garbage does not know is not: parsed messages, which refer to nothing that could be kept.
    """
    gc.collect()
    kinds = Counter(map(type, gc.get_objects()))
    # Some types have a descriptor for their module's name.
    named = {
        kind: f"object {kind.__module__}.{kind.__qualname__}"
        for kind in kinds
        if str(kind.__module__).startswith(_OURS)
    }
    threads = Counter(thread.name for thread in threading.enumerate())
    # Idle workers stay for the next call, up to the pool's bound, which is not reached by chance.
    threads.pop(_WORKER, 0)
    return {
        **{name: kinds[kind] for kind, name in named.items() if name not in _REMEMBERED},
        "callbacks in the page": callbacks,
        "files": sum(not name.startswith(_WATCHED) for name in _open_files()),
        "tasks": len(asyncio.all_tasks()),
        **{f"thread {name}": count for name, count in threads.items()},
    }


def _open_files() -> Iterator[str]:
    for entry in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # the one of this look
            yield str(entry.readlink())


async def settled(
    rest: Callable[[], Awaitable[int]], before: Mapping[str, int] | None, seconds: float
) -> dict[str, int]:
    """Return the counts when nothing is over `before`, or else those after so many seconds.

    Args:
        rest: Lets the page say how many callbacks it holds.
        before: What there was; `None` to wait until two looks see the same.
        seconds: What ends soon, such as a window's process and its connection, gets so long.
    """
    end = asyncio.get_running_loop().time() + seconds
    last = dict(before) if before is not None else {}
    pause = _PAUSE
    while True:
        now = counts(await rest())
        calm = (
            now == last
            if before is None
            else all(count <= last.get(name, 0) + slack_of(name) for name, count in now.items())
        )
        if calm or asyncio.get_running_loop().time() > end:
            return now
        if before is None:
            last = now
        await asyncio.sleep(pause)
        pause *= 1.5
