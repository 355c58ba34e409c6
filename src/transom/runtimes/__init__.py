"""Window systems: each a file, found by name, behind the one interface of `_interface.py`."""

from __future__ import annotations

import importlib
import os
import sys

from ..errors import RuntimeUnavailable
from ._assets import Assets, is_navigation, media_type_of, with_nonce
from ._conditional import Part, part_for
from ._csp import apply_csp, parse_csp
from ._display import has_display
from ._files import OpenFile, open_file
from ._interface import (
    CloseWindow,
    CreateWindow,
    DestroyWindow,
    EvaluateScript,
    Host,
    Link,
    Op,
    Page,
    PageLoadEvent,
    ReloadPage,
    Runtime,
    RuntimeFactory,
    Session,
    SetFocus,
    Settings,
    SetTitle,
    SetVisible,
    WebviewOp,
    WindowEvent,
    WindowOp,
    invoke_key_of,
)
from ._menu_ops import PerformPredefined, PopupMenu, SetMenuVisible, SetWindowMenu
from ._uri_scheme import (
    UriSchemeContext,
    UriSchemeHandler,
    UriSchemeProtocol,
    UriSchemeRequest,
    UriSchemeResponder,
    UriSchemeResponse,
    is_field_value,
)
from .image import Image, JsImage
from .menus import (
    AboutMetadata,
    Accelerator,
    ItemKind,
    MenuActivation,
    MenuNode,
    MenuTree,
    Modifier,
    PredefinedKind,
    plain_text,
)

__all__ = [
    "RUNTIMES",
    "AboutMetadata",
    "Accelerator",
    "Assets",
    "CloseWindow",
    "CreateWindow",
    "DestroyWindow",
    "EvaluateScript",
    "Host",
    "Image",
    "ItemKind",
    "JsImage",
    "Link",
    "MenuActivation",
    "MenuNode",
    "MenuTree",
    "Modifier",
    "Op",
    "OpenFile",
    "Page",
    "PageLoadEvent",
    "Part",
    "PerformPredefined",
    "PopupMenu",
    "PredefinedKind",
    "ReloadPage",
    "Runtime",
    "RuntimeFactory",
    "Session",
    "SetFocus",
    "SetMenuVisible",
    "SetTitle",
    "SetVisible",
    "SetWindowMenu",
    "Settings",
    "UriSchemeContext",
    "UriSchemeHandler",
    "UriSchemeProtocol",
    "UriSchemeRequest",
    "UriSchemeResponder",
    "UriSchemeResponse",
    "WebviewOp",
    "WindowEvent",
    "WindowOp",
    "apply_csp",
    "choose_runtime",
    "find_runtime",
    "has_display",
    "invoke_key_of",
    "is_field_value",
    "is_navigation",
    "media_type_of",
    "open_file",
    "parse_csp",
    "part_for",
    "plain_text",
    "with_nonce",
]

# Name -> module with a `create(host, settings)`. Add here to introduce a runtime; the conformance suite runs it by itself.
RUNTIMES = {"mock": "._mock", "web": ".web", "webkitgtk": ".webkitgtk"}


def find_runtime(name: str) -> RuntimeFactory:
    """Return the factory of the runtime with this name; only now are its libraries imported.

    Raises:
        RuntimeUnavailable: There is no such runtime, or a library that it needs is not installed.
    """
    if name not in RUNTIMES:
        raise RuntimeUnavailable(f"no runtime is called {name!r}; there are {', '.join(sorted(RUNTIMES))}")
    factory: RuntimeFactory = importlib.import_module(RUNTIMES[name], __name__).create
    return factory


def choose_runtime() -> str:
    """Return the name of the runtime to use when nobody chose: `$TRANSOM_RUNTIME`, else windows where they can be shown."""
    chosen = os.environ.get("TRANSOM_RUNTIME")
    if chosen:
        return chosen
    if sys.platform.startswith("linux") and has_display():
        try:
            importlib.import_module(RUNTIMES["webkitgtk"], __name__)
        except RuntimeUnavailable:
            return "web"
        return "webkitgtk"
    return "web"
