"""The web contexts of an application: one for all webviews, and one more for each other store or proxy that they ask for."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ...config import WindowConfig
from ._gi import GLib, WebKit2

__all__ = ["Contexts"]


class Contexts:
    """Makes contexts and keeps references to them: WebKit ends the processes of an unreferenced context.

    Args:
        folder: Where pages store what they keep; `None` keeps it only while the application runs.
        prepare: Called with each context when it is made: gives it the application's schemes.
        find_first: Lets a WebDriver drive the webviews of the first context, beginning with the view that it returns;
            `None` lets none.
    """

    def __init__(
        self, folder: Path | None, prepare: Callable[[Any], None], find_first: Callable[[], Any] | None = None
    ) -> None:
        self._folder = folder
        self._prepare = prepare
        self._find_first = find_first
        self._made: dict[tuple[Path | None, str | None], Any] = {}
        self.context_for(WindowConfig())  # WebKit needs a tenth of a second, while the rest is set up

    def context_for(self, options: WindowConfig) -> Any:
        """Return the context for a webview with these options."""
        folder = self._folder if options.data_directory is None else self._named(options.data_directory, options.label)
        key = (folder, options.proxy_url)
        if key not in self._made:
            # Two contexts must not share a store's files; beside a proxy, nothing is kept unless a folder is named.
            shared = options.proxy_url is not None and options.data_directory is None
            context = self._made[key] = _web_context(None if shared else folder)
            if options.proxy_url is not None:
                proxy = WebKit2.NetworkProxySettings.new(options.proxy_url, [])
                manager = context.get_website_data_manager()
                manager.set_network_proxy_settings(WebKit2.NetworkProxyMode.CUSTOM, proxy)
            self._prepare(context)
            if self._find_first is not None and len(self._made) == 1:
                from ._automation import allow_automation  # only tests need it

                allow_automation(context, self._find_first)
        return self._made[key]

    def _named(self, directory: str, label: str) -> Path:
        # Tauri: a relative folder is inside the application's, in one for the webview.
        return (self._folder or Path.cwd()) / label / directory


def _web_context(folder: Path | None) -> Any:
    """Return a context that keeps what pages store in this folder, or only while the application runs."""
    if folder is None:
        context = WebKit2.WebContext.new_ephemeral()
    else:
        manager = WebKit2.WebsiteDataManager(
            base_data_directory=os.fspath(folder), base_cache_directory=os.fspath(folder / "cache")
        )
        context = WebKit2.WebContext(website_data_manager=manager)
        # Cookies are the one thing that is not kept by itself.
        folder.mkdir(parents=True, exist_ok=True)
        context.get_cookie_manager().set_persistent_storage(
            os.fspath(folder / "cookies.sqlite"), WebKit2.CookiePersistentStorage.SQLITE
        )
    if GLib.get_language_names()[0] in {"C", "POSIX"} or GLib.get_language_names()[0].startswith("C."):
        # Without a locale WebKit makes `navigator.language` "C", which `Intl` does not take.
        context.set_preferred_languages(["en-US"])
    return context
