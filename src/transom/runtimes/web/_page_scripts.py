"""What a page can do for its webview by itself, as JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from ...runtimes import EvaluateScript, NavigateWebview, Op, PrintWebview, SetWebviewZoom
from ...wire import serialize_js

__all__ = ["PAGE_SCRIPTS", "in_the_page"]

# Add here what a page can do.
PAGE_SCRIPTS: Final[dict[type[Op[Any]], Callable[[Any], str]]] = {
    NavigateWebview: lambda op: f"location.assign({serialize_js(op.url)});",
    PrintWebview: lambda _: "window.print();",
    SetWebviewZoom: lambda op: f"document.documentElement.style.zoom = {op.factor};",
}


def in_the_page(op: Any) -> Any:
    """Return the operation, as a script where the page can do it."""
    script = PAGE_SCRIPTS.get(type(op))
    return op if script is None else EvaluateScript(op.label, script(op))
