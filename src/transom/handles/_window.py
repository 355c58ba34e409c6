"""The methods of a window. Add here one for each operation on windows in `runtimes/ops/`."""

from __future__ import annotations

from ..pages import ResourceTable
from ..runtimes import CloseWindow, DestroyWindow, ops
from ._window_geometry import WindowGeometry
from ._window_look import WindowLook
from ._window_pointer import WindowPointer
from ._window_state import WindowState

__all__ = ["WindowMethods"]


class WindowMethods(WindowState, WindowGeometry, WindowLook, WindowPointer):
    """The methods of a window.

    Every one raises `WindowError` when the window is gone, and `Unsupported` when the runtime cannot do it:
    `docs/support.md` has the list.
    """

    __slots__ = ()

    def resources_table(self) -> ResourceTable:
        """Return the table of resources that belong to the window; its end releases them.

        Raises:
            WindowError: The window is gone.
        """
        table = self._client.resources.of_window(self.label)
        if self.label not in self._client.windows:
            self._client.resources.end_window(self.label)
        self._client.check_window(self.label)
        return table

    def close(self) -> None:
        """Ask the window to close, as its close button does."""
        self._perform(CloseWindow(self.label))

    def destroy(self) -> None:
        """Destroy the window at once."""
        self._perform(DestroyWindow(self.label))

    def show(self) -> None:
        """Show the window."""
        self._perform(ops.SetVisible(self.label, True))

    def hide(self) -> None:
        """Hide the window."""
        self._perform(ops.SetVisible(self.label, False))

    def set_focus(self) -> None:
        """Bring the window to the front and give it the keyboard."""
        self._perform(ops.SetFocus(self.label))

    def maximize(self) -> None:
        """Let the window fill the screen."""
        self._perform(ops.SetMaximized(self.label, True))

    def unmaximize(self) -> None:
        """Give a maximized window its former size back."""
        self._perform(ops.SetMaximized(self.label, False))

    def toggle_maximize(self) -> None:
        """Maximize the window, or undo that."""
        self._perform(ops.ToggleMaximize(self.label))

    def minimize(self) -> None:
        """Minimize the window."""
        self._perform(ops.SetMinimized(self.label, True))

    def unminimize(self) -> None:
        """Show a minimized window again."""
        self._perform(ops.SetMinimized(self.label, False))

    def set_fullscreen(self, fullscreen: bool) -> None:
        """Let the window cover the whole screen, or give it its former size back."""
        self._perform(ops.SetFullscreen(self.label, fullscreen))

    def set_simple_fullscreen(self, enable: bool) -> None:
        """Cover the screen without a desktop of its own; on systems other than macOS this is `set_fullscreen`."""
        self._perform(ops.SetSimpleFullscreen(self.label, enable))
