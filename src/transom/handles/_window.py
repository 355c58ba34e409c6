"""The methods of a window. Add here one for each operation on windows in `runtimes/_interface.py`."""

from __future__ import annotations

from typing import TypeVar

from ..pages import ResourceTable
from ..runtimes import CloseWindow, DestroyWindow, SetFocus, SetTitle, SetVisible, WindowOp
from ._labelled import LabelledHandle

__all__ = ["WindowMethods"]

T = TypeVar("T")


class WindowMethods(LabelledHandle):
    """The methods of a window. Every one raises `WindowError` when the window is gone."""

    __slots__ = ()

    def _perform(self, op: WindowOp[T]) -> T:
        return self._app.perform(self._client, op)

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

    def set_title(self, title: str) -> None:
        """Set the window's title."""
        self._perform(SetTitle(self.label, title))

    def show(self) -> None:
        """Show the window."""
        self._perform(SetVisible(self.label, True))

    def hide(self) -> None:
        """Hide the window."""
        self._perform(SetVisible(self.label, False))

    def set_focus(self) -> None:
        """Bring the window to the front and give it the keyboard."""
        self._perform(SetFocus(self.label))
