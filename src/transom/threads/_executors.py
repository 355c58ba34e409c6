"""Executors of the author's choice, by name: made at their first use, and made again when they break."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from typing import Any, NamedTuple

__all__ = ["ExecutorSource", "Executors"]


class ExecutorSource(NamedTuple):
    """What there is to know of an executor.

    Attributes:
        make: Makes it.
        host: The address at which its processes reach this one.
    """

    make: Callable[[], Executor]
    host: str = "127.0.0.1"


class Executors:
    """The executors of an application. Any thread.

    Args:
        factories: What makes each executor, by name.
    """

    def __init__(self, factories: Mapping[str, ExecutorSource]) -> None:
        self._factories = factories
        self._made: dict[str, Executor] = {}
        self._lock = threading.Lock()
        self._ended = False

    @property
    def names(self) -> list[str]:
        """The names."""
        return sorted(self._factories)

    def host_of(self, name: str) -> str:
        """Return the address at which the processes of an executor reach this one."""
        return self._factories[name].host

    def get(self, name: str) -> Executor:
        """Return an executor.

        Raises:
            KeyError: There is none of this name.
            RuntimeError: The application has ended.
        """
        with self._lock:
            if self._ended:
                raise RuntimeError("the application has ended; no work can be started any more")
            made = self._made.get(name)
            if made is None:
                made = self._made[name] = _following(self._factories[name].make())
            return made

    def forget(self, name: str, broken: Executor) -> None:
        """Make another executor at the next use, because this one takes no more work."""
        with self._lock:
            if self._made.get(name) is broken:
                del self._made[name]
        _shut_down(broken)

    def stop(self) -> None:
        """Take no more work; what runs is not waited for."""
        with self._lock:
            self._ended = True
            made = list(self._made.values())
            self._made.clear()
        for executor in made:
            _shut_down(executor)


def _shut_down(executor: Executor) -> None:
    """Let an executor end, without waiting for what it runs."""
    try:
        executor.shutdown(wait=False, cancel_futures=True)
    except TypeError:  # Dask's knows no `cancel_futures`
        executor.shutdown(wait=False)


def _following(executor: Executor) -> Executor:
    """Let the processes of a pool of Python's own end when this process is killed: they would wait for work forever."""
    pools = sys.modules.get("concurrent.futures.process")  # not imported for those who have no such pool
    if pools is not None and isinstance(executor, pools.ProcessPoolExecutor):
        pool: Any = executor
        # There is no public way to add to what the author gave, and every process has to follow, whether it gets work or not.
        pool._initializer, pool._initargs = _begin_worker, (pool._initializer, pool._initargs)  # noqa: SLF001
    return executor


def _begin_worker(initializer: Any, arguments: tuple[Any, ...]) -> None:
    """Begin a process of a pool: follow the one that started it, then do what the author wants."""
    threading.Thread(target=_follow_parent, name="transom-parent", daemon=True).start()
    if initializer is not None:
        initializer(*arguments)


def _follow_parent() -> None:
    import multiprocessing

    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        # What it computes has no receiver; it may be busy in code that no exception reaches.
        os.kill(os.getpid(), signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
