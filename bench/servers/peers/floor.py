"""A bare ASGI application that sends every message back: what the server program itself costs."""

from __future__ import annotations

from typing import Any

__all__ = ["app"]


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Accept a WebSocket, and echo."""
    if scope["type"] != "websocket":
        return
    while True:
        message = await receive()
        if message["type"] == "websocket.connect":
            await send({"type": "websocket.accept"})
        elif message["type"] == "websocket.receive":
            await send({"type": "websocket.send", "text": message["text"]})
        else:
            return
