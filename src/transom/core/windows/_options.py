"""The options of a window that its runtime does not use: named once, and refused where they protect."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from ...config import WindowConfig
from ...errors import WindowError
from ...names import to_camel_case
from ...runtimes import Runtime, WebviewHooks

__all__ = ["check_window_options", "warn_of_hooks"]

_log = logging.getLogger("transom")
# Field of `WebviewHooks` -> the method of the builders that sets it.
_HOOKS = {
    "scripts": "initialization_script",
    "on_navigation": "on_navigation",
    "on_new_window": "on_new_window",
    "on_download": "on_download",
    "on_title": "on_document_title_changed",
    "clipboard": "enable_clipboard_access",
}
# Options that protect the user or the page: a window that ignored one would look safe and not be.
_PROTECT = frozenset({"content_protected", "incognito", "javascript_disabled", "proxy_url"})


def check_window_options(options: WindowConfig, runtime: Runtime) -> None:
    """Log which of the options that were set have no effect.

    Raises:
        WindowError: One of them protects.
    """
    unused = [
        name
        for name, default in zip(WindowConfig.__struct_fields__, WindowConfig.__struct_defaults__, strict=True)
        if name not in runtime.WINDOW_OPTIONS and getattr(options, name) != default
    ]
    refused = [to_camel_case(name) for name in unused if name in _PROTECT]
    if refused:
        raise WindowError(
            f"window `{options.label}`: the runtime {runtime.name} does not support {_listed(refused)}; "
            "it protects, so the window is not made without it; remove it, or use another runtime"
        )
    if unused:
        _log.warning(
            "window %r: the runtime %s does not use %s",
            options.label,
            runtime.name,
            _listed(to_camel_case(name) for name in unused),
        )


def warn_of_hooks(label: str, hooks: WebviewHooks, runtime: Runtime) -> None:
    """Log which hooks and scripts of a webview have no effect."""
    unused = [
        _HOOKS[name]
        for name in WebviewHooks.__struct_fields__
        if getattr(hooks, name) and name not in runtime.WEBVIEW_HOOKS
    ]
    if unused:
        _log.warning("webview %r: the runtime %s does not use %s", label, runtime.name, _listed(unused))


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
