"""`plugin:window-state|*`."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from ...commands import command, generate_handler
from ...core import Plugin, PluginBuilder
from ...errors import CommandError, ConfigError, WindowError
from ...handles import AppHandle
from . import _states
from ._state import StateFlags, flags_of
from ._states import DEFAULT_FILENAME, WindowStates

__all__ = ["init"]

_ON_WEB = "a browser keeps size and place of its own windows"


# In workers: they wait for the window's thread and the disk.
@command
def save_window_state(app: AppHandle, flags: int | None = None) -> None:
    """Write the states of all windows."""
    _states.save_window_state(app, flags_of(flags))


@command
def restore_state(app: AppHandle, label: str, flags: int | None = None) -> None:
    """Restore a window."""
    wanted = flags_of(flags)
    window = app.get_window(label)
    if window is None:
        raise CommandError(f"Couldn't find window with label: {label}")
    try:
        _states.restore_state(window, wanted)
    except WindowError as error:
        raise CommandError(str(error)) from None


@command
async def filename(app: AppHandle) -> str:
    """Return the name of the file that keeps the states."""
    return _states.filename(app)


_COMMANDS = (save_window_state, restore_state, filename)


def init(
    *,
    flags: StateFlags = StateFlags.ALL,
    filename: str = DEFAULT_FILENAME,
    denylist: Collection[str] = (),
    filter: Callable[[str], bool] | None = None,  # noqa: A002 - Tauri's name
    skip_initial_state: Collection[str] = (),
    map_label: Callable[[str], str] | None = None,
) -> Plugin:
    """Return the plugin.

    A window is restored before it is shown. Its state is kept in a file when the application ends.

    Args:
        flags: What is kept (Tauri: `with_state_flags`).
        filename: Name of the file, in the folder of the application's configuration.
        denylist: Labels of windows that are left alone, such as a splash screen.
        filter: Tells of a label whether its window is kept; `None` for all.
        skip_initial_state: Labels of windows that are kept, and restored only by `restore_state`.
        map_label: Returns the name under which a window is kept, so that several share a state; `None` for the label.

    Raises:
        ConfigError: The name of the file has a folder in it.
    """
    if not filename or filename in (".", "..") or set(filename) & set("/\\\0"):
        raise ConfigError(f"window_state.init: `{filename}` is not the name of a file; give a name without a folder")
    states = WindowStates(
        flags=flags,
        filename=filename,
        denylist=denylist,
        filter=filter,
        skip_initial_state=skip_initial_state,
        map_label=map_label,
    )

    def setup(app: AppHandle, _: Any) -> None:
        app.manage(states)
        states.read(app)

    return (
        PluginBuilder("window-state")
        .setup(setup)
        .on_window_ready(states.begin)
        .on_event(states.on_run_event)
        .limited(
            "pywebview", {"restore_state": "a window that is hidden keeps its place, so size and state come back only"}
        )
        .unsupported("web", dict.fromkeys(("save_window_state", "restore_state"), _ON_WEB))
        .invoke_handler(generate_handler(*_COMMANDS))
        .permissions(default=("allow-filename", "allow-restore-state", "allow-save-window-state"))
        .build()
    )
