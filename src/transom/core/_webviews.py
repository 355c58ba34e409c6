"""How webviews are made, moved and closed, and what an application's own hooks and the plugins' say to their navigations."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import msgspec

from ..errors import WindowError
from ..handles import FsScope
from ..pages import Client
from ..runtimes import InitializationScript, Op, WebviewHooks, ops

__all__ = ["NavigationHook", "allow_files", "close_webview", "hooks_with", "reparent"]

NavigationHook = Callable[[str, str], bool]


def hooks_with(
    label: str,
    hooks: WebviewHooks,
    of_plugins: Iterable[NavigationHook],
    scripts: tuple[InitializationScript, ...] = (),
) -> WebviewHooks:
    """Return the hooks of a webview together with those of the plugins, which all must allow a navigation.

    Args:
        label: The webview's label.
        hooks: Its own.
        of_plugins: Called with the label and the address.
        scripts: The plugins', which run before its own.
    """
    asked = tuple(of_plugins)
    if scripts:
        hooks = msgspec.structs.replace(hooks, scripts=(*scripts, *hooks.scripts))
    if not asked:
        return hooks
    own = hooks.on_navigation

    def on_navigation(url: str) -> bool:
        return all(hook(label, url) for hook in asked) and (own is None or own(url))

    return msgspec.structs.replace(hooks, on_navigation=on_navigation)


def close_webview(client: Client, perform: Callable[[Op[Any]], Any], label: str) -> None:
    """Take a webview away.

    Raises:
        WindowError: There is no such webview, or it fills its window, or the runtime cannot do this.
    """
    _check_is_child(client, label, "closed; close its window")
    perform(ops.CloseWebview(label))
    client.remove_webview(label)


def reparent(client: Client, perform: Callable[[Op[Any]], Any], label: str, window: str) -> None:
    """Move a webview into another window.

    Raises:
        WindowError: There is no such webview or window, or the webview fills its window, or the runtime cannot do this.
    """
    _check_is_child(client, label, "moved: cannot reparent when using a WebviewWindow")
    client.check_window(window)
    perform(ops.ReparentWebview(label, window))
    client.reparent(label, window)


def allow_files(scope: FsScope, paths: Iterable[str]) -> None:
    """Let the asset protocol read files, and what is in folders."""
    for path in paths:
        if Path(path).is_dir():
            scope.allow_directory(path, recursive=True)
        else:
            scope.allow_file(path)


def _check_is_child(client: Client, label: str, what: str) -> None:
    if client.window_of(label) == label:
        raise WindowError(f"the webview `{label}` fills its window and cannot be {what}; use its window")
