"""A call as a message system of the application's own brings it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import msgspec

from ..values import CallbackFn, encode_json
from ._message import InvokeFrame, Span

__all__ = ["InvokeBody", "InvokeRequest", "frame_of"]

_WHOLE_BODY = "ArrayBuffer"
# The body of a call: `bytes` for a raw body, else the plain value of its JSON, which is never `bytes`.
InvokeBody: TypeAlias = Any


class InvokeRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A call as a message system of one's own brings it; see `Builder.invoke_system` (Tauri: `webview::InvokeRequest`).

    Attributes:
        cmd: Whole name of the command.
        callback: The page's callback for the value.
        error: The page's callback for the reason of a rejection.
        body: Arguments, or `bytes` for a raw body.
        headers: Headers of the call.
        invoke_key: `__TAURI_INVOKE_KEY__` as the page's message had it: it proves that the page's own script called.
    """

    cmd: str
    callback: CallbackFn
    error: CallbackFn
    body: InvokeBody = None
    headers: Mapping[str, str] = {}
    invoke_key: str


def frame_of(request: InvokeRequest, number: int) -> tuple[InvokeFrame, tuple[memoryview, ...]]:
    """Return a request as the link's own message, and its buffers.

    Args:
        request: The call.
        number: The number it gets in its page.

    Raises:
        TypeError: The body has no JSON form.
    """
    raw = bytes(request.body) if isinstance(request.body, bytes | bytearray | memoryview) else None
    json = b"null" if raw is not None else encode_json(request.body)
    headers = {name.lower(): str(value) for name, value in request.headers.items()}
    spans = () if raw is None else (Span([], _WHOLE_BODY, 0, 0, len(raw)),)
    frame = InvokeFrame(number, request.cmd, msgspec.Raw(json), headers, spans)
    return frame, () if raw is None else (memoryview(raw),)
