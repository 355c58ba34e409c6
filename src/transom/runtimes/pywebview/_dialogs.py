"""The system's dialogs for files, through pywebview."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Final

from ...errors import WindowError
from ..ops import ChooseFiles
from ._library import PYWEBVIEW
from ._main_thread import close_dialog
from ._window import NativeWindow

__all__ = ["FileDialogs"]

_logger = logging.getLogger("transom")
_KINDS: Final = {
    "open": PYWEBVIEW.FileDialog.OPEN,
    "folder": PYWEBVIEW.FileDialog.FOLDER,
    "save": PYWEBVIEW.FileDialog.SAVE,
}


class FileDialogs:
    """Opens dialogs, one at a time: pywebview mixes up what two of them return.

    Args:
        post: Runs a function on the thread of the windows, soon, also while that waits in a dialog.
    """

    def __init__(self, post: Callable[[Callable[[], None]], None]) -> None:
        self._post = post
        self._open = threading.Lock()
        self._window: NativeWindow | None = None  # whose dialog is open

    def choose(self, window: NativeWindow, op: ChooseFiles) -> Future[tuple[Path, ...]]:
        """Open a dialog in a separate thread, which blocks until it is answered.

        Raises:
            WindowError: One is open.
        """
        if not self._open.acquire(blocking=False):
            raise WindowError("a dialog for files is open already; the runtime pywebview shows one at a time")
        self._window = window
        future: Future[tuple[Path, ...]] = Future()
        future.add_done_callback(lambda ended: self.close() if ended.cancelled() else None)
        threading.Thread(target=self._run, args=(window, op, future), name="transom-dialog", daemon=True).start()
        return future

    def close(self, window: NativeWindow | None = None) -> None:
        """Close the dialog that is open, as its button for that does.

        Args:
            window: Only if it is this window's; `None` for any.
        """
        owner = self._window
        if owner is not None and window in (None, owner):
            self._post(partial(close_dialog, owner.backend))

    def _run(self, window: NativeWindow, op: ChooseFiles, future: Future[tuple[Path, ...]]) -> None:
        paths: tuple[Path, ...] = ()
        try:
            chosen = window.native.create_file_dialog(
                _KINDS[op.action],
                directory="" if op.folder is None else str(op.folder),
                allow_multiple=op.multiple,
                save_filename=op.name or "",
                file_types=tuple(filter(None, (_file_type(name, endings) for name, endings in op.filters))),
            )
            paths = tuple(map(Path, (chosen,) if isinstance(chosen, str) else chosen or ()))
        except Exception:
            _logger.exception("the dialog for files failed")
        finally:
            self._window = None
            self._open.release()
            if future.set_running_or_notify_cancel():
                future.set_result(paths)


def _file_type(name: str, endings: tuple[str, ...]) -> str:
    """Return a filter in pywebview's form, whose names have letters only; empty without an ending that it takes."""
    name = " ".join(re.findall(r"\w+", name)) or "Files"
    patterns = ["*.*" if ending == "*" else f"*.{ending}" for ending in endings]
    taken = [pattern for pattern in patterns if re.fullmatch(r"\*(?:\.(?:\w+|\*))+", pattern)]
    return f"{name} ({';'.join(taken)})" if taken else ""
