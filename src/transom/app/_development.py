"""An application that `transom dev` has started: it waits for its turn, and does what the supervisor asks."""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Sequence

import msgspec

from ..core import AppCore
from ..dev import DevLink, Ended, Hello, Imported, Inspect, Message, Reload, Report, Show
from ..errors import WindowError
from ..remote import fingerprint, remote_factory
from ..runtimes import ReloadPage, RuntimeFactory, Settings
from ._inspection import Inspection

__all__ = ["Development"]

_IDS = 1 << 20  # ids of listeners for each back end: pages that stay know those of the one before
# Packages whose modules do nothing when they are imported: transom and what its web runtime uses.
_OWN = frozenset({"transom", "anyio", "h11", "msgspec", "starlette", "uvicorn", "websockets"})
_log = logging.getLogger("transom")


class Development:
    """The application under a supervisor.

    Args:
        link: The connection to it.
        core: The application.
        inspection: Its inspector; `None` for none.
    """

    def __init__(self, link: DevLink, core: AppCore, inspection: Inspection | None = None) -> None:
        self._link = link
        self._inspection = inspection
        self._core = core

    def begin(self, runtime: str, factory: RuntimeFactory, settings: Settings) -> tuple[RuntimeFactory, Settings]:
        """Wait until the back end before this one is gone, and do what the supervisor asks from then on.

        Args:
            runtime: The name of the runtime.
            factory: Makes it.
            settings: What it is to know.

        Returns:
            What makes the runtime of this process, and the settings for it.
        """
        fit = fingerprint(settings) if runtime == "webkitgtk" else ""
        go = self._link.wait_for_go(Hello(runtime, fit))
        self._core.events.number_from(go.generation * _IDS)
        if self._inspection is not None:
            self._inspection.sessions = go.sessions
        self._link.follow(self._heard, self._gone)
        options = {**settings.options, "supervised": True, "sessions": go.sessions}
        if go.again:  # a browser shows the application already
            options["open_browser"] = False
        if go.windows:
            factory = remote_factory(go.windows, self._adopt)
        return factory, msgspec.structs.replace(settings, options=options)

    def _adopt(self, window: str, webviews: Sequence[str]) -> None:
        client = self._core.client
        if window not in client.windows:
            client.add_window(window)
        for webview in webviews:
            if webview not in client.webviews:
                client.add_webview(webview, window)

    def ended(self, code: int) -> None:
        """Tell the supervisor that the application has ended because it wanted to."""
        self._link.tell(Ended(code, self._core.restarting))

    def _heard(self, message: Message) -> None:
        if isinstance(message, Report):
            self._link.tell(Imported(tuple(name for name in list(sys.modules) if name.partition(".")[0] in _OWN)))
            return
        if isinstance(message, Inspect):
            if self._inspection is not None:
                self._inspection.show(open_browser=message.open_browser)
            return
        for label in self._core.client.webviews:
            try:
                if isinstance(message, Reload):
                    self._core.perform(self._core.client, ReloadPage(label))
                elif isinstance(message, Show):
                    self._core.client.page(label).operate("broken", message.text)
            except WindowError as error:
                _log.warning("the webview %r: %s", label, error)

    def _gone(self) -> None:
        self._core.signalled(signal.SIGTERM)
