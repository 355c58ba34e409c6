"""pywebview's windows and its event loop, which needs a window, from the first one on.

The last window is hidden and not destroyed, until there is another one or the application ends: the loop would end with
it, and Qt's does not survive a second start. `_make` and `_remove` run on the thread for calls, one after the other.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from ...errors import ImageError, RuntimeUnavailable, WindowError
from ..image import Image
from ._calls import Calls
from ._desktop import monitors_of
from ._library import MENDS, PYWEBVIEW, backend_of, refuse_old_engine, share_profile
from ._main_thread import delete_pages, invoker_for, parts_of
from ._window import NativeWindow
from ._window_thread import WindowThread

__all__ = ["Shell", "ShellEvents"]

_logger = logging.getLogger("transom")

_GONE_SECONDS = 5.0  # until a window that is taken away must have gone


class ShellEvents(Protocol):
    """The events of the shell, and its requests."""

    def address_of(self, window: NativeWindow) -> str:
        """Return the address that a new window is to load, with its code."""
        ...

    def has_own_page(self, window: NativeWindow) -> bool:
        """Tell whether a window shows a page of the application."""
        ...

    def loop_begins(self) -> None:
        """Note that pywebview's loop begins, on the main thread: it may have replaced handlers of signals."""

    def closing(self, window: NativeWindow) -> None:
        """Note that the user wants to close a window, which stays for now. On the thread of the windows."""

    def closed(self, window: NativeWindow) -> None:
        """Note that the system has closed a window."""

    def seen(self, window: NativeWindow) -> None:
        """Note that a window may have another place or size. Any thread; returns at once."""


