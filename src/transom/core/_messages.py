"""Calls that a message system of the application's own brings, and the messages of channels that it takes."""

from __future__ import annotations

from ..errors import ConfigError
from ..handles import Application, Webview, respond_with
from ..pages import Client, PageSession, Respond
from ..values import CallbackFn, InvokeResponseBody
from ..wire import InvokeRequest
from ._invoke_key import take
from ._parts import AppParts

__all__ = ["MessageMethods"]


class MessageMethods(Application):
    """The part of `handles.Application` for a message system of the application's own."""

    client: Client
    _parts: AppParts

    def receive(self, client: Client, webview: str, request: InvokeRequest, respond: Respond | None) -> None:
        """Take a call of the author's own message system; see `Webview.on_message`."""
        respond = respond or self._default_respond(client, webview, request)
        session = client.page_or_wait(webview, request, respond)
        if session is not None:
            take(session, request, respond)

    def _default_respond(self, client: Client, label: str, request: InvokeRequest) -> Respond:
        responder = self._parts.invoke_responder
        if responder is None:
            raise ConfigError("on_message needs a responder: pass one, or set it with Builder.invoke_system(...)")
        return respond_with(responder, Webview(self, client, label), request)

    def _on_channel(self, session: PageSession, callback: int, index: int, body: InvokeResponseBody) -> bool:
        intercept = self._parts.channel_interceptor
        assert intercept is not None
        return intercept(Webview(self, self.client, session.page.label), CallbackFn(callback), index, body)
