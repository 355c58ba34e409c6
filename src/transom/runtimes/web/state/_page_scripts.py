"""The changes that a page can make to its webview and its window, as JavaScript."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from ....values import LogicalPosition, LogicalSize, PhysicalPosition, PhysicalSize, Position, Size
from ....wire import serialize_js
from ... import (
    CenterWindow,
    ClearBrowsingData,
    EvaluateScript,
    FocusWebview,
    NavigateWebview,
    Op,
    PrintWebview,
    SetBackgroundColor,
    SetCursorIcon,
    SetCursorVisible,
    SetFullscreen,
    SetIcon,
    SetPosition,
    SetSimpleFullscreen,
    SetSize,
    SetWebviewBackground,
    SetWebviewZoom,
)

__all__ = ["PAGE_SCRIPTS", "TAB_SCRIPTS", "in_the_page"]

_ROOT = "document.documentElement"


def _fullscreen(op: Any) -> str:
    call = f"{_ROOT}.requestFullscreen()" if op.fullscreen else "document.exitFullscreen()"
    change = f"{call}.catch((error) => console.warn(`setFullscreen: ${{error.message}}`));"
    # Front ends set what they show at their start, and a browser has nothing to leave then.
    return change if op.fullscreen else f"if (document.fullscreenElement) {change}"


def _background(op: Any) -> str:
    if op.color is None:
        return f"{_ROOT}.style.backgroundColor = '';"
    red, green, blue, alpha = op.color if isinstance(op, SetWebviewBackground) else _parts(op.color)
    color = f"rgb({red} {green} {blue} / {alpha / 255:.4f})"
    return f"{_ROOT}.style.backgroundColor = '{color}';"


def _parts(color: Any) -> tuple[int, int, int, int]:
    return color.red, color.green, color.blue, color.alpha


def _size(op: Any) -> str:
    given: Any = op.size
    if isinstance(given, Size):
        given = given.physical or given.to_logical(1)
    assert isinstance(given, PhysicalSize | LogicalSize)
    ratio = "devicePixelRatio" if isinstance(given, PhysicalSize) else "1"
    return (
        f"resizeTo({given.width} / {ratio} + outerWidth - innerWidth, "
        f"{given.height} / {ratio} + outerHeight - innerHeight);"
    )


def _place(op: Any) -> str:
    given: Any = op.position
    if isinstance(given, Position):
        given = given.physical or given.to_logical(1)
    assert isinstance(given, PhysicalPosition | LogicalPosition)
    ratio = "devicePixelRatio" if isinstance(given, PhysicalPosition) else "1"
    return f"moveTo({given.x} / {ratio}, {given.y} / {ratio});"


_CENTER = (
    "moveTo((screen.availLeft ?? 0) + (screen.availWidth - outerWidth) / 2, "
    "(screen.availTop ?? 0) + (screen.availHeight - outerHeight) / 2);"
)
# What tells the tab which window it is stays: see `identity_web.js`.
_CLEAR = """(async () => {
  const own = Object.entries(sessionStorage).filter(([key]) => key.startsWith('transom:'));
  localStorage.clear();
  sessionStorage.clear();
  for (const [key, value] of own) sessionStorage.setItem(key, value);
  for (const cookie of document.cookie.split('; ')) document.cookie = `${cookie.split('=')[0]}=; Max-Age=0; Path=/`;
  for (const { name } of (await indexedDB.databases?.()) ?? []) indexedDB.deleteDatabase(name);
  for (const name of (await globalThis.caches?.keys()) ?? []) await caches.delete(name);
})().catch((error) => console.warn(`clearAllBrowsingData: ${error.message}`));"""


def _icon(op: Any) -> str:
    from ..menus import png_text  # few applications set an icon

    return f"""{{
  const icon = document.querySelector('link[rel~="icon"]') ?? document.head.appendChild(document.createElement('link'));
  for (const name of ['type', 'sizes']) icon.removeAttribute(name);
  icon.rel = 'icon';
  icon.href = 'data:image/png;base64,{png_text(op.icon)}';
}}"""


# Add here what a page can do.
PAGE_SCRIPTS: Final[dict[type[Op[Any]], Callable[[Any], str]]] = {
    CenterWindow: lambda _: _CENTER,
    ClearBrowsingData: lambda _: _CLEAR,
    FocusWebview: lambda _: "window.focus();",
    NavigateWebview: lambda op: f"location.assign({serialize_js(op.url)});",
    PrintWebview: lambda _: "window.print();",
    SetBackgroundColor: _background,
    SetCursorIcon: lambda op: f"{_ROOT}.style.cursor = '{op.icon.css_name}';",
    SetCursorVisible: lambda op: f"{_ROOT}.style.cursor = '{'' if op.visible else 'none'}';",
    SetFullscreen: _fullscreen,
    SetPosition: _place,
    SetSimpleFullscreen: _fullscreen,
    SetSize: _size,
    SetWebviewBackground: _background,
    SetWebviewZoom: lambda op: f"document.documentElement.style.zoom = {op.factor};",
}


# The same for a page in a tab of a browser.
TAB_SCRIPTS: Final[dict[type[Op[Any]], Callable[[Any], str]]] = {**PAGE_SCRIPTS, SetIcon: _icon}


def in_the_page(op: Any, scripts: Mapping[type[Op[Any]], Callable[[Any], str]] = PAGE_SCRIPTS) -> Any:
    """Return the operation, as a script where the page can do it."""
    script = scripts.get(type(op))
    return op if script is None else EvaluateScript(op.label, script(op))
