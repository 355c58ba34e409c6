"""The states of an application's windows, and the file that keeps them."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path

import msgspec

from ...errors import CommandError, Unsupported, WindowError
from ...events import RunEvent, WindowEvent
from ...handles import AppHandle, Manager, Window
from ...values import PhysicalSize
from ..store import replace_file
from ._state import StateFlags, WindowState, current, is_plain, restore

__all__ = ["DEFAULT_FILENAME", "WindowStates", "filename", "restore_state", "save_window_state"]

_log = logging.getLogger("transom")

DEFAULT_FILENAME = ".window-state.json"


class WindowStates:
    """Keeps the states by label. The hooks are called on the window system's thread, so the lock is held for moments only.

    Args:
        flags: What is kept.
        filename: Name of the file, in the folder of the application's configuration.
        denylist: Labels of windows that are left alone.
        filter: Tells of a label whether its window is kept; `None` for all.
        skip_initial_state: Labels of windows that are kept and not restored when they are made.
        map_label: Returns the name under which a window is kept; `None` for its label.
    """

    def __init__(
        self,
        *,
        flags: StateFlags,
        filename: str,
        denylist: Collection[str],
        filter: Callable[[str], bool] | None,  # noqa: A002 - Tauri's name
        skip_initial_state: Collection[str],
        map_label: Callable[[str], str] | None,
    ) -> None:
        self.flags = flags
        self.filename = filename
        self._denylist = frozenset(denylist)
        self._filter = filter
        self._skipped = frozenset(skip_initial_state)
        self._map_label = map_label
        self._states: dict[str, WindowState] = {}
        # The outer heights of windows whose size was restored, until a menu bar has come or somebody has resized them.
        self._restored: dict[str, int] = {}
        self._lock = threading.Lock()

    def read(self, app: AppHandle) -> None:
        """Read the file; one that cannot be read is as good as none, as in Tauri."""
        try:
            data = self._file(app).read_bytes()
            states = msgspec.json.decode(data, type=dict[str, WindowState])
        except FileNotFoundError:
            return
        except (OSError, msgspec.MsgspecError, UnicodeError) as error:
            _log.warning("the states of the windows in %s cannot be read: %s", self.filename, error)
            return
        with self._lock:
            self._states = states

    def begin(self, window: Window) -> None:
        """Restore a new window, and follow it."""
        label = self._name(window)
        if label in self._denylist or (self._filter is not None and not self._filter(label)):
            return
        if label not in self._skipped:
            self.restore(window, self.flags)
        with self._lock:
            self._states.setdefault(label, WindowState())
        window.on_window_event(lambda event: self._on_event(window, label, event))

    def restore(self, window: Window, flags: StateFlags) -> None:
        """Restore a window, or note its state when none is known."""
        label = self._name(window)
        with self._lock:
            state = self._states.get(label)
        if state is None or state == WindowState():
            self._update(label, window, flags, make=True)
            return
        restore(window, state, flags)
        if StateFlags.SIZE in flags and state.height > 0:
            with suppress(WindowError):
                self._restored[window.label] = window.outer_size().height
        if StateFlags.VISIBLE in flags and state.visible:
            with suppress(Unsupported):  # in a browser
                window.show()
                window.set_focus()

    def save(self, app: AppHandle, flags: StateFlags) -> None:
        """Note the states of the windows that are there, and write the file.

        Raises:
            OSError: It cannot be written.
        """
        self.update_all(app, flags)
        with self._lock:
            data = msgspec.json.format(msgspec.json.encode(self._states), indent=2)
        replace_file(self._file(app), data)

    def update_all(self, app: AppHandle, flags: StateFlags) -> None:
        """Note the states of the windows that are there."""
        for window in app.windows().values():
            self._update(self._name(window), window, flags)

    def on_run_event(self, app: AppHandle, event: RunEvent) -> None:
        """Keep everything when the application ends."""
        if isinstance(event, RunEvent.ExitRequested):
            self.update_all(app, self.flags)  # the windows are gone at `Exit`
        elif isinstance(event, RunEvent.Exit):
            try:
                self.save(app, self.flags)
            except OSError as error:
                _log.warning("the states of the windows cannot be written to %s: %s", self.filename, error)

    def _on_event(self, window: Window, label: str, event: WindowEvent) -> None:
        if isinstance(event, WindowEvent.CloseRequested):
            self._update(label, window, self.flags)
        elif isinstance(event, WindowEvent.Moved) and StateFlags.POSITION in self.flags and is_plain(window):
            with self._lock:
                state = self._states.setdefault(label, WindowState())
                if (state.x, state.y) != (event.position.x, event.position.y):
                    state.prev_x, state.prev_y = state.x, state.y
                    state.x, state.y = event.position.x, event.position.y
        elif isinstance(event, WindowEvent.Resized) and StateFlags.SIZE in self.flags and is_plain(window):
            self._on_resized(window, label, event.size)
        elif isinstance(event, WindowEvent.Destroyed):
            self._restored.pop(window.label, None)

    def _on_resized(self, window: Window, label: str, size: PhysicalSize) -> None:
        with self._lock:
            state = self._states.setdefault(label, WindowState())
            kept = PhysicalSize(state.width, state.height)
        outer = self._restored.get(window.label)
        if outer is not None and size != kept:
            del self._restored[window.label]
            if size.width == kept.width and size.height < kept.height and window.outer_size().height >= outer:
                # A menu bar took a part of the restored size: without this a window would be smaller after each start.
                window.set_size(kept)
                return
        with self._lock:
            state.width, state.height = size.width, size.height

    def _update(self, label: str, window: Window, flags: StateFlags, *, make: bool = False) -> None:
        found = current(window, flags)
        with self._lock:
            state = self._states.get(label)
            if state is None and not make:
                return
            state = self._states[label] = state or WindowState()
            was_maximized = state.maximized
            for name, value in found.items():
                setattr(state, name, value)
            if state.maximized and not was_maximized:
                # Tauri: where the window goes when it is no longer maximized.
                state.prev_x, state.prev_y = state.x, state.y

    def _name(self, window: Window) -> str:
        return window.label if self._map_label is None else self._map_label(window.label)

    def _file(self, app: AppHandle) -> Path:
        return Path(app.path().app_config_dir()) / self.filename


def save_window_state(manager: Manager, flags: StateFlags | None = None) -> None:
    """Write the states of all windows.

    Args:
        manager: Any handle of the application, which has the plugin.
        flags: What is noted; `None` for what the plugin keeps.

    Raises:
        CommandError: The file cannot be written.
        StateError: The plugin was not added.
    """
    states = manager.state(WindowStates)
    try:
        states.save(manager.app_handle(), states.flags if flags is None else flags)
    except OSError as error:
        raise CommandError(f"{error.strerror} (os error {error.errno})") from None


def restore_state(window: Window, flags: StateFlags | None = None) -> None:
    """Restore a window.

    Args:
        window: The window.
        flags: What is restored; `None` for what the plugin keeps.

    Raises:
        WindowError: The window is gone.
        StateError: The plugin was not added.
    """
    states = window.state(WindowStates)
    states.restore(window, states.flags if flags is None else flags)


def filename(manager: Manager) -> str:
    """Return the name of the file that keeps the states.

    Args:
        manager: Any handle of the application, which has the plugin.

    Raises:
        StateError: The plugin was not added.
    """
    return manager.state(WindowStates).filename
