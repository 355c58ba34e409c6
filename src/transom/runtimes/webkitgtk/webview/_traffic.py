"""Asks for a decision on each navigation and download of a window, and carries it out."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from ... import DownloadEvent, Settings, WebviewHooks
from .. import _gi as gi
from ._leaving import Leaving
from ._navigation import Answer, Navigation, decide_download, decide_navigation, scheme_of
from ._page import PageKeeper, origin_of

__all__ = ["Traffic", "is_refusal", "refuse_request", "watch_downloads"]

# One click opens one address: a page that asks for more at once is refused.
_OPEN_SECONDS = 0.5
_LOGGED = 10
_LOST = (
    "a server redirected it there, and WebKitGTK cannot load that; the page stays. Redirect to a page of the server, and "
    "let that navigate"
)

_logger = logging.getLogger(__name__)


def refuse_request(request: Any) -> None:
    """End a request for a document so that the window keeps the one that it shows."""
    code = int(gi.WebKit2.PolicyError.FRAME_LOAD_INTERRUPTED_BY_POLICY_CHANGE)
    request.finish_error(gi.GLib.Error.new_literal(gi.WebKit2.PolicyError.quark(), "refused", code))


def is_refusal(error: Any) -> bool:
    """Tell whether a load failed because it was refused."""
    return bool(
        error.matches(gi.WebKit2.PolicyError.quark(), gi.WebKit2.PolicyError.FRAME_LOAD_INTERRUPTED_BY_POLICY_CHANGE)
    )


class Traffic:
    """Decides on the navigations of one window.

    Args:
        settings: The application's.
        pages: The webview's pages.
        hooks: What the application decides itself.
        leaving: Whether the page is being left, to an empty document.
    """

    def __init__(self, settings: Settings, pages: PageKeeper, hooks: WebviewHooks, leaving: Leaving) -> None:
        self._leaving = leaving
        self._pages = pages
        self._hooks = hooks
        self._own = _own_schemes(settings)
        self._isolation = settings.isolation.scheme if settings.isolation else None
        self._opened_at = 0.0

    def on_policy(self, view: Any, decision: Any, kind: Any) -> bool:
        """Handle the signal `decide-policy` of the window's view."""
        if kind == gi.WebKit2.PolicyDecisionType.RESPONSE:
            return self._on_response(decision)
        action = decision.get_navigation_action()
        request = action.get_request()
        url = request.get_uri() or ""
        new_window = kind == gi.WebKit2.PolicyDecisionType.NEW_WINDOW_ACTION
        if new_window and self._hooks.on_new_window is not None:
            return False  # `create` asks the hook
        answer = decide_navigation(
            Navigation(
                scheme=scheme_of(url),
                origin=origin_of(url),
                kind=action.get_navigation_type().value_nick,
                gesture=action.is_user_gesture(),
                referrer=_referrer_of(request),
                target=action.get_frame_name() or ("_blank" if new_window else None),
                page=self._pages.generation.page_origin,
                local=self._pages.local_origins,
                own=self._own,
                redirected=action.is_redirect(),
                allowed=None if new_window else self._ask(url),
            )
        )
        # A new window is not made; `create` says so.
        if answer is Answer.LOAD:
            return False
        if answer is Answer.DESKTOP:
            self._open(url)
        elif answer is Answer.LOST:
            self._refuse(url, _LOST)
        elif self._hooks.on_navigation is not None:
            self._refuse(url, "the application's hook says no, or a frame of another origin asks for it")
        else:
            self._refuse(
                url, "it is not an address that a page can be loaded from, or a frame of another origin asks for it"
            )
        decision.ignore()
        return True

    def _ask(self, url: str) -> bool | None:
        """Ask the application's hook about an address; what fails is refused."""
        hook = self._hooks.on_navigation
        if hook is None or self._leaving.begun:
            return None
        try:
            return bool(hook(url))
        except Exception:
            _logger.exception("on_navigation failed for %s; the page stays", url[:500])
            return False

    def _on_response(self, decision: Any) -> bool:
        request = decision.get_request()
        url = request.get_uri() or ""
        generation = self._pages.generation
        local = self._pages.local_origins
        if not decision.is_main_frame_main_resource():
            generation.foreign_frames |= origin_of(url) not in local and scheme_of(url) not in self._own
            return False
        if self._isolation and scheme_of(url) == self._isolation:
            self._refuse(url, "the isolation application is shown in its frame only")
            decision.ignore()
            return True
        referrer = _referrer_of(request)
        if generation.local and referrer is not None and referrer not in local:
            self._refuse(url, f"a frame of {referrer} asks for it in the place of the application's page")
            decision.ignore()
            return True
        return False

    def _refuse(self, url: str, reason: str) -> None:
        text = "the webview %r does not go to %s: %s"
        self._pages.generation.refusals.log("navigations", _LOGGED, text, url[:500], reason)

    def _open(self, url: str) -> None:
        now = time.monotonic()
        if now - self._opened_at < _OPEN_SECONDS:
            self._refuse(url, "another address was opened on the desktop a moment ago")
            return
        self._opened_at = now
        gi.Gio.AppInfo.launch_default_for_uri_async(url, None, None, self._on_opened, url)

    def _on_opened(self, _: Any, result: Any, url: str) -> None:
        try:
            gi.Gio.AppInfo.launch_default_for_uri_finish(result)
        except gi.GLib.Error as error:
            _logger.warning("the desktop cannot open %s, a link in %r: %s", url[:500], self._pages.label, error.message)


