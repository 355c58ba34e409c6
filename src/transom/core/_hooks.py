"""The hooks that hear what happens to windows, webviews and the application, on the thread where it happens."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias, TypeVar

from ..events import RunEvent, WebviewEvent, WindowEvent, webview_event, window_event
from ..handles import AppHandle, Webview, Window

__all__ = ["EventHooks", "RunHook", "WebviewEventHook", "WindowEventHook", "run_logged"]

T = TypeVar("T")
_log = logging.getLogger("transom")

# `def` functions, called on the thread where it happens: the main one, or the one that asks a window of the web runtime.
WindowEventHook: TypeAlias = Callable[[Window, WindowEvent], object]
WebviewEventHook: TypeAlias = Callable[[Webview, WebviewEvent], object]
RunHook: TypeAlias = Callable[[AppHandle, RunEvent], object]


class EventHooks:
    """Calls the hooks, those of the builder first; what one raises is logged, and the others are called all the same.

    Args:
        of_windows: For the events of all windows.
        of_webviews: For the events of all webviews.
        of_run: For what happens to the application: the plugins' hooks.
    """

    def __init__(
        self,
        of_windows: Iterable[WindowEventHook] = (),
        of_webviews: Iterable[WebviewEventHook] = (),
        of_run: Iterable[RunHook] = (),
    ) -> None:
        self._of_windows = tuple(of_windows)
        self._of_webviews = tuple(of_webviews)
        self._of_run = tuple(of_run)
        self._of_label: dict[tuple[type, str], tuple[Callable[[Any], object], ...]] = {}
        self._lock = threading.Lock()

    @property
    def hears_run(self) -> bool:
        """Whether a hook hears what happens to the application."""
        return bool(self._of_run)

    def hears(self, label: str) -> bool:
        """Tell whether a hook hears the events of the window or webview with this label."""
        of_label = self._of_label
        return bool(
            self._of_windows
            or self._of_webviews
            or self._of_run
            or (WindowEvent, label) in of_label
            or (WebviewEvent, label) in of_label
        )

    def add_run(self, hook: RunHook) -> None:
        """Call a hook from now on, after the others."""
        with self._lock:
            self._of_run = (*self._of_run, hook)

    def remove_run(self, hook: RunHook) -> None:
        """Call a hook no more."""
        with self._lock:
            self._of_run = tuple(other for other in self._of_run if other is not hook)

    def add(self, kind: type[WindowEvent | WebviewEvent], label: str, hook: Callable[[Any], object]) -> None:
        """Call a hook with the events of one window or webview until it is gone."""
        with self._lock:
            self._of_label[kind, label] = (*self._of_label.get((kind, label), ()), hook)

    def forget(self, window: str, webviews: Sequence[str]) -> None:
        """Forget the hooks of a window that is gone, and of the webviews that were in it."""
        with self._lock:
            self._of_label.pop((WindowEvent, window), None)
            for webview in webviews:
                self._of_label.pop((WebviewEvent, webview), None)

    def tell_window(self, window: Window, name: str, payload: Any) -> bool:
        """Tell of an event of a window, as a runtime names it; return whether a hook has prevented that the window closes."""
        event = window_event(name, payload)
        if event is None:
            return False
        self.window_event(window, event)
        return isinstance(event, WindowEvent.CloseRequested) and event.api.prevented

    def tell_webview(self, webview: Webview, name: str, payload: Any) -> None:
        """Tell of an event of a webview, as a runtime names it."""
        event = webview_event(name, payload)
        if event is not None:
            self.webview_event(webview, event)

    def window_event(self, window: Window, event: WindowEvent) -> None:
        """Tell of an event of a window."""
        for all_hook in self._of_windows:
            _call(all_hook, window, event)
        for own_hook in self._of_label.get((WindowEvent, window.label), ()):
            _call(own_hook, event)
        if self._of_run:
            self.run_event(window.app_handle(), RunEvent.WindowEvent(window.label, event))

    def webview_event(self, webview: Webview, event: WebviewEvent) -> None:
        """Tell of an event of a webview."""
        for all_hook in self._of_webviews:
            _call(all_hook, webview, event)
        for own_hook in self._of_label.get((WebviewEvent, webview.label), ()):
            _call(own_hook, event)
        if self._of_run:
            self.run_event(webview.app_handle(), RunEvent.WebviewEvent(webview.label, event))

    def run_event(self, app: AppHandle, event: RunEvent) -> None:
        """Tell of an event of the application."""
        for hook in self._of_run:
            _call(hook, app, event)


def _call(hook: Callable[..., object], *arguments: Any) -> None:
    try:
        hook(*arguments)
    except Exception:  # noqa: BLE001 - the window system must go on, and the next hook must hear of it
        _log.exception("a hook failed for %r", arguments[-1])


def run_logged(work: Callable[[], T]) -> T | None:
    """Run work that nobody waits for and return its result; what it raises is logged, and the result `None`."""
    try:
        return work()
    except Exception:  # noqa: BLE001 - nobody waits for it, and the window system must go on
        _log.exception("work for the main thread failed")
        return None
