"""Grabs keys by libxcb, which GTK brings along. All on the event loop.

libX11 is not used: a key that another program has grabbed is an error there, which its process-wide handler makes the end of
the program.
"""

from __future__ import annotations

import asyncio
import ctypes
import ctypes.util
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from itertools import zip_longest
from typing import Any, NamedTuple

from ...errors import CommandError
from ._shortcut import Shortcut
from ._unavailable import ShortcutsUnavailable, check_system

__all__ = ["Keyboard"]

_PRESS, _RELEASE, _MAPPING = 2, 3, 34
_LOCK, _NUM_LOCK = 2, 16
_IGNORED = (0, _LOCK, _NUM_LOCK, _LOCK | _NUM_LOCK)  # a shortcut counts whether or not these are on
_USED = 1 | 4 | 8 | 64
_ASYNC = 1


class _Cookie(ctypes.Structure):
    _fields_ = (("sequence", ctypes.c_uint),)


class _Roots(ctypes.Structure):
    _fields_ = (("data", ctypes.POINTER(ctypes.c_uint32)), ("rem", ctypes.c_int), ("index", ctypes.c_int))


class _Event(NamedTuple):
    kind: int
    keycode: int
    time: int
    state: int


_POINTER, _BYTE, _WORD = ctypes.c_void_p, ctypes.c_uint8, ctypes.c_uint16
# Function of libxcb -> what it returns, and its arguments.
_FUNCTIONS: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "xcb_connect": (_POINTER, (ctypes.c_char_p, _POINTER)),
    "xcb_connection_has_error": (ctypes.c_int, (_POINTER,)),
    "xcb_disconnect": (None, (_POINTER,)),
    "xcb_flush": (ctypes.c_int, (_POINTER,)),
    "xcb_get_file_descriptor": (ctypes.c_int, (_POINTER,)),
    "xcb_get_setup": (_POINTER, (_POINTER,)),
    "xcb_setup_roots_iterator": (_Roots, (_POINTER,)),
    "xcb_get_keyboard_mapping": (_Cookie, (_POINTER, _BYTE, _BYTE)),
    "xcb_get_keyboard_mapping_reply": (_POINTER, (_POINTER, _Cookie, _POINTER)),
    "xcb_get_keyboard_mapping_keysyms": (ctypes.POINTER(ctypes.c_uint32), (_POINTER,)),
    "xcb_get_keyboard_mapping_keysyms_length": (ctypes.c_int, (_POINTER,)),
    "xcb_grab_key_checked": (_Cookie, (_POINTER, _BYTE, ctypes.c_uint32, _WORD, _BYTE, _BYTE, _BYTE)),
    "xcb_ungrab_key": (_Cookie, (_POINTER, _BYTE, ctypes.c_uint32, _WORD)),
    "xcb_request_check": (_POINTER, (_POINTER, _Cookie)),
    "xcb_poll_for_event": (_POINTER, (_POINTER,)),
}


def _libraries() -> tuple[Any, Any]:
    name = ctypes.util.find_library("xcb") or "libxcb.so.1"
    try:
        xcb, libc = ctypes.CDLL(name), ctypes.CDLL(None)
    except OSError:
        raise ShortcutsUnavailable(
            system="no-library", message="libxcb is not installed; install the package libxcb1"
        ) from None
    for function, (result, arguments) in _FUNCTIONS.items():
        getattr(xcb, function).restype = result
        getattr(xcb, function).argtypes = arguments
    libc.free.argtypes = (_POINTER,)
    return xcb, libc


