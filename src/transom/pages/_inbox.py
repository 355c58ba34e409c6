"""Messages of a page that wait: for their slice of the event loop, or until the page has read what was sent to it."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Protocol
from weakref import ref

from ..threads import Loop
from ..wire import Incoming

__all__ = ["Inbox"]

_log = logging.getLogger("transom")
# Messages, and their bytes, that are handled where they arrive before the loop's other tasks have their turn.
_TURN = 1000
_TURN_BYTES = 256 * 1024
# Bytes of a batch that costs the loop so little that it is not counted where the window system hands it over.
_SMALL_BATCH = 16 * 1024
# Seconds of the loop that the messages of one page take at once.
_SLICE = 0.005


class InboxPage(Protocol):
    """The page whose messages wait."""

    @property
    def closed(self) -> bool:
        """Whether the page generation has ended."""
        ...

    @property
    def behind(self) -> bool:
        """Whether the page's unread answers have reached the bound; then no further call begins."""
        ...

    def handle(self, message: Incoming, buffers: Sequence[memoryview]) -> None:
        """Handle one message."""


class Inbox:
    """The messages of one page that wait, in their order, and its calls that were about to begin.

    A wake-up cannot be lost: whatever begins to wait sets `busy` and then looks at `behind`, and whatever ends `behind` looks
    at `busy` afterwards. All that waited is handled on the event loop.

    Attributes:
        busy: Whether anything waits, so that further messages must wait behind it.
        bytes: The size of the messages that wait.
    """

    __slots__ = (
        "_deferred",
        "_handled",
        "_handled_bytes",
        "_lock",
        "_loop",
        "_page_ref",
        "_parked",
        "_waiting",
        "busy",
        "bytes",
    )

    def __init__(self, page: InboxPage, loop: Loop) -> None:
        self._page_ref = ref(page)  # weak, so that the page, which holds this, is freed when it is let go
        self._loop = loop
        self._lock = threading.Lock()
        self._parked: deque[Callable[[], object]] = deque()
        self._waiting: deque[tuple[Incoming, Sequence[memoryview], int]] = deque()
        self._deferred = False
        self._handled = self._handled_bytes = 0
        self.busy = False
        self.bytes = 0

    @property
    def _page(self) -> InboxPage:
        return self._page_ref() or _GONE

    @property
    def count(self) -> int:
        """The number of messages that wait."""
        return len(self._waiting)

    def takes_turn(self, count: int, size: int) -> bool:
        """Tell whether messages can be handled where they arrive; otherwise `put` them.

        Args:
            count: The number of the messages.
            size: Their bytes. One large message alone has its turn, as it cannot be handled in slices.
        """
        # Elsewhere each batch has a turn to itself: the window system hands them over one by one. But the loop may be slower
        # than large ones come, so their bytes count until something had to wait: other pages then get their turn.
        if not self._loop.is_current:
            self._handled = 0
            size = size if size > _SMALL_BATCH else 0
        full = self._handled_bytes > _TURN_BYTES
        self._handled += count
        self._handled_bytes += size
        return not (full or self.busy or self._handled > _TURN or self._page.behind)

    def put(self, messages: Sequence[tuple[Incoming, Sequence[memoryview]]], size: int) -> None:
        """Let messages wait.

        Args:
            messages: The messages, in order, each with its buffers.
            size: Bytes of the messages and their buffers together.
        """
        cost = size // len(messages)
        with self._lock:
            self._waiting.extend([(message, buffers, cost) for message, buffers in messages])
            self.bytes += cost * len(messages)
            self.busy = True
        self.resume()

    def park(self, start: Callable[[], object]) -> bool:
        """Let a call wait that is about to begin, if its page is behind, and tell whether it does.

        Args:
            start: Starts the call, on the event loop.
        """
        with self._lock:
            if self._page.closed or not self._page.behind:
                return False
            self._parked.append(start)
            self.busy = True
        self.resume()
        return True

    def resume(self) -> None:
        """Go on with what waits, soon, unless the page is behind. Any thread."""
        with self._lock:
            if self._deferred or not self.busy or (self._page.behind and not self._page.closed):
                return
            self._deferred = True
        self._loop.defer(self._handle_some)

    def clear(self) -> None:
        """Forget the messages: their page is gone. Calls that were about to begin find that out by themselves."""
        with self._lock:
            self._waiting.clear()
            self.bytes = 0

    def _handle_some(self) -> None:
        self._deferred = False
        self._handled = self._handled_bytes = 0
        until = time.perf_counter() + _SLICE
        while (work := self._next()) is not None:
            try:
                work()
            except Exception:  # noqa: BLE001 - the messages after it are not at fault
                _log.exception("a message of a page could not be handled")
            if time.perf_counter() > until:
                self.resume()
                return

    def _next(self) -> Callable[[], object] | None:
        with self._lock:
            if self._page.closed:
                self._waiting.clear()
                self.bytes = 0
            elif self._page.behind:
                return None
            if self._parked:
                return self._parked.popleft()
            if self._waiting:
                message, buffers, cost = self._waiting.popleft()
                self.bytes -= cost
                return lambda: self._page.handle(message, buffers)
            self.busy = False
            return None


class _GonePage:
    """Stands for a page that was freed: nothing waits for it any more."""

    closed = True
    behind = False

    def handle(self, message: Incoming, buffers: Sequence[memoryview]) -> None:
        """Drop the message."""


_GONE = _GonePage()
