"""An application that `transom dev` has started: it waits for its turn, and does what the supervisor asks."""

from __future__ import annotations

import logging
import signal

import msgspec

from ..core import AppCore
from ..dev import DevLink, Ended, Hello, Message, Reload, Show
from ..errors import WindowError
from ..runtimes import ReloadPage, Settings

__all__ = ["Development"]

_log = logging.getLogger("transom")


class Development:
    """The application under a supervisor.

    Args:
        link: The connection to it.
        core: The application.
    """

    def __init__(self, link: DevLink, core: AppCore) -> None:
        self._link = link
        self._core = core

    def begin(self, runtime: str, settings: Settings) -> Settings:
        """Wait until the back end before this one is gone, and do what the supervisor asks from then on.

        Args:
            runtime: The name of the runtime.
            settings: What the runtime is to know.

        Returns:
            The settings for this process.
        """
        go = self._link.wait_for_go(Hello(runtime))
        self._link.follow(self._heard, self._gone)
        options = {**settings.options, "supervised": True, "sessions": go.sessions}
        if go.again:  # a browser shows the application already
            options["open_browser"] = False
        return msgspec.structs.replace(settings, options=options)

    def ended(self, code: int) -> None:
        """Tell the supervisor that the application has ended because it wanted to."""
        self._link.tell(Ended(code, self._core.restarting))

    def _heard(self, message: Message) -> None:
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
