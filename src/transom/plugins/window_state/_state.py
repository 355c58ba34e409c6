"""What is kept of a window, as Tauri's plugin writes it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from enum import IntFlag
from typing import Any

import msgspec

from ...errors import CommandError, WindowError
from ...handles import Window

__all__ = ["StateFlags", "WindowState", "current", "flags_of", "restore"]


class StateFlags(IntFlag):
    """Which parts of a window's state are kept; the numbers of the npm package."""

    SIZE = 1
    POSITION = 2
    MAXIMIZED = 4
    VISIBLE = 8
    DECORATIONS = 16
    FULLSCREEN = 32
    ALL = 63


def flags_of(number: int | None) -> StateFlags | None:
    """Return the flags of a number that a page sends; `None` for none.

    Raises:
        CommandError: A bit has no meaning.
    """
    if number is None:
        return None
    if not 0 <= number <= StateFlags.ALL:
        raise CommandError(f"Invalid state flags bits: {number}")
    return StateFlags(number)


class WindowState(msgspec.Struct):
    """The state of a window, in physical pixels.

    Attributes:
        width: Width of the content; 0 when it is not known.
        height: Its height.
        x: Place of the window, when it is neither maximized nor fullscreen.
        y: See `x`.
        prev_x: Its place before that one. In Tauri, the place of a maximized window before it was.
        prev_y: See `prev_x`.
        maximized: Whether it is maximized.
        visible: Whether it is shown.
        decorated: Whether it has a frame.
        fullscreen: Whether it covers the screen.
    """

    width: int = 0
    height: int = 0
    x: int = 0
    y: int = 0
    prev_x: int = 0
    prev_y: int = 0
    maximized: bool = False
    visible: bool = True
    decorated: bool = True
    fullscreen: bool = False


def current(window: Window, flags: StateFlags) -> dict[str, Any]:
    """Return the fields of `WindowState` that can be told now: neither size nor place while something hides the real ones."""
    found: dict[str, Any] = {}

    def note(flag: StateFlags, name: str, ask: Callable[[], Any]) -> None:
        if flag & flags:
            with suppress(WindowError):  # the runtime cannot tell
                found[name] = ask()

    note(StateFlags.MAXIMIZED, "maximized", window.is_maximized)
    note(StateFlags.FULLSCREEN, "fullscreen", window.is_fullscreen)
    note(StateFlags.DECORATIONS, "decorated", window.is_decorated)
    note(StateFlags.VISIBLE, "visible", window.is_visible)
    if flags & (StateFlags.SIZE | StateFlags.POSITION) and is_plain(window):
        if StateFlags.SIZE in flags:
            with suppress(WindowError):
                size = window.inner_size()
                if size.width > 0 and size.height > 0:
                    found |= {"width": size.width, "height": size.height}
        if StateFlags.POSITION in flags:
            with suppress(WindowError):
                place = window.outer_position()
                found |= {"x": place.x, "y": place.y}
    return found


def is_plain(window: Window) -> bool:
    """Tell whether size and place of a window are those that it has when it is neither maximized nor anything else."""
    with suppress(WindowError):
        return not (window.is_maximized() or window.is_minimized() or window.is_fullscreen())
    return True


def restore(window: Window, state: WindowState, flags: StateFlags) -> None:
    """Give a window a state, as far as the runtime can.

    Raises:
        WindowError: The window is gone.
    """
    from ...values import PhysicalPosition, PhysicalSize

    x, y = (state.prev_x, state.prev_y) if state.maximized else (state.x, state.y)
    if StateFlags.DECORATIONS in flags:
        _try(lambda: window.set_decorations(state.decorated))
    if StateFlags.POSITION in flags and _is_on_a_monitor(window, state):
        _try(lambda: window.set_position(PhysicalPosition(x, y)))
    if StateFlags.SIZE in flags and state.width > 0 and state.height > 0:
        _try(lambda: window.set_size(PhysicalSize(state.width, state.height)))
    if StateFlags.MAXIMIZED in flags and state.maximized:
        _try(window.maximize)
    if StateFlags.FULLSCREEN in flags:
        _try(lambda: window.set_fullscreen(state.fullscreen))


def _try(work: Callable[[], object]) -> None:
    """Do something that a runtime may not be able to do, such as to move a window on Wayland."""
    with suppress(WindowError):
        work()


def _is_on_a_monitor(window: Window, state: WindowState) -> bool:
    """Tell whether a corner of the window would be on a monitor that is there now."""
    corners = [(state.x + dx, state.y + dy) for dx in (0, state.width) for dy in (0, state.height)]
    with suppress(WindowError):
        for monitor in window.available_monitors():
            left, top = monitor.position.x, monitor.position.y
            right, bottom = left + monitor.size.width, top + monitor.size.height
            if any(left <= x < right and top <= y < bottom for x, y in corners):
                return True
    return False
