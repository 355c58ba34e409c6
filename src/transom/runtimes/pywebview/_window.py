"""One native window, and the calls of pywebview that depend on its back end."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from ...config import WindowConfig
from ...values import LogicalPosition, LogicalSize, PhysicalPosition, PhysicalSize
from ..web.windows import WebWindow
from ._library import PYWEBVIEW, NoApi, NoState, backend_of
from ._main_thread import Invoke

__all__ = ["NativeWindow"]

_SHOWN_SECONDS = 20.0  # as long as pywebview itself waits


class NativeWindow(WebWindow):
    """A window of pywebview.

    Its calls into pywebview wait for the event loop, so they are made on the thread for them (`Calls`). What they return is
    kept, for those who must not wait.

    Args:
        options: Its options.

    Attributes:
        native: The window of pywebview; `None` until it is made.
        going: Whether it may be closed without asking, because the runtime takes it away.
        position: Its last known place, in logical pixels.
        size: Its last known size as pywebview has it, in logical pixels.
        frame: What that size has beyond the page's, in logical pixels.
        place_before: Its place and size before it was maximized.
        scale: Physical pixels for each logical one on its monitor, for as long as its page has not told.
        url: The address of its page; empty before there is one.
        shown: Set when it is shown, or is not going to be.
        invoke: Runs work on the thread of the event loop; `None` until the window is made.
    """

    def __init__(self, options: WindowConfig) -> None:
        super().__init__(options)
        self.options = options
        self.native: Any = None
        self.going = False
        self.maximized, self.minimized = options.maximized, False
        self.fullscreen, self.on_top = options.fullscreen, options.always_on_top
        self.position = LogicalPosition(options.x or 0, options.y or 0)
        self.size = LogicalSize(options.width, options.height)
        self.frame = LogicalSize(0, 0)
        self.place_before: tuple[LogicalPosition, LogicalSize] | None = None
        self.scale = 1.0
        self.url = ""
        self.shown = threading.Event()
        self._has_place = False
        self.invoke: Invoke | None = None
        self._late: list[Callable[[], object]] | None = []  # what is to be done when there is a native window
        self._lock = threading.Lock()

    @property
    def scale_factor(self) -> float:
        """Physical pixels for each logical one."""
        return self.scale if self.state is None else self.state.scale_factor

    @property
    def backend(self) -> str:
        """The part of pywebview that shows the window."""
        return backend_of(self.native)

    def look(self, url: str) -> dict[str, Any]:
        """Return the arguments of `webview.create_window`.

        Args:
            url: The address of the page.
        """
        options = self.options
        red, green, blue, _ = options.background_color or (255, 255, 255, 255)
        return {
            "title": self.title,
            "url": url,
            "js_api": NoApi(),
            "width": round(self.size.width),
            "height": round(self.size.height),
            "x": None if options.x is None else round(options.x),
            "y": None if options.y is None else round(options.y),
            "resizable": options.resizable,
            "fullscreen": options.fullscreen,
            "min_size": (round(options.min_width or 1), round(options.min_height or 1)),
            "hidden": not self.visible,
            "frameless": not options.decorations,
            "easy_drag": False,
            "shadow": options.shadow,
            "focus": options.focusable,
            "maximized": options.maximized and self.visible,
            "on_top": options.always_on_top,
            "background_color": f"#{red:02x}{green:02x}{blue:02x}",
            "transparent": options.transparent,
            # Pages look and behave as they were written.
            "text_select": True,
            "zoomable": True,
            "draggable": True,
        }

    def attach(self, native: Any, may_move: Callable[[], bool]) -> None:
        """Join the window to the one of pywebview, which is not shown yet.

        Args:
            native: The window of pywebview.
            may_move: Tells whether its page is the application's own. Every page, of any site, can call pywebview's
                function that moves the window, which serves drag regions.
        """

        def move(x: Any = None, y: Any = None, *_: Any) -> None:
            if may_move() and isinstance(x, int | float) and isinstance(y, int | float):
                PYWEBVIEW.Window.move(native, int(x), int(y))

        native.state = NoState(native)
        native.move = move
        self.native = native

    def when_made(self, work: Callable[[], object]) -> bool:
        """Keep what is to be done until the window is shown, and return whether it is kept: otherwise do it now."""
        with self._lock:
            if self._late is None:
                return False
            self._late.append(work)
            return True

    def made(self) -> None:
        """Do what was kept. Waits until the window is shown."""
        self.shown.wait(_SHOWN_SECONDS)
        self.refresh()
        while True:
            with self._lock:
                if not self._late:
                    self._late = None
                    return
                late, self._late = self._late, []
            for work in late:
                work()

    def wait_until_shown(self) -> bool:
        """Wait until the window is shown, or is known to be left out; return `False` after 20 s."""
        return self.shown.wait(_SHOWN_SECONDS)

    def note(self, event: str) -> None:
        """Note what pywebview tells: `maximized`, `minimized` or `restored`."""
        if event == "restored" and self.minimized:
            self.minimized = False
        else:
            self.maximized = event == "maximized" or (event == "minimized" and self.maximized)
            self.minimized = event == "minimized"

    def refresh(self) -> tuple[bool, bool]:
        """Ask pywebview for place and size, and return whether each is another than the last time. Waits for the loop."""
        native = self.native
        if native is None or self.going or not native.events.shown.is_set():
            return False, False
        before = self.position, self.size
        x, y = native.gui.get_position(native.uid) or (None, None)
        width, height = native.gui.get_size(native.uid) or (None, None)
        if x is not None and y is not None:
            self.position = LogicalPosition(x, y)
        if width and height:
            self.size = LogicalSize(width, height)
        had, self._has_place = self._has_place, True
        return had and before[0] != self.position, had and before[1] != self.size

    def measure_frame(self) -> None:
        """Learn how large the window's borders are where pywebview's sizes have them. Waits for the event loop."""
        if self.native is None or self.backend in ("gtk", "qt") or self.state is None:
            return
        self.refresh()
        inner = PhysicalSize(self.state.width, self.state.height).to_logical(self.scale_factor)
        width, height = self.size.width - inner.width, self.size.height - inner.height
        if not (self.maximized or self.fullscreen) and 0 <= width < 200 and 0 <= height < 200:
            self.frame = LogicalSize(width, height)

    @property
    def outer_position(self) -> PhysicalPosition:
        """The last known place, in physical pixels."""
        return self.position.to_physical(self.scale_factor)

    @property
    def outer_size(self) -> PhysicalSize:
        """The last known size with the borders that pywebview counts, in physical pixels."""
        return self.size.to_physical(self.scale_factor)

    @property
    def inner_size(self) -> PhysicalSize:
        """The last known size of the page, in physical pixels."""
        inner = LogicalSize(max(self.size.width - self.frame.width, 0), max(self.size.height - self.frame.height, 0))
        return inner.to_physical(self.scale_factor)
