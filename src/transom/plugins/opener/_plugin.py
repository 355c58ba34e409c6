"""`plugin:opener|*`."""

from __future__ import annotations

from typing import Any

from ...acl import CommandScope, GlobalScope, Permission, Scopes
from ...commands import command, generate_handler
from ...core import Plugin, PluginBuilder
from ...errors import CommandError
from ...handles import AppHandle, Webview
from ._links import links_script
from ._open import open_path as launch_path
from ._open import open_url as launch_url
from ._open import reveal_item_in_dir as reveal
from ._scope import Entry, OpenerScope
from ._url import UnsafeUrl, check_url, open_in_page

__all__ = ["init"]

_MAX_ITEMS = 100  # files that are shown at once


def _forbidden(what: str, target: str, program: str | None, why: str) -> CommandError:
    # Tauri: the sentence up to the semicolon.
    using = "" if program is None else f" with {program}"
    return CommandError(f"Not allowed to open {what} {target}{using}; {why}")


_ON_WEB = "the browser may be on another machine than the files; offer the file as a download"
_NO_ENTRY = "no entry of the scope in the window's capabilities covers it"


@command
def open_url(
    webview: Webview,
    scope: CommandScope[Entry],
    everywhere: GlobalScope[Entry],
    url: str,
    with_: str | None = None,
) -> None:
    """Open an address with the user's choice, or with a program that the scope names."""
    try:
        checked = check_url(url)
        if not OpenerScope(scope, everywhere).allow_url(checked, with_):
            raise _forbidden("url", url, with_, _NO_ENTRY)
        if webview.runtime_name() == "web":
            open_in_page(webview, checked)
        else:
            launch_url(checked, with_)
    except UnsafeUrl as error:
        raise _forbidden("url", url, with_, str(error)) from None
    except (OSError, ValueError) as error:
        raise CommandError(str(error)) from None


@command
def open_path(
    app: AppHandle,
    scope: CommandScope[Entry],
    everywhere: GlobalScope[Entry],
    path: str,
    with_: str | None = None,
) -> None:
    """Open a file or a folder that the scope covers."""
    try:
        found = OpenerScope(scope, everywhere).allow_path(path, with_, app.path().variables())
    except OSError:
        raise CommandError(f"{path}: there is no such file") from None
    if found is None:
        raise _forbidden("path", path, with_, _NO_ENTRY)
    try:
        launch_path(found, with_)
    except (OSError, ValueError) as error:
        raise CommandError(str(error)) from None


@command
def reveal_item_in_dir(paths: list[str] | None = None, path: str | None = None) -> None:
    """Show files in the file manager; older front ends send one `path`."""
    wanted = paths if paths is not None else [] if path is None else [path]
    if not wanted or len(wanted) > _MAX_ITEMS:
        raise CommandError(f"reveal_item_in_dir: between 1 and {_MAX_ITEMS} paths are needed, not {len(wanted)}")
    try:
        reveal(*wanted)
    except (OSError, ValueError):
        raise CommandError(f"{wanted[0]}: there is no such file, or no file manager that shows it") from None


def init(*, open_js_links_on_click: bool = True) -> Plugin:
    """Return the plugin.

    `opener:default` allows addresses of http, https, mailto and tel, and the file manager. Files need
    `opener:allow-open-path` with a scope of entries `{"path": "$DOCUMENT/**"}`.

    Args:
        open_js_links_on_click: Whether clicks on `<a target="_blank">` open outside the window.
    """
    urls: Any = tuple({"url": pattern} for pattern in ("mailto:*", "tel:*", "http://*", "https://*"))
    builder = (
        PluginBuilder("opener")
        .unsupported("web", {"open_path": _ON_WEB, "reveal_item_in_dir": _ON_WEB})
        .limited("web", {"open_url": "the browser that shows the page opens http, https, mailto and tel"})
        .invoke_handler(generate_handler(open_url, open_path, reveal_item_in_dir))
        .permissions(
            default=("allow-open-url", "allow-reveal-item-in-dir", "allow-default-urls"),
            permissions=(
                Permission(
                    identifier="allow-default-urls",
                    description="Addresses of mailto, tel, http and https, with the user's choice of a program.",
                    scope=Scopes(allow=urls),
                ),
            ),
        )
    )
    if open_js_links_on_click:
        for runtime in ("webkitgtk", "pywebview"):  # a browser does so itself
            builder.js_init_script(links_script("plugin:opener|open_url", "url"), runtime=runtime)
    return builder.build()
