"""Schemes of an application for the tests of runtimes, with a handler of every form."""

from __future__ import annotations

import asyncio
import json
import threading
from pathlib import Path
from typing import Any

from tests.runtimes.fake_host import FakeHost
from transom.runtimes import (
    UriSchemeContext,
    UriSchemeProtocol,
    UriSchemeRequest,
    UriSchemeResponder,
    UriSchemeResponse,
)

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="7" height="5"/>'


FILM = (Path(__file__).parent / "film.webm").read_bytes()
"""A WebM film (VP8) of 20 seconds, 32 x 24 pixels: a ball."""
WAVE = b"RIFF$\xe2\x04\0WAVEfmt \x10\0\0\0\1\0\1\0\x40\x1f\0\0\x80\x3e\0\0\2\0\x10\0data\0\xe2\x04\0" + bytes(320000)
RANGES: list[str] = []


def _wave(wanted: str) -> UriSchemeResponse:
    """Answer a range of a sound of 20 seconds."""
    RANGES.append(wanted)
    first, _, last = wanted.removeprefix("bytes=").partition("-")
    start, end = int(first), min(int(last or len(WAVE) - 1), int(first) + 65535, len(WAVE) - 1)
    headers = {
        "Content-Type": "audio/wav",
        "Content-Range": f"bytes {start}-{end}/{len(WAVE)}",
        "Accept-Ranges": "bytes",
    }
    return UriSchemeResponse(WAVE[start : end + 1], status=206, headers=headers)


def stream(context: UriSchemeContext[FakeHost], request: UriSchemeRequest) -> UriSchemeResponse:
    """Answer by the first letters of the path."""
    path = request.uri.removeprefix("stream://localhost/")
    if path.startswith("picture"):
        return UriSchemeResponse(SVG, headers={"Content-Type": "image/svg+xml"})
    if path.startswith("status/"):
        return UriSchemeResponse(b"body", status=int(path.removeprefix("status/")), headers={"X-Own": "yes"})
    if path.startswith("frame"):
        script = "parent.postMessage([self.origin, typeof __TAURI_INTERNALS__, document.title], '*')"
        return UriSchemeResponse(f"<script>{script}</script>".encode(), headers={"Content-Type": "text/html"})
    if path.startswith("wave"):
        return _wave(request.headers["range"])
    if path.startswith("fails"):
        raise ValueError("secret of the application")
    told = {
        "method": request.method,
        "uri": request.uri,
        "range": request.headers.get("range"),
        "own": request.headers.get("x-own"),
        "body": len(request.body),
        "label": context.webview_label,
        "host": isinstance(context.app_handle, FakeHost),
        "secrets": [name for name in ("cookie", "host") if name in request.headers],
        "worker": threading.current_thread() is not threading.main_thread(),
    }
    return UriSchemeResponse(json.dumps(told).encode(), headers={"Content-Type": "application/json"})


def later(context: Any, request: UriSchemeRequest, responder: UriSchemeResponder) -> None:
    if "dropped" not in request.uri:
        threading.Thread(target=responder.respond, args=[UriSchemeResponse(b"later")]).start()


async def soon(context: Any, request: UriSchemeRequest) -> UriSchemeResponse:
    await asyncio.sleep(0)
    return UriSchemeResponse(b"soon")


PROTOCOLS = (
    UriSchemeProtocol(scheme="stream", handler=stream),
    UriSchemeProtocol(scheme="later", handler=later, takes_responder=True),
    UriSchemeProtocol(scheme="soon", handler=soon),
)
