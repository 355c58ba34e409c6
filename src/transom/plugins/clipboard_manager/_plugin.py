"""`plugin:clipboard-manager|*`."""

from __future__ import annotations

from typing import Any

from ...commands import command, generate_handler
from ...core import Plugin, PluginBuilder
from ...errors import CommandError, TransomError
from ...handles import AppHandle, Webview
from ...runtimes import JsImage
from . import _access as clipboard

__all__ = ["init"]

_ON_PYWEBVIEW = "pywebview has no clipboard; use navigator.clipboard in the page"
_ON_WEB = "the clipboard is that of the machine with the browser; use navigator.clipboard in the page"


# In workers: each waits for the window's thread, and maybe for another program.
@command
def write_text(app: AppHandle, text: str, label: str | None = None) -> None:  # noqa: ARG001 - for phones
    """Put text on the clipboard."""
    clipboard.write_text(app, text)


@command
def read_text(app: AppHandle) -> str:
    """Return the text on the clipboard."""
    return clipboard.read_text(app)


@command
def write_image(app: AppHandle, webview: Webview, image: Any) -> None:
    """Put an image on the clipboard."""
    try:
        clipboard.write_image(app, JsImage(image).into_img(webview))
    except CommandError:
        raise
    except TransomError as error:
        raise CommandError(str(error)) from None


@command
def read_image(app: AppHandle, webview: Webview) -> int:
    """Hold the image on the clipboard and return its resource id."""
    return webview.resources_table().add(clipboard.read_image(app))


@command
def write_html(app: AppHandle, html: str, alt_text: str | None = None, alt_html: str | None = None) -> None:
    """Put HTML and a text for other programs on the clipboard; 2.0.0 calls the text `altHtml`."""
    clipboard.write_html(app, html, alt_html if alt_text is None else alt_text)


@command
def clear(app: AppHandle) -> None:
    """Empty the clipboard."""
    clipboard.clear(app)


def init() -> Plugin:
    """Return the plugin; `clipboard-manager:default` allows nothing, as in Tauri."""
    commands = (write_text, read_text, write_image, read_image, write_html, clear)
    return (
        PluginBuilder("clipboard-manager")
        .unsupported("web", {function.__name__: _ON_WEB for function in commands})
        .unsupported("pywebview", {function.__name__: _ON_PYWEBVIEW for function in commands})
        .invoke_handler(generate_handler(*commands))
        .permissions(default=())
        .build()
    )
