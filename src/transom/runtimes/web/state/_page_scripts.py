"""What a page can do for its webview and its window by itself, as JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from ....wire import serialize_js
from ... import (
    EvaluateScript,
    NavigateWebview,
    Op,
    PrintWebview,
    SetBackgroundColor,
    SetCursorIcon,
    SetCursorVisible,
    SetFullscreen,
    SetSimpleFullscreen,
    SetWebviewZoom,
)

__all__ = ["PAGE_SCRIPTS", "in_the_page"]

_ROOT = "document.documentElement"


def _fullscreen(op: Any) -> str:
    call = f"{_ROOT}.requestFullscreen()" if op.fullscreen else "document.exitFullscreen()"
    return f"{call}.catch((error) => console.warn(`setFullscreen: ${{error.message}}`));"


def _background(op: Any) -> str:
    if op.color is None:
        return f"{_ROOT}.style.backgroundColor = '';"
    color = f"rgb({op.color.red} {op.color.green} {op.color.blue} / {op.color.alpha / 255:.4f})"
    return f"{_ROOT}.style.backgroundColor = '{color}';"


# Add here what a page can do.
PAGE_SCRIPTS: Final[dict[type[Op[Any]], Callable[[Any], str]]] = {
    NavigateWebview: lambda op: f"location.assign({serialize_js(op.url)});",
    PrintWebview: lambda _: "window.print();",
    SetBackgroundColor: _background,
    SetCursorIcon: lambda op: f"{_ROOT}.style.cursor = '{op.icon.css_name}';",
    SetCursorVisible: lambda op: f"{_ROOT}.style.cursor = '{'' if op.visible else 'none'}';",
    SetFullscreen: _fullscreen,
    SetSimpleFullscreen: _fullscreen,
    SetWebviewZoom: lambda op: f"document.documentElement.style.zoom = {op.factor};",
}


def in_the_page(op: Any) -> Any:
    """Return the operation, as a script where the page can do it."""
    script = PAGE_SCRIPTS.get(type(op))
    return op if script is None else EvaluateScript(op.label, script(op))
