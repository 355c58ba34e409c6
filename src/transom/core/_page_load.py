"""The hooks that hear of page loads, one load after the other, without holding the window's thread."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from inspect import isawaitable
from typing import Any, NamedTuple, TypeAlias

from ..handles import Webview
from ..runtimes import PageLoadEvent
from ..threads import Threads

__all__ = ["PageLoadHook", "PageLoadPayload", "PageLoads"]

_log = logging.getLogger("transom")


class PageLoadPayload(NamedTuple):
    """A moment of a page's load.

    Attributes:
        event: `started` when the main frame shows the beginning of the document, `finished` when it has loaded it whole.
        url: The document's address.
    """

    event: PageLoadEvent
    url: str


# Called with the webview and the moment of its load: `def` in a worker thread, `async def` on the event loop.
PageLoadHook: TypeAlias = Callable[[Webview, PageLoadPayload], object]


class PageLoads:
    """Calls the hooks in a worker, in the order in which the loads went on.

    Args:
        hooks: `def` or `async def`; what one raises is logged, and the others are called all the same.
    """

    def __init__(self, threads: Threads, hooks: Sequence[PageLoadHook]) -> None:
        self._threads = threads
        self._hooks = tuple(hooks)
        self._of_label: dict[str, Callable[[Any, Any], object]] = {}
        self._waiting: deque[tuple[Webview, PageLoadPayload]] = deque()
        self._busy = False
        self._lock = threading.Lock()

    def add(self, hook: PageLoadHook) -> None:
        """Call a hook for all loads from now on."""
        with self._lock:
            self._hooks = (*self._hooks, hook)

    def remove(self, hook: PageLoadHook) -> None:
        """Call a hook no more."""
        with self._lock:
            self._hooks = tuple(other for other in self._hooks if other is not hook)

    def set_own(self, label: str, hook: Callable[[Any, Any], object] | None) -> None:
        """Call a hook for the loads of one webview, after the others; `None` for none any more."""
        with self._lock:
            if hook is None:
                self._of_label.pop(label, None)
            else:
                self._of_label[label] = hook

    def put(self, webview: Webview, payload: PageLoadPayload) -> None:
        """Note a moment of a load. Any thread; returns at once."""
        if not self._hooks and webview.label not in self._of_label:
            return
        with self._lock:
            self._waiting.append((webview, payload))
            if self._busy:
                return
            self._busy = True
        self._threads.listeners.submit(self._drain)

    def _next(self) -> tuple[Webview, PageLoadPayload] | None:
        with self._lock:
            if self._waiting:
                return self._waiting.popleft()
            self._busy = False
            return None

    def _drain(self) -> None:
        while found := self._next():
            own = self._of_label.get(found[0].label)
            for hook in self._hooks if own is None else (*self._hooks, own):
                self._call(hook, *found)

    def _call(self, hook: Callable[..., Any], webview: Webview, payload: PageLoadPayload) -> None:
        try:
            result = hook(webview, payload)
            if isawaitable(result):
                self._threads.loop.spawn(_awaited(result)).result()
        except BaseException:  # noqa: BLE001 - whatever it raises, the next hook must hear of the load
            _log.exception("a hook for the load of %s failed", payload.url)


async def _awaited(task: Awaitable[Any]) -> Any:
    return await task