class Keyboard:
    """The keys of a display.

    Args:
        pressed: Called with every shortcut that was grabbed, and whether it was pressed or released.

    Raises:
        ShortcutsUnavailable: This is no desktop of X11.
    """

    def __init__(self, pressed: Callable[[Shortcut, bool], object]) -> None:
        check_system()
        self._pressed = pressed
        self._xcb, self._libc = _libraries()
        self._connection = self._xcb.xcb_connect(None, None)
        if self._xcb.xcb_connection_has_error(self._connection):
            self._xcb.xcb_disconnect(self._connection)
            raise ShortcutsUnavailable(system="no-display", message="the display does not let this program in")
        setup = self._xcb.xcb_get_setup(self._connection)
        self._root = self._xcb.xcb_setup_roots_iterator(setup).data[0]
        self._first, self._last = ctypes.string_at(setup, 36)[34:36]
        self._keycodes = self._mapping()
        self._grabbed: dict[tuple[int, int], Shortcut] = {}
        self._loop = asyncio.get_running_loop()
        self._file = self._xcb.xcb_get_file_descriptor(self._connection)
        self._loop.add_reader(self._file, self._read)

    def _mapping(self) -> dict[int, list[int]]:
        """Return the keys that have each symbol without a modifier."""
        count = self._last - self._first + 1
        cookie = self._xcb.xcb_get_keyboard_mapping(self._connection, self._first, count)
        reply = self._xcb.xcb_get_keyboard_mapping_reply(self._connection, cookie, None)
        if not reply:
            return {}
        symbols = self._xcb.xcb_get_keyboard_mapping_keysyms(reply)
        length = self._xcb.xcb_get_keyboard_mapping_keysyms_length(reply)
        found: dict[int, list[int]] = {}
        for index in range(count):
            if index * (length // count) < length:
                found.setdefault(symbols[index * (length // count)], []).append(self._first + index)
        self._libc.free(reply)
        return found

    async def grab_all(self, wanted: Mapping[Shortcut, str]) -> None:
        """Grab shortcuts, all or none of them.

        Args:
            wanted: Shortcut -> its text.

        Raises:
            CommandError: One cannot be grabbed; it names that.
        """
        done: list[Shortcut] = []
        for shortcut, text in wanted.items():
            try:
                self.grab(shortcut)
            except CommandError as error:
                for each in done:
                    self.release(each)
                raise CommandError(f"the shortcut {text} cannot be registered: {error.value}") from None
            done.append(shortcut)

    def grab(self, shortcut: Shortcut) -> None:
        """Let a shortcut reach this program and no other.

        Raises:
            CommandError: The keyboard does not have the key, or another program has the shortcut.
            ShortcutsUnavailable: The display has gone.
        """
        if self._connection is None:
            raise ShortcutsUnavailable(system="no-display", message="the display has gone")
        keycodes = self._keycodes.get(shortcut.keysym)
        if not keycodes:
            raise CommandError("the keyboard does not have this key; choose another")
        for keycode in keycodes:
            for more in _IGNORED:
                mask = shortcut.modifiers | more
                cookie = self._xcb.xcb_grab_key_checked(self._connection, 0, self._root, mask, keycode, _ASYNC, _ASYNC)
                error = self._xcb.xcb_request_check(self._connection, cookie)
                if error:
                    self._libc.free(error)
                    self.release(shortcut)
                    raise CommandError("another program has this shortcut already; choose another")
            self._grabbed[keycode, shortcut.modifiers] = shortcut
        self._loop.call_soon(self._read)  # the answers may have brought events

    def release(self, shortcut: Shortcut) -> None:
        """Let a shortcut go to other programs again."""
        if self._connection is None:
            return
        held = [keycode for (keycode, _), each in self._grabbed.items() if each == shortcut]
        for keycode in {*held, *self._keycodes.get(shortcut.keysym, ())}:
            self._grabbed.pop((keycode, shortcut.modifiers), None)
            for more in _IGNORED:
                self._xcb.xcb_ungrab_key(self._connection, keycode, self._root, shortcut.modifiers | more)
        self._xcb.xcb_flush(self._connection)

    def _remap(self) -> None:
        """Follow a keyboard whose keys have other symbols now, as after a change of its layout."""
        keycodes = self._mapping()
        if keycodes == self._keycodes:
            return
        shortcuts = set(self._grabbed.values())
        for shortcut in shortcuts:
            self.release(shortcut)
        self._keycodes = keycodes
        for shortcut in shortcuts:
            with suppress(CommandError):  # the layout has no such key, or another program has the shortcut there
                self.grab(shortcut)

    def _events(self) -> Iterator[_Event]:
        while event := self._xcb.xcb_poll_for_event(self._connection):
            data = ctypes.string_at(event, 32)
            self._libc.free(event)
            time, state = int.from_bytes(data[4:8], "little"), int.from_bytes(data[28:30], "little")
            yield _Event(data[0] & 0x7F, data[1], time, state)

    def _read(self) -> None:
        if self._connection is None:
            return
        events = list(self._events())
        if self._xcb.xcb_connection_has_error(self._connection):
            self.close()
            return
        if any(event.kind == _MAPPING for event in events):
            self._remap()
        repeated = False
        for event, following in zip_longest(events, events[1:]):
            if event.kind not in (_PRESS, _RELEASE) or repeated:
                repeated = False
                continue
            # A key that is held sends a release and a press at the same time, over and over.
            repeated = (
                event.kind == _RELEASE
                and following is not None
                and (following.kind, following.keycode, following.time) == (_PRESS, event.keycode, event.time)
            )
            shortcut = self._grabbed.get((event.keycode, event.state & _USED))
            if shortcut is None and event.kind == _RELEASE:  # the modifier was released first
                shortcut = next((each for (key, _), each in self._grabbed.items() if key == event.keycode), None)
            if shortcut is not None and not repeated:
                self._pressed(shortcut, event.kind == _PRESS)

    def close(self) -> None:
        """Let all shortcuts go."""
        if self._connection is not None:
            self._loop.remove_reader(self._file)
            self._xcb.xcb_disconnect(self._connection)
            self._connection = None
