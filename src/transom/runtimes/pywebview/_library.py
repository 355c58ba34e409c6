"""The package pywebview, or a clear error, and what of it must be closed before a page runs in one of its windows."""

from __future__ import annotations

import logging
import sys
import threading
from functools import cache, partial
from importlib import import_module
from typing import Any, Final

from ...errors import RuntimeUnavailable

__all__ = ["MENDS", "PYWEBVIEW", "NoApi", "NoState", "backend_of", "prepare", "refuse_old_engine", "share_profile"]

try:
    PYWEBVIEW: Any = import_module("webview")
except ImportError as error:
    raise RuntimeUnavailable(
        "the pywebview runtime needs pywebview, which cannot be imported: pip install 'transom[pywebview]' "
        f"(`transom doctor` says what that needs on this machine); {error}"
    ) from error
if not hasattr(PYWEBVIEW, "FileDialog"):
    raise RuntimeUnavailable(
        "the pywebview runtime needs pywebview 6, and an older one is installed: pip install 'transom[pywebview]'"
    )

# System -> what a window needs there beside pywebview. Add here to support another system.
MENDS: Final = {
    "win32": "install Microsoft Edge WebView2, which Windows 11 has, and `pip install pythonnet`",
    "darwin": "pip install pyobjc-core pyobjc-framework-Cocoa pyobjc-framework-WebKit",
    "linux": "pip install 'transom[gtk]', or for Qt: pip install 'pywebview[pyside6]'",
}
# Engines that cannot run the page's script.
_OLD_ENGINES = frozenset(("mshtml", "qtwebkit"))


def prepare() -> None:
    """Set pywebview's settings, which are those of the process."""
    PYWEBVIEW.settings["ALLOW_DOWNLOADS"] = False
    PYWEBVIEW.settings["ALLOW_FILE_URLS"] = False
    # A page could otherwise have any address opened in the user's browser; the plugin `opener` asks for a permission.
    PYWEBVIEW.settings["OPEN_EXTERNAL_LINKS_IN_BROWSER"] = False
    PYWEBVIEW.settings["OPEN_DEVTOOLS_IN_DEBUG"] = False
    PYWEBVIEW.settings["DRAG_REGION_SELECTOR"] = "[data-tauri-drag-region]"
    PYWEBVIEW.settings["DRAG_REGION_DIRECT_TARGET_ONLY"] = True
    # One that waits for a window which has gone would keep the process alive.
    PYWEBVIEW.util.Thread = partial(threading.Thread, daemon=True)
    PYWEBVIEW.logger.addFilter(_is_no_late_script)


def _is_no_late_script(record: logging.LogRecord) -> bool:
    """Tell whether a line of pywebview's log is worth a reader: not that its script came too late for a page that is left.

    That happens at every start, as the page which takes the launch code out of the address leads on at once.
    """
    return "window.pywebview" not in str(record.msg)


def backend_of(window: Any) -> str:
    """Return which part of pywebview shows a window: `gtk`, `qt`, `cocoa` or `winforms`."""
    return str(window.gui.__name__).rpartition(".")[2]


def refuse_old_engine(renderer: str) -> None:
    """Check the engine of pages.

    Raises:
        RuntimeUnavailable: It is too old for the page's script.
    """
    if renderer in _OLD_ENGINES:
        mend = MENDS.get(sys.platform, MENDS["linux"])
        raise RuntimeUnavailable(f"the engine {renderer} is too old for the pages of transom: {mend}")


def share_profile(gui: Any) -> None:
    """Let all windows of Qt share what pages store, as windows of the other systems do.

    pywebview makes a profile for each window over the same folder: their storage differs, and Qt's engine hangs when the
    second one is deleted.

    Args:
        gui: The part of pywebview that shows windows; nothing happens if it is not Qt's, or shares already.
    """
    make = getattr(gui, "QWebEngineProfile", None)
    if isinstance(make, type):
        gui.QWebEngineProfile = cache(make)


class NoApi:
    """An object without attributes: what pages find behind `window.pywebview.api`, which looks up any path of names."""

    def __getattribute__(self, name: str) -> Any:
        raise AttributeError(name)

    def __dir__(self) -> list[str]:
        return []


class NoState(PYWEBVIEW.window.State):  # type: ignore[misc]  # pywebview has no types
    """The state that pages and Python share, which keeps nothing: pages could fill the memory with it."""

    def _set_state_value(self, key: Any, value: Any, should_update_js: bool = True) -> None:
        """Keep nothing."""

    def _delete_state_value(self, key: Any, should_update_js: bool = True) -> Any:
        """Have nothing to delete."""
        return ""
