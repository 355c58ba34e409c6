"""`plugin:positioner|*`."""

from __future__ import annotations

from typing import Any

from ...commands import command, generate_handler
from ...core import Plugin, PluginApi, PluginBuilder
from ...errors import CommandError, WindowError
from ...handles import AppHandle, State, Window
from ._place import Place, TrayIcon
from ._place import move_window as move

__all__ = ["init"]

_ON_WEB = "a browser places its own windows"


class Tray:
    """What pages have told of the tray's icon.

    Attributes:
        icon: Where it is; `None` until somebody has told.
    """

    def __init__(self) -> None:
        self.icon: TrayIcon | None = None


# In workers: they wait for the window's thread.
@command
def move_window(window: Window, tray: State[Tray], position: Place) -> None:
    """Move the calling page's window."""
    _move(window, position, tray, constrained=False)


@command
def move_window_constrained(window: Window, tray: State[Tray], position: Place) -> None:
    """Move the calling page's window, but not out of its monitor."""
    _move(window, position, tray, constrained=True)


def _move(window: Window, position: Place, tray: Tray, *, constrained: bool) -> None:
    try:
        move(window, position, tray=tray.icon, constrained=constrained)
    except WindowError as error:
        raise CommandError(str(error)) from None


@command
async def set_tray_icon_state(tray: State[Tray], position: dict[str, Any], size: dict[str, Any]) -> None:
    """Note where the tray's icon is, as an event of the tray tells."""
    place, extent = position.get("Physical", position), size.get("Physical", size)
    try:
        tray.icon = TrayIcon(*(int(value) for value in (place["x"], place["y"], extent["width"])))
    except (KeyError, TypeError, ValueError, OverflowError):
        raise CommandError("set_tray_icon_state: position and size of the tray's event are needed") from None


def init() -> Plugin:
    """Return the plugin; `positioner:default` allows its commands."""

    def setup(app: AppHandle, _: PluginApi) -> None:
        app.manage(Tray())

    return (
        PluginBuilder("positioner")
        .setup(setup)
        .unsupported("web", dict.fromkeys(("move_window", "move_window_constrained"), _ON_WEB))
        .invoke_handler(generate_handler(move_window, move_window_constrained, set_tray_icon_state))
        .permissions(default=("allow-move-window", "allow-move-window-constrained", "allow-set-tray-icon-state"))
        .build()
    )
