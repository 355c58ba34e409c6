"""The methods of a webview and of the page in it. Add here one for each operation on webviews."""

from __future__ import annotations

from typing import Any

from ..pages import Client, PageSession, ResourceTable
from ..runtimes import EvaluateScript, ReloadPage
from ..values import Channel
from ..wire import EventTarget
from ._application import Application
from ._labelled import LabelledHandle

__all__ = ["WebviewMethods"]


class WebviewMethods(LabelledHandle):
    """The methods of a webview. Every one raises `WindowError` when the webview is gone.

    A webview that a command or a handler gets from a call stands for the page that called: its resources, channels and
    listeners are that page's, even if another page has been loaded meanwhile. Any other stands for the present page.
    """

    __slots__ = ("_caller",)

    def __init__(self, app: Application, client: Client, label: str, caller: PageSession | None = None) -> None:
        super().__init__(app, client, label)
        self._caller = caller

    @property
    def _page(self) -> PageSession:
        return self._caller or self._client.page(self.label)

    def resources_table(self) -> ResourceTable:
        """Return the table of resources that belong to the page; a reload or navigation releases them.

        Raises:
            WindowError: The webview has no page.
        """
        return self._page.resources

    def channel(self, callback: int) -> Channel[Any]:
        """Return the channel to a callback of the page; see `JavaScriptChannelId.channel_on`.

        Raises:
            WindowError: The webview has no page.
        """
        return self._page.channel(callback)

    def pull_stream(self, callback: int, count: int) -> None:
        """Let a streaming command send more values to the page. A stream that has ended needs none.

        Args:
            callback: The callback of the stream's channel.
            count: How many more values the page takes.

        Raises:
            WindowError: The webview has no page.
        """
        stream = self._page.streams.get(callback)
        if stream is not None:
            stream.pull(count)

    def listen_js(self, event: str, target: EventTarget, handler: int) -> int:
        """Register a callback of the page as a listener, and return the listener's id (Tauri: the same).

        Args:
            event: The event's name.
            target: What the listener listens as.
            handler: The callback.

        Raises:
            RequestError: The name holds other than alphanumeric characters, `-`, `/`, `:` and `_`.
            WindowError: The webview has no page.
        """
        return self._app.events.listen_in_page(self._page, event, target, handler)

    def unlisten_js(self, event: str, listener_id: int) -> None:
        """Remove a listener of the page (Tauri: the same). An unknown id is ignored.

        Raises:
            WindowError: The webview has no page.
        """
        self._app.events.unlisten(listener_id, event, self._page)

    def emit_js(self, event: str, payload: Any = None, only: str | None = None) -> None:
        """Send an event as this page, as clients of Tauri 1.x do: their listeners learn the window that it comes from.

        Args:
            event: The event's name.
            payload: Any value that can cross the wire.
            only: Label of the one webview whose page gets it; `None` for all. Python listeners get it in any case.

        Raises:
            RequestError: The name holds other than alphanumeric characters, `-`, `/`, `:` and `_`.
            TypeError: The payload cannot cross the wire.
        """
        self._app.events.emit(event, payload, source=self.label, only_page=only)

    def eval(self, script: str) -> None:
        """Run JavaScript in the page's main frame; its result is not returned."""
        self._app.perform(self._client, EvaluateScript(self.label, script))

    def reload(self) -> None:
        """Load the page again; its calls, listeners and channels end."""
        self._app.perform(self._client, ReloadPage(self.label))
