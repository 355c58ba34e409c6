"""The spine: decode -> authorize -> find -> call -> encode. Every message from a page passes here and gets one answer."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from ..acl import split_command
from ..errors import CommandNotFound, NotAllowed, RequestError
from ..wire import InvokeFrame, Span, encode_json
from ._invoke import Invoke, InvokeHandler, InvokeMessage, InvokeRequest
from ._resolver import InvokeResolver, InvokeResponder, InvokeResponse
from ._window import Webview

if TYPE_CHECKING:
    from ._app import AppCore
    from ._page import PageSession

__all__ = ["dispatch", "on_message"]

_NO_HEADERS: dict[str, str] = {}
_WHOLE_BODY = "ArrayBuffer"


def dispatch(app: AppCore, session: PageSession, frame: InvokeFrame, buffers: Sequence[memoryview]) -> None:
    """Give one call its one answer, now or later. Never raises."""
    _answer(app, session, frame, buffers, InvokeResolver(app, session, frame.id, frame.command))


def on_message(app: AppCore, session: PageSession, request: InvokeRequest, responder: InvokeResponder) -> None:
    """Give one call its one answer that a message system of the application's own brought; see `Builder.invoke_system`.

    Raises:
        NotAllowed: The request's key is not the one that the page's own script was given.
        TypeError: The body has no JSON form.
    """
    label, expected = session.page.label, session.page.invoke_key
    key: object = request.invoke_key  # the page's word, which may be anything
    given = key.encode("utf-8", "surrogatepass") if isinstance(key, str) else b""
    if not expected or not hmac.compare_digest(given, expected.encode()):
        raise NotAllowed("bad __TAURI_INVOKE_KEY__ value received in ipc message")  # Tauri: the sentence
    raw = bytes(request.body) if isinstance(request.body, bytes | bytearray | memoryview) else None
    json = b"null" if raw is not None else encode_json(request.body)
    headers = {name.lower(): str(value) for name, value in request.headers.items()}
    call = session.begin_foreign()

    def answer(response: InvokeResponse) -> None:
        responder(Webview(app, label), request.cmd, response, request.callback, request.error)

    frame = InvokeFrame(
        call,
        request.cmd,
        msgspec.Raw(json),
        headers,
        [Span([], _WHOLE_BODY, 0, 0, len(raw))] if raw is not None else [],
    )
    resolver = InvokeResolver(app, session, call, request.cmd, answer)
    _answer(app, session, frame, () if raw is None else (memoryview(raw),), resolver)


def _answer(
    app: AppCore, session: PageSession, frame: InvokeFrame, buffers: Sequence[memoryview], resolver: InvokeResolver
) -> None:
    try:
        plugin, name = split_command(frame.command)
        message = InvokeMessage(app, name, frame.payload, frame.headers or _NO_HEADERS, session, frame.spans, buffers)
        label = session.page.label
        grant = app.authority.authorize(frame.command, label, label, session.origin)
        invoke = Invoke(app, message, resolver, grant)
        if not (app.handle(invoke) if plugin is None else _plugin_of(app, plugin)(invoke)):
            raise CommandNotFound(name, app.nearest_command(plugin, name))
    except Exception as error:  # noqa: BLE001 - whatever happens, the call gets its answer
        resolver.fail(error)


def _plugin_of(app: AppCore, plugin: str) -> InvokeHandler:
    try:
        return app.plugins[plugin]
    except KeyError:
        # Tauri: the sentence, up to the semicolon.
        raise RequestError(
            f"plugin {plugin} not found; is it added with Builder.plugin(...), and has it an invoke_handler?"
        ) from None
