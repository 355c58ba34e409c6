"""The small pages that the web runtime itself answers with. They need nothing but the browser."""

from __future__ import annotations

import html
import json
import secrets

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from ....runtimes import OpenFile

__all__ = ["HEADERS", "door", "gone", "hop", "not_ahead"]

# Sent with everything that is served.
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title></head><body>{body}</body></html>
"""


def hop(address: str, store: str = "", window: tuple[str, str] | None = None) -> HTMLResponse:
    """Return the page that leads on to an address, as a page of the application's own origin does.

    A redirect would carry on that another site, or a file, has led here: its target would be refused. The address that the
    user came by, with its code, does not stay in the tab's history.

    Args:
        address: Where to go: a path with its query.
        store: Key in `sessionStorage` of the tab's window.
        window: Label of the window that the tab becomes, and its ticket; `None` for none.
    """
    keep = (
        ""
        if window is None
        else f"try {{ sessionStorage.setItem({_js(store)}, {_js(json.dumps(window))}) }} catch {{}}\n"
    )
    script = f"{keep}location.replace({_js(address)} + location.hash);"
    nonce = secrets.token_urlsafe(16)
    policy = (
        f"default-src 'none'; script-src 'nonce-{nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    body = f'<script nonce="{nonce}">{script}</script><noscript>This application needs JavaScript.</noscript>'
    return HTMLResponse(_PAGE.format(title="…", body=body), headers={**HEADERS, "Content-Security-Policy": policy})


def not_ahead(document: OpenFile | None = None) -> PlainTextResponse:
    """Return the answer to a browser that fetches a document before its user wants it, which would take a window.

    Args:
        document: Its file, which is closed; `None` if it has not been opened.
    """
    if document is not None:
        document.close()
    return PlainTextResponse("documents of this application are not loaded ahead", 503, HEADERS)


def door(name: str, address: str) -> HTMLResponse:
    """Return the page that stands before the application when another site leads to it: the user may go on by a click.

    Args:
        name: The product's name.
        address: Where the click leads: the application's start, and never what the other site chose.
    """
    name, address = html.escape(name), html.escape(address)
    body = f'<p>Another site wants to open {name}.</p><p><a href="{address}" rel="noopener">Open {name}</a></p>'
    policy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    return HTMLResponse(
        _PAGE.format(title=name, body=body),
        403,
        {**HEADERS, "Content-Security-Policy": policy, "X-Frame-Options": "DENY"},
    )


async def gone(_request: Request, _error: Exception) -> Response:
    """Return what nobody gets: the client has left while it sent its request. Otherwise the log would have a traceback."""
    return Response(status_code=400, headers=HEADERS)


def _js(text: str) -> str:
    """Return a text as a script in an HTML element can hold it."""
    return json.dumps(text).replace("<", "\\u003c")
