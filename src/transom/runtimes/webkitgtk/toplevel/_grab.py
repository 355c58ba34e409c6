"""Keeps the pointer inside a window, by the barriers of X11: GTK's own grabs do not confine it."""

from __future__ import annotations

import ctypes
from typing import Any

from ....errors import WindowError

__all__ = ["PointerGrab"]

_MOST = 32767  # pixels, as X11 has them
_EVERYWHERE = -1, _MOST
# The directions in which a barrier lets the pointer through.
_RIGHT, _DOWN, _LEFT, _UP = 1, 2, 4, 8


class PointerGrab:
    """Four barriers around an area of the screen, over a connection of its own, with which they end.

    Args:
        display: Name of the X display.

    Raises:
        WindowError: The display has no barriers.
    """

    def __init__(self, display: str) -> None:
        try:
            self._x11: Any = ctypes.CDLL("libX11.so.6")
            self._fixes: Any = ctypes.CDLL("libXfixes.so.3")
            self._declare()
        except (OSError, AttributeError) as error:
            raise WindowError(f"the pointer cannot be kept inside a window: {error}") from None
        self._connection = self._x11.XOpenDisplay(display.encode())
        self._barriers: list[int] = []
        major, minor = ctypes.c_int(5), ctypes.c_int(0)
        if not self._connection or not (
            self._fixes.XFixesQueryVersion(self._connection, ctypes.byref(major), ctypes.byref(minor))
            and major.value >= 5
        ):
            self.end()
            raise WindowError(
                "the pointer cannot be kept inside a window: the display has no pointer barriers (XFixes 5)"
            )

    def _declare(self) -> None:
        pointer, number = ctypes.c_void_p, ctypes.c_ulong
        self._x11.XOpenDisplay.argtypes = [ctypes.c_char_p]
        self._x11.XOpenDisplay.restype = pointer
        self._x11.XDefaultRootWindow.restype = number
        for name in ("XDefaultRootWindow", "XFlush", "XCloseDisplay"):
            getattr(self._x11, name).argtypes = [pointer]
        self._fixes.XFixesQueryVersion.argtypes = [pointer, pointer, pointer]
        self._fixes.XFixesCreatePointerBarrier.argtypes = [pointer, number, *[ctypes.c_int] * 6, pointer]
        self._fixes.XFixesCreatePointerBarrier.restype = number
        self._fixes.XFixesDestroyPointerBarrier.argtypes = [pointer, number]

    def confine(self, area: tuple[int, int, int, int] | None) -> None:
        """Keep the pointer inside an area; `None` lets it go.

        Args:
            area: Left, top, right and bottom, in pixels of the screen; the last two are outside.
        """
        if not self._connection:
            return
        for barrier in self._barriers:
            self._fixes.XFixesDestroyPointerBarrier(self._connection, barrier)
        self._barriers = []
        if area is not None:
            left, top, right, bottom = (max(0, min(edge, _MOST)) for edge in area)
            root = self._x11.XDefaultRootWindow(self._connection)
            # Lines through the whole screen, which a barrier with a negative end is: the X server misses a slanting move
            # across a shorter one. From outside, each still lets the pointer in.
            edges = (
                (_EVERYWHERE[0], top, _EVERYWHERE[1], top, _DOWN),
                (_EVERYWHERE[0], bottom, _EVERYWHERE[1], bottom, _UP),
                (left, _EVERYWHERE[0], left, _EVERYWHERE[1], _RIGHT),
                (right, _EVERYWHERE[0], right, _EVERYWHERE[1], _LEFT),
            )
            self._barriers = [
                self._fixes.XFixesCreatePointerBarrier(self._connection, root, *edge, 0, None) for edge in edges
            ]
        self._x11.XFlush(self._connection)

    def end(self) -> None:
        """Let the pointer go for good."""
        if self._connection:
            self._x11.XCloseDisplay(self._connection)
        self._connection = None
