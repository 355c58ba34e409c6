"""Count everything that traffic creates in an application and that must disappear after the traffic."""

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
# Grants are cached by caller, up to a separate limit; every new label is a new caller.
# The commands of the core plugins are compiled at their first call.
_COMPILED = ("_plan.Plan", "_runner.Runner", "_spec.CommandSpec", "_spec.ParameterSpec")
_REMEMBERED = frozenset({"object transom.acl._grant.Grant", *(f"object transom.commands.{name}" for name in _COMPILED)})
_WORKER = "transom-worker"
# The memory monitor of WebKit opens these files once, at an arbitrary time.
_WATCHED = ("/proc/", "/sys/")
_PAUSE = 0.05  # seconds before the second count; each wait is longer than the previous one


def counts(callbacks: int) -> dict[str, int]:
    """Return the counts of this process, including the callbacks of its first page.

    Objects are counted by class, among them page sessions, channels, listeners, resources, packs and links. Objects
    that the garbage collector does not track are not counted: decoded messages, which refer to nothing else.
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
    # Idle worker threads stay for the next call, up to the limit of the pool, so their number varies.
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
        with suppress(OSError):  # the file descriptor of this iteration
            yield str(entry.readlink())


async def settled(
    rest: Callable[[], Awaitable[int]], before: Mapping[str, int] | None, seconds: float
) -> dict[str, int]:
    """Return the counts once none is higher than `before`, or after `seconds`.

    Args:
        rest: Returns the number of callbacks in the page.
        before: The previous counts; `None` waits until two consecutive counts are equal.
        seconds: The maximum time for things that end soon, such as the process of a window and its connection.
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
