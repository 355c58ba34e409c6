"""The methods of windows for dialogs in front of them."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Literal

from ..runtimes import ops
from ._labelled import LabelledHandle

__all__ = ["WindowDialogMethods"]


class WindowDialogMethods(LabelledHandle):
    """Dialogs in front of a window. Each method opens one and returns a future; cancelling that closes the dialog."""

    __slots__ = ()

    def show_message(
        self,
        message: str,
        *,
        title: str | None = None,
        kind: Literal["info", "warning", "error"] = "info",
        buttons: Sequence[str] = ("Ok",),
    ) -> Future[int | None]:
        """Show a message; the future has the number of the button that was pressed, `None` when it was closed.

        Waits for the window system until the dialog is there: not for the event loop's thread.

        Args:
            message: The text.
            title: A heading above the text; `None` for none.
            kind: What the message is, which its icon shows.
            buttons: Labels of the buttons; the first is the one that Return presses.

        Raises:
            WindowError: The runtime has no dialogs, or the window is gone.
        """
        return self._app.perform(self._client, ops.ShowMessage(self.label, message, title, kind, tuple(buttons)))

    def choose_files(
        self,
        action: Literal["open", "folder", "save"],
        *,
        title: str | None = None,
        multiple: bool = False,
        filters: Sequence[tuple[str, Sequence[str]]] = (),
        folder: Path | None = None,
        name: str | None = None,
        create_folders: bool = True,
    ) -> Future[tuple[Path, ...]]:
        """Let people choose files; the future has them, none when the dialog was closed.

        Waits for the window system until the dialog is there: not for the event loop's thread.

        Args:
            action: To open files or folders, or to save into a file, which need not exist.
            title: The dialog's title; `None` for the system's own.
            multiple: Whether more than one can be chosen; not for `save`.
            filters: Names of kinds of files, each with the endings of its files, without a dot; `*` for every file.
            folder: Where to begin; `None` for where the system does.
            name: The name to begin with; `None` for none.
            create_folders: Whether people can make folders there.

        Raises:
            WindowError: The runtime has no dialogs, or the window is gone.
        """
        kinds = tuple((kind, tuple(endings)) for kind, endings in filters)
        op = ops.ChooseFiles(self.label, action, title, multiple, kinds, folder, name, create_folders)
        return self._app.perform(self._client, op)
