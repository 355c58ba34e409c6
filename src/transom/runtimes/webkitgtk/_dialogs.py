"""Dialogs of GTK in front of a window."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

from ...runtimes import ChooseFiles, ShowMessage
from ._gi import GLib, Gtk
from ._window import AppWindow

__all__ = ["DIALOG_OPS"]

T = TypeVar("T")
_KINDS = {"info": Gtk.MessageType.INFO, "warning": Gtk.MessageType.WARNING, "error": Gtk.MessageType.ERROR}
# Action -> GTK's, the label of the button that chooses, the title where none is given.
_ACTIONS = {
    "open": (Gtk.FileChooserAction.OPEN, "_Open", "Open File"),
    "folder": (Gtk.FileChooserAction.SELECT_FOLDER, "_Open", "Open Folder"),
    "save": (Gtk.FileChooserAction.SAVE, "_Save", "Save File"),
}


def _show_message(window: AppWindow, op: ShowMessage) -> Future[int | None]:
    dialog = Gtk.MessageDialog(
        transient_for=window.window,
        modal=True,
        destroy_with_parent=True,
        message_type=_KINDS[op.kind],
        text=op.title or op.message,
        title=op.title or "",
    )
    if op.title:
        dialog.format_secondary_text(op.message)
    # The desktop's order: the one that Return presses is the last.
    for number, label in reversed(list(enumerate(op.buttons))):
        dialog.add_button(label.replace("_", "__"), number)
    dialog.set_default_response(0)
    return _outcome(dialog, lambda _, response: response if response >= 0 else None, None)


def _choose_files(window: AppWindow, op: ChooseFiles) -> Future[tuple[Path, ...]]:
    action, label, title = _ACTIONS[op.action]
    native = _uses_portal()
    dialog = (Gtk.FileChooserNative if native else Gtk.FileChooserDialog)(
        title=op.title or title,
        transient_for=window.window,
        modal=True,
        action=action,
        select_multiple=op.multiple,
        create_folders=op.create_folders,
        do_overwrite_confirmation=op.action == "save",
    )
    if not native:
        dialog.set_destroy_with_parent(True)
        dialog.add_button("_Cancel", Gtk.ResponseType.CANCEL)
        dialog.add_button(label, Gtk.ResponseType.ACCEPT)
        dialog.set_default_response(Gtk.ResponseType.ACCEPT)
    _begin(dialog, op)
    return _outcome_of_native(window, dialog) if native else _outcome(dialog, _chosen, ())


def _uses_portal() -> bool:
    """Tell whether GTK asks the portal for files, by GTK's own rule: in Flatpak, and in Snap, which sets the variable."""
    flatpak = Path(GLib.get_user_runtime_dir()) / "flatpak-info"
    return os.environ.get("GTK_USE_PORTAL") == "1" or flatpak.exists()


def _begin(dialog: Any, op: ChooseFiles) -> None:
    """Say what can be chosen, and where to begin."""
    for name, endings in op.filters:
        dialog.add_filter(_filter(name, endings))
    if op.folder is not None:
        dialog.set_current_folder(str(op.folder))
    if op.name is not None and op.action == "save":
        dialog.set_current_name(op.name)
    elif op.name is not None and op.folder is not None:
        dialog.select_filename(str(op.folder / op.name))


def _chosen(dialog: Any, response: int) -> tuple[Path, ...]:
    return tuple(map(Path, dialog.get_filenames())) if response == Gtk.ResponseType.ACCEPT else ()


def _filter(name: str, endings: tuple[str, ...]) -> Any:
    kind = Gtk.FileFilter()
    kind.set_name(name)
    for ending in endings:
        for pattern in {f"*.{ending}", f"*.{ending.lower()}", f"*.{ending.upper()}"} if ending != "*" else ("*",):
            kind.add_pattern(pattern)
    return kind


def _outcome(dialog: Any, read: Callable[[Any, int], T], closed: T) -> Future[T]:
    """Show a dialog and return what becomes of it.

    The future does not know the dialog, only its name: what refers to a window and comes round to itself would be cleared
    away by the collector, in any thread.
    """
    future: Future[T] = Future()
    name = f"dialog-{secrets.token_hex(8)}"
    dialog.set_name(name)

    def settle(result: T) -> None:
        if not future.done() and future.set_running_or_notify_cancel():
            future.set_result(result)

    def on_response(dialog: Any, response: int) -> None:
        result = read(dialog, response)
        settle(result)
        dialog.destroy()

    dialog.connect("response", on_response)
    dialog.connect("destroy", lambda _: settle(closed))
    future.add_done_callback(lambda ended: GLib.idle_add(_destroy, name) if ended.cancelled() else None)
    dialog.show()
    return future


def _outcome_of_native(window: AppWindow, chooser: Any) -> Future[tuple[Path, ...]]:
    """Show a chooser that another program may draw; GTK knows it by no name, so its window keeps it until it is answered."""
    future: Future[tuple[Path, ...]] = Future()
    choosers = window.choosers
    key = secrets.token_hex(8)

    def settle(found: tuple[Path, ...]) -> None:
        choosers.pop(key, None)
        if not future.done() and future.set_running_or_notify_cancel():
            future.set_result(found)

    def hide() -> bool:
        if key in choosers:
            choosers.pop(key)[0].destroy()
        return False

    chooser.connect("response", lambda chooser, response: settle(_chosen(chooser, response)))
    choosers[key] = chooser, settle
    future.add_done_callback(lambda ended: GLib.idle_add(hide) if ended.cancelled() else None)
    chooser.show()
    return future


def _destroy(name: str) -> bool:
    for window in Gtk.Window.list_toplevels():
        if window.get_name() == name:
            window.destroy()
    return False


DIALOG_OPS: dict[type[Any], Callable[[AppWindow, Any], Any]] = {
    ShowMessage: _show_message,
    ChooseFiles: _choose_files,
}
