"""How work gets to the thread of pywebview's event loop: each of its back ends has another way."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any, Final, TypeAlias

__all__ = ["Invoke", "close_dialog", "delete_pages", "invoker_for", "parts_of"]

Invoke: TypeAlias = Callable[[Callable[[], object]], object]
"""Runs a function on the thread of the event loop, soon. Any thread; returns at once."""


def _gtk(_window: Any) -> Invoke:
    glib: Any = import_module("gi.repository.GLib")

    def once(work: Callable[[], object]) -> bool:
        work()
        return False

    return lambda work: glib.idle_add(once, work, priority=glib.PRIORITY_DEFAULT)


def _qt(_window: Any) -> Invoke:
    core: Any = import_module("qtpy.QtCore")

    class Invoker(core.QObject):  # type: ignore[misc]  # a class of the chosen Qt
        called = core.Signal(object)

        def __init__(self) -> None:
            super().__init__()
            self.called.connect(self.call, core.Qt.ConnectionType.QueuedConnection)

        def call(self, work: Callable[[], object]) -> None:
            work()

    invoker = Invoker()

    def invoke(work: Callable[[], object]) -> None:
        invoker.called.emit(work)  # a signal alone does not keep its object

    return invoke


def _cocoa(_window: Any) -> Invoke:
    helper: Any = import_module("PyObjCTools.AppHelper")
    call_after: Invoke = helper.callAfter
    return call_after


def _winforms(window: Any) -> Invoke:
    system: Any = import_module("System")
    function = system.Func[system.Object]

    def once(work: Callable[[], object]) -> None:
        work()  # whose result .NET does not take

    return lambda work: window.native.BeginInvoke(function(partial(once, work)))


# Back end -> makes its function, on the thread of the event loop. Add here to support another one.
_WAYS: Final[dict[str, Callable[[Any], Invoke]]] = {"gtk": _gtk, "qt": _qt, "cocoa": _cocoa, "winforms": _winforms}


def invoker_for(backend: str, window: Any) -> Invoke:
    """Return what runs work on the thread of the event loop. Called on that thread.

    Args:
        backend: The part of pywebview that shows windows.
        window: One of its windows.
    """
    return _WAYS[backend](window)


def close_dialog(backend: str) -> None:
    """Close the dialog for files that is open, on the thread of the event loop, which waits in it.

    Where nothing is known of a dialog, it stays until the user closes it.

    Args:
        backend: The part of pywebview that shows windows.
    """
    if backend == "gtk":
        gtk: Any = import_module("gi.repository.Gtk")
        for window in gtk.Window.list_toplevels():
            if isinstance(window, gtk.FileChooserDialog):
                window.response(gtk.ResponseType.CANCEL)
    elif backend == "qt":
        widgets: Any = import_module("qtpy.QtWidgets")
        dialog = widgets.QApplication.activeModalWidget()
        if dialog is not None:
            dialog.close()


def parts_of(backend: str, window: Any) -> list[object]:
    """Return the objects of a window that must not be freed on another thread, where WebKit and Qt crash.

    They are in reference cycles, so Python's collector would free them on whichever thread it runs. Called before the window
    is destroyed, on any thread. Empty where there are no such objects.

    Args:
        backend: The part of pywebview that shows the window.
        window: A window of pywebview.
    """
    if backend not in ("gtk", "qt"):
        return []
    view = window.gui.BrowserView.instances.get(window.uid)
    if backend == "gtk" or view is None:
        return [view]
    page = view.webview.page()
    # A page of its own, which pywebview never deletes, for links with a target. Only its page and itself refer to it.
    handler, page.nav_handler = page.nav_handler, None
    handler.deleteLater()
    return [view, page, handler]


def delete_pages(backend: str) -> None:
    """Delete the pages of closed windows, when the loop has ended. Qt's engine hangs if they outlive the application."""
    if backend == "qt":
        core: Any = import_module("qtpy.QtCore")
        core.QCoreApplication.sendPostedEvents(None, core.QEvent.Type.DeferredDelete.value)