class Shell:
    """The native windows.

    Args:
        calls: The thread for calls of pywebview.
        thread: The thread of the windows.
        events: What hears of the windows.
        debug: Whether people can inspect pages.
        icon: The icon of the windows, a PNG file; `None` for the system's.
    """

    def __init__(
        self, calls: Calls, thread: WindowThread, events: ShellEvents, *, debug: bool, icon: Path | None = None
    ) -> None:
        self._calls = calls
        self._thread = thread
        self._events = events
        self._debug = debug
        self._icon = icon
        self._next: NativeWindow | None = None  # the one that the loop is started for
        self._alive: set[NativeWindow] = set()
        self._kept: list[object] = []
        self._hidden: NativeWindow | None = None  # the last one, which has gone for the application
        self._failure: Exception | None = None
        self._ending = False
        self._lock = threading.Lock()
        self.scale = 1.0

    # From any thread

    def make(self, window: NativeWindow) -> None:
        """Make a native window, soon."""
        window.scale = self.scale
        self._calls.put(partial(self._make, window))

    def remove(self, window: NativeWindow) -> None:
        """Take a native window away, soon."""
        self._calls.put(partial(self._remove, window))

    def end(self) -> None:
        """Take all windows away, soon, and let `run` return."""
        self._ending = True
        self._calls.put(self._remove_all)
        self._thread.post(_nothing)

    # On the main thread

    def run(self, storage: Path) -> None:
        """Show windows until `end`.

        Args:
            storage: Folder for what pages store.

        Raises:
            RuntimeUnavailable: No window can be shown.
        """
        while not self._ending:
            window, self._next = self._next, None
            if window is None:
                self._thread.next()
            else:
                self._run_loop(window, storage)

    def _run_loop(self, window: NativeWindow, storage: Path) -> None:
        """Run pywebview's loop, beginning with this window, until the last window has gone."""
        with self._lock:
            if self._ending or window.going:
                self._alive.discard(window)
                window.shown.set()
                return
            self._attach(window)
        self._calls.put(window.made)
        try:
            PYWEBVIEW.start(
                private_mode=False,
                storage_path=str(storage),
                debug=self._debug,
                user_agent=window.options.user_agent,
                icon=_picture(self._icon),
            )
        except PYWEBVIEW.WebViewException as error:
            mend = MENDS.get(sys.platform, MENDS["linux"])
            raise RuntimeUnavailable(f"pywebview can show no window here: {mend}; {error}") from error
        finally:
            self._thread.loop_has_ended()
        if self._failure is not None:
            raise self._failure
        delete_pages(backend_of(window.native))
        with self._lock:
            left = [other for other in self._alive if other.native is not None]
        for other in left:  # the loop was ended from outside, such as by the end of the user's session
            self._closed(other)

    # On the thread for calls

    def _make(self, window: NativeWindow) -> None:
        while True:
            with self._lock:
                if self._ending or window.going:
                    return
                other = next(iter(self._alive), None)
                self._alive.add(window)
                if other is None:
                    self._next = window
                    self._thread.post(_nothing)
                    return
            if not other.wait_until_shown():
                raise WindowError("the window system did not start")
            with self._lock:
                if other in self._alive:
                    break
                self._alive.discard(window)  # the other was left out, and the loop has not begun
        self._attach(window)
        window.made()
        hidden, self._hidden = self._hidden, None
        if hidden is not None:
            self._destroy(hidden)

    def _remove(self, window: NativeWindow) -> None:
        native = window.native
        if native is None:  # `_run_loop` leaves it out
            return
        with self._lock:
            last = not self._ending and self._alive == {window}
        if last:
            self._hidden = window
            native.hide()
            native.load_html("")
        else:
            self._destroy(window)

    def _destroy(self, window: NativeWindow) -> None:
        native = window.native
        self._kept += parts_of(backend_of(native), native)
        native.destroy()
        native.events.closed.wait(_GONE_SECONDS)
        with self._lock:
            self._alive.discard(window)

    def _remove_all(self) -> None:
        with self._lock:
            left = list(self._alive)
        for window in left:
            window.going = True
            if window.native is not None:
                self._destroy(window)

    def _attach(self, window: NativeWindow) -> None:
        """Let pywebview make a window."""
        native = PYWEBVIEW.create_window(**window.look(self._events.address_of(window)))
        window.invoke = self._thread.invoke
        window.attach(native, partial(self._events.has_own_page, window))
        for name, heard in self._heard(window, native).items():
            event = getattr(native.events, name)
            event += heard

    def _heard(self, window: NativeWindow, native: Any) -> dict[str, Callable[..., object]]:
        return {
            "initialized": partial(self._check_engine, native),
            "before_show": partial(self._made_first, window, native),
            "shown": window.shown.set,
            "closing": partial(self._closing, window),
            "closed": partial(self._closed, window),
            "moved": lambda: self._events.seen(window),
            "resized": lambda: self._events.seen(window),
            **{name: partial(window.note, name) for name in ("maximized", "minimized", "restored")},
        }

    # What pywebview tells

    def _check_engine(self, native: Any, renderer: str) -> bool | None:
        try:
            refuse_old_engine(renderer)
            share_profile(native.gui)
        except RuntimeUnavailable as error:
            self._failure = error
            return False
        return None

    def _made_first(self, window: NativeWindow, native: Any) -> None:
        """Note, on the thread of the loop, that the loop begins."""
        if self._thread.invoke is not None:
            return
        if threading.current_thread() is threading.main_thread():
            self._events.loop_begins()
        if "PYWEBVIEW_LOG" not in os.environ:
            PYWEBVIEW.logger.setLevel(logging.INFO)  # the inspector needs `debug`, which changes the level too
        monitors = monitors_of(native.gui.get_screens())
        self.scale = window.scale = monitors[0].scale_factor if monitors else 1.0
        window.invoke = invoker_for(backend_of(native), native)
        self._thread.loop_begins(window.invoke)

    def _closing(self, window: NativeWindow) -> bool | None:
        if window.going:
            return None
        self._events.closing(window)
        return False

    def _closed(self, window: NativeWindow) -> None:
        if not window.going:
            self._events.closed(window)


def _nothing() -> None:
    """Wake the main thread."""


def _picture(file: Path | None) -> str | None:
    """Return the path of an icon that can be read: pywebview makes no window with another one."""
    if file is None:
        return None
    try:
        Image.from_path(file)
    except ImageError as error:
        _logger.warning("bundle.icon (%s) is not used for the windows: %s", file.name, error)
        return None
    return str(file)
