"""What happens to an application, as the callback of `App.run` hears of it (Tauri: `RunEvent`)."""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec

from ._window_event import WebviewEvent, WindowEvent, name_kinds

__all__ = ["RESTART_EXIT_CODE", "ExitRequestApi", "RunEvent"]

RESTART_EXIT_CODE = 2**31 - 1  # Tauri: the same


class ExitRequestApi:
    """Lets a callback keep an application running that is asked to end."""

    def __init__(self) -> None:
        self._prevented = False

    @property
    def prevented(self) -> bool:
        """Whether a callback has prevented the end."""
        return self._prevented

    def prevent_exit(self) -> None:
        """Keep the application running. `AppHandle.restart` ignores this, as in Tauri, and so does a signal."""
        self._prevented = True


class RunEvent(msgspec.Struct, frozen=True):
    """Something that has happened to the application. Its kinds are classes with Tauri's names, such as `RunEvent.Exit`."""

    Ready: ClassVar[type[_Ready]]
    WindowEvent: ClassVar[type[_Window]]
    WebviewEvent: ClassVar[type[_Webview]]
    MenuEvent: ClassVar[type[_Menu]]
    TrayIconEvent: ClassVar[type[_TrayIcon]]
    ExitRequested: ClassVar[type[_ExitRequested]]
    Exit: ClassVar[type[_Exit]]


class _Ready(RunEvent, frozen=True):
    """The configured windows are made, and the setup hook has returned."""


class _Window(RunEvent, frozen=True):
    """Something has happened to a window.

    Attributes:
        label: The window's label.
        event: What it is.
    """

    label: str
    event: WindowEvent


class _Webview(RunEvent, frozen=True):
    """Something has happened to a webview; see `WindowEvent`."""

    label: str
    event: WebviewEvent


class _Menu(RunEvent, frozen=True):
    """A menu item was activated.

    Attributes:
        event: The `transom.MenuEvent`.
    """

    event: Any


class _TrayIcon(RunEvent, frozen=True):
    """A tray icon was clicked.

    Attributes:
        event: The `transom.TrayIconEvent`.
    """

    event: Any


class _ExitRequested(RunEvent, frozen=True):
    """The application is asked to end.

    Attributes:
        code: What `exit` was called with, `RESTART_EXIT_CODE` for `restart`; `None` when the last window is gone.
        api: Prevents that.
    """

    code: int | None
    api: ExitRequestApi


class _Exit(RunEvent, frozen=True):
    """The application ends now: the windows are gone, and tasks and workers are about to be stopped."""


RunEvent.Ready, RunEvent.WindowEvent, RunEvent.WebviewEvent = _Ready, _Window, _Webview
RunEvent.MenuEvent, RunEvent.TrayIconEvent = _Menu, _TrayIcon
RunEvent.ExitRequested, RunEvent.Exit = _ExitRequested, _Exit
name_kinds(RunEvent)
