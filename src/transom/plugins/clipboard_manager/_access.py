"""The clipboard for callers on other threads than the window's."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from ...errors import CommandError
from ...handles import AppHandle
from ...runtimes import Image

__all__ = ["clear", "read_image", "read_text", "write_html", "write_image", "write_text"]

_SECONDS = 10  # that the program which owns the clipboard gets to answer
# Tauri: the sentence of its library.
_EMPTY = "The clipboard contents were not available in the requested format or the clipboard is empty."


def _ask(app: AppHandle, begin: Callable[[Future[Any]], object]) -> Any:
    """Do something on the window's thread, which must not wait, and wait here for what it puts into the future.

    Raises:
        CommandError: The runtime has no clipboard, or no answer came.
        RuntimeError: This is the main thread, which has to carry the answer.
    """
    if app.runtime_name() != "webkitgtk":
        raise CommandError(
            f"the runtime {app.runtime_name()} has no clipboard; in a browser the page has navigator.clipboard"
        )
    if threading.current_thread() is threading.main_thread():
        raise RuntimeError("the clipboard cannot be used on the main thread, which carries its answers; use a worker")
    answer: Future[Any] = Future()

    def work() -> None:
        try:
            begin(answer)
        except Exception as error:  # noqa: BLE001 - the caller raises it
            answer.set_exception(error)

    app.run_on_main_thread(work)
    try:
        return answer.result(_SECONDS)
    except TimeoutError:
        raise CommandError(f"the program that owns the clipboard did not answer within {_SECONDS} seconds") from None


def _do(app: AppHandle, work: Callable[[], object]) -> None:
    """Do something on the window's thread and wait until it is done. Raises what `_ask` raises."""
    _ask(app, lambda answer: answer.set_result(work()))


def write_text(app: AppHandle, text: str) -> None:
    """Put text on the clipboard.

    Raises:
        CommandError: The runtime has no clipboard.
    """
    from . import _gtk

    _do(app, lambda: _gtk.write_text(text))


def read_text(app: AppHandle) -> str:
    """Return the text on the clipboard.

    Raises:
        CommandError: There is none, or the runtime has no clipboard.
    """
    from . import _gtk

    text: str | None = _ask(app, lambda answer: _gtk.read_text(answer.set_result))
    if text is None:
        raise CommandError(_EMPTY)
    return text


def write_html(app: AppHandle, html: str, alt_text: str | None = None) -> None:
    """Put HTML on the clipboard.

    Args:
        app: The application.
        html: The HTML.
        alt_text: For programs that take only text; `None` for nothing.

    Raises:
        CommandError: The runtime has no clipboard.
    """
    from . import _gtk

    _do(app, lambda: _gtk.write_html(html, alt_text))


def write_image(app: AppHandle, image: Image) -> None:
    """Put an image on the clipboard.

    Raises:
        CommandError: The runtime has no clipboard.
    """
    from . import _gtk

    _do(app, lambda: _gtk.write_image(image.rgba, image.width, image.height))


def read_image(app: AppHandle) -> Image:
    """Return the image on the clipboard.

    Raises:
        CommandError: There is none, or the runtime has no clipboard.
    """
    from . import _gtk

    found = _ask(app, lambda answer: _gtk.read_image(answer.set_result))
    if found is None:
        raise CommandError(_EMPTY)
    return Image(*found)


def clear(app: AppHandle) -> None:
    """Empty the clipboard.

    Raises:
        CommandError: The runtime has no clipboard.
    """
    from . import _gtk

    _do(app, _gtk.clear)
