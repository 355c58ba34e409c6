"""Opens addresses and files with the desktop's programs. No shell is between, and no text of a page becomes an option."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from ._url import check_url

__all__ = ["open_path", "open_url", "reveal_item_in_dir", "run_detached"]

# Programs that open an address or a file with the user's choice, the first that is there.
_OPENERS = (("xdg-open",), ("gio", "open"), ("gnome-open",), ("kde-open",), ("wslview",))
_SECONDS = 5  # that a file manager gets to answer


def run_detached(command: Sequence[str]) -> None:
    """Start a program that outlives this one and shares neither its terminal nor its output.

    Args:
        command: Program and arguments; the program is looked up on the PATH.

    Raises:
        OSError: There is no such program, or it cannot be started.
    """
    program = shutil.which(command[0])
    if program is None:
        raise FileNotFoundError(
            f"the program `{command[0]}` is not installed; install it, or leave out which program opens this"
        )
    nothing = subprocess.DEVNULL
    started = subprocess.Popen(  # noqa: S603 - a list, so that no shell reads it
        [program, *command[1:]], stdin=nothing, stdout=nothing, stderr=nothing, start_new_session=True, close_fds=True
    )
    threading.Thread(target=started.wait, name="transom-opened", daemon=True).start()  # or it stays a zombie


def _opener() -> tuple[str, ...]:
    if sys.platform == "darwin":
        return ("open",)
    for opener in _OPENERS:
        if shutil.which(opener[0]):
            return opener
    raise FileNotFoundError("no program that opens addresses is installed; install xdg-utils")


def _launch(target: str, with_: str | None) -> None:
    if with_ is not None:
        if with_.startswith("-") or "\0" in with_:
            raise ValueError(f"`{with_}` is not a program")
        run_detached(("open", "-a", with_, target) if sys.platform == "darwin" else (with_, target))
    elif sys.platform == "win32":
        os.startfile(target)  # noqa: S606 - the system's own way
    else:
        run_detached((*_opener(), target))


def open_url(url: str, with_: str | None = None) -> None:
    """Open an address.

    Args:
        url: The address.
        with_: A program to open it with; `None` for the user's choice.

    Raises:
        UnsafeUrl: See `check_url`.
        OSError: There is no program that could open it.
    """
    _launch(check_url(url), with_)


def open_path(path: str | os.PathLike[str], with_: str | None = None) -> None:
    """Open a file or a folder.

    Args:
        path: The file.
        with_: A program to open it with; `None` for the user's choice.

    Raises:
        OSError: There is no such file, or no program that could open it.
    """
    _launch(str(Path(path).resolve(strict=True)), with_)


def reveal_item_in_dir(*paths: str | os.PathLike[str]) -> None:
    """Show files in the file manager, marked; a file manager that cannot mark shows their folders.

    Raises:
        OSError: There is no such file, or no file manager.
    """
    found = [Path(path).absolute() for path in paths]
    for path in found:
        path.lstat()
    if sys.platform == "darwin":
        run_detached(("open", "-R", *map(str, found)))
    elif sys.platform == "win32":
        for path in found:
            run_detached(("explorer", f"/select,{path}"))
    elif not _show_items([path.as_uri() for path in found]):
        for folder in dict.fromkeys(path.parent for path in found):
            open_path(folder)


def _show_items(uris: list[str]) -> bool:
    """Ask the desktop's file manager over D-Bus; tell whether it did."""
    try:
        from gi.repository import Gio, GLib
    except ImportError:  # without the extra `gtk`
        return False
    try:
        bus = Gio.bus_get_sync(Gio.BusType.SESSION, None)
        bus.call_sync(
            "org.freedesktop.FileManager1",
            "/org/freedesktop/FileManager1",
            "org.freedesktop.FileManager1",
            "ShowItems",
            GLib.Variant("(ass)", (uris, "")),
            None,
            Gio.DBusCallFlags.NONE,
            _SECONDS * 1000,
            None,
        )
    except GLib.Error:  # no session bus, or no file manager on it
        return False
    return True
