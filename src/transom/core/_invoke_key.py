"""The key that proves that a page's own script made a call, where the call did not come over the page's link."""

from __future__ import annotations

import hmac

from ..errors import NotAllowed
from ..pages import PageSession, Respond
from ..wire import InvokeRequest

__all__ = ["check_invoke_key", "take"]


def check_invoke_key(request: InvokeRequest, expected: str) -> None:
    """Refuse a request whose key is not the one that the page's script was given.

    Args:
        request: The call.
        expected: The page's key; empty when it was given none, so that every request is refused.

    Raises:
        NotAllowed: The keys differ.
    """
    key: object = request.invoke_key  # from the page, so that it may be anything
    given = key.encode("utf-8", "surrogatepass") if isinstance(key, str) else b""
    if not expected or not hmac.compare_digest(given, expected.encode()):
        raise NotAllowed("bad __TAURI_INVOKE_KEY__ value received in ipc message")  # Tauri: the sentence


def take(session: PageSession, request: InvokeRequest, respond: Respond) -> None:
    """Let a page's call be answered that did not come over its link.

    Raises:
        NotAllowed: The request's key is not the one that the page's script was given.
        TypeError: The body has no JSON form.
    """
    check_invoke_key(request, session.page.invoke_key)
    session.request(request, respond)