class Downloading(Protocol):
    """The webview that a download belongs to."""

    pages: PageKeeper
    hooks: WebviewHooks


def watch_downloads(context: Any, settings: Settings, find_webview: Callable[[Any], Downloading | None]) -> None:
    """Let pages save only what is the application's own, or what its hook allows, and log where it goes.

    Args:
        context: The web context.
        settings: The application's.
        find_webview: Returns the webview with this view, `None` for a closed one.
    """
    own = _own_schemes(settings)

    def start(_: Any, download: Any) -> None:
        view = download.get_web_view()
        webview = find_webview(view) if view is not None else None
        url = download.get_request().get_uri() or ""
        if webview is not None and webview.hooks.on_download is not None:
            _Download(url, webview.hooks.on_download).follow(download)
            return
        pages = None if webview is None else webview.pages
        scheme = scheme_of(url)
        origin = origin_of(url.partition(":")[2] if scheme == "blob" else url)
        if pages is not None and decide_download(
            scheme,
            origin,
            page=pages.generation.page_origin,
            foreign_frames=pages.generation.foreign_frames,
            local=pages.local_origins,
            own=own,
        ):
            download.connect("created-destination", lambda _, path: _logger.info("a page saves a file: %s", path))
            download.connect(
                "failed", lambda _, error: _logger.warning("a page cannot save %s: %s", url[:500], error.message)
            )
            return
        download.cancel()
        if pages is not None:
            text = "the webview %r may not save %s: pages save only what is the application's own, not what other origins send"
            pages.generation.refusals.log("downloads", _LOGGED, text, url[:500])

    context.connect("download-started", start)


class _Download:
    """A download that a hook of the application decides about."""

    def __init__(self, url: str, hook: Callable[[DownloadEvent], bool]) -> None:
        self._url = url
        self._hook = hook
        self._path: Path | None = None
        self._failed = False

    def follow(self, download: Any) -> None:
        """Ask the hook when the download has a name, and tell it of the end."""
        download.connect("decide-destination", self._on_destination)
        download.connect("failed", self._on_failed)
        download.connect("finished", self._on_finished)

    def _on_destination(self, download: Any, name: str) -> bool:
        folder = gi.GLib.get_user_special_dir(gi.GLib.UserDirectory.DIRECTORY_DOWNLOAD) or gi.GLib.get_home_dir()
        asked = DownloadEvent.Requested(self._url, Path(folder) / (Path(name).name or "download"))
        if not self._call(asked):
            download.cancel()
            return True
        self._path = Path(asked.destination)
        download.set_allow_overwrite(True)
        download.set_destination(self._path.absolute().as_uri())
        return True

    def _on_failed(self, download: Any, error: Any) -> None:
        self._failed = True

    def _on_finished(self, download: Any) -> None:
        if self._path is not None:
            path = None if self._failed else self._path
            self._call(DownloadEvent.Finished(self._url, path, not self._failed))

    def _call(self, event: DownloadEvent) -> bool:
        try:
            return bool(self._hook(event))
        except Exception:
            _logger.exception("on_download failed for %s", self._url[:500])
            return False


def _own_schemes(settings: Settings) -> frozenset[str]:
    isolation = () if settings.isolation is None else (settings.isolation.scheme,)
    return frozenset(("tauri", "asset", *isolation, *(protocol.scheme for protocol in settings.uri_schemes)))


def _referrer_of(request: Any) -> str | None:
    fields = request.get_http_headers()
    return origin_of(fields.get_one("Referer")) if fields else None
