"""Operations that open dialogs. Each returns at once; cancelling its future closes the dialog."""

from __future__ import annotations

from concurrent.futures import Future
from pathlib import Path
from typing import Literal

from ._op import WindowOp

__all__ = ["ChooseFiles", "ShowMessage"]


class ShowMessage(WindowOp[Future[int | None]], frozen=True):
    """Show a message in front of the window; the future has the number of the button, `None` when it was closed.

    Attributes:
        message: The text.
        title: A heading above the text; `None` for none.
        kind: What the message is, which its icon shows.
        buttons: Labels of the buttons; the first is the one that Return presses.
    """

    message: str
    title: str | None = None
    kind: Literal["info", "warning", "error"] = "info"
    buttons: tuple[str, ...] = ("Ok",)


class ChooseFiles(WindowOp[Future[tuple[Path, ...]]], frozen=True):
    """Let people choose files in front of the window; the future has them, none when it was closed.

    Attributes:
        action: To open files or folders, or to save into a file, which need not exist.
        title: The dialog's title; `None` for the system's own.
        multiple: Whether more than one can be chosen; not for `save`.
        filters: Names of kinds of files, each with the endings of its files, without a dot; `*` for every file.
        folder: Where to begin; `None` for where the system does.
        name: The name to begin with; `None` for none.
        create_folders: Whether people can make folders there.
    """

    action: Literal["open", "folder", "save"]
    title: str | None = None
    multiple: bool = False
    filters: tuple[tuple[str, tuple[str, ...]], ...] = ()
    folder: Path | None = None
    name: str | None = None
    create_folders: bool = True
