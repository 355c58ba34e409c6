"""Parameters that are not arguments of the page: what a command may ask for by annotation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, TypeAlias, get_args, get_origin

from ._handle import AppHandle, Webview, WebviewWindow, Window
from ._invoke import Invoke, InvokeMessage, Request
from ._state import StateMarker

__all__ = ["Extractor", "extractor_for", "reads_body"]

Extractor: TypeAlias = Callable[[Invoke], Any]


def _webview(kind: type[Any]) -> Extractor:
    return lambda invoke: kind(invoke.app, invoke.message.session.page.label)


# Annotation -> how to get the argument from the call. Add here to introduce an injectable type.
_EXTRACTORS: dict[Any, Extractor] = {
    AppHandle: lambda invoke: AppHandle(invoke.app),
    Window: _webview(Window),
    Webview: _webview(Webview),
    WebviewWindow: _webview(WebviewWindow),
    Request: lambda invoke: Request(invoke.message),
    Invoke: lambda invoke: invoke,
    InvokeMessage: lambda invoke: invoke.message,
}


def extractor_for(annotation: Any) -> Extractor | None:
    """Return how to get the argument for an annotation; `None` when the page sends it."""
    if get_origin(annotation) is Annotated and any(item is StateMarker for item in get_args(annotation)[1:]):
        kind = get_args(annotation)[0]
        return lambda invoke: invoke.app.state.get(kind)
    try:
        return _EXTRACTORS.get(annotation)
    except TypeError:  # an annotation that cannot be hashed is no type of ours
        return None


def reads_body(source: Extractor | int) -> bool:
    """Tell whether a command with this parameter looks at the whole body itself, so that no argument is surplus."""
    return any(source is _EXTRACTORS[kind] for kind in (Request, Invoke, InvokeMessage))
