"""The benchmark's application on python-socketio."""

from __future__ import annotations

import os
from http.cookies import SimpleCookie
from typing import Any

import socketio

__all__ = ["app"]

_redis = os.environ.get("BENCH_BUS")
sio = socketio.AsyncServer(
    async_mode="asgi", client_manager=socketio.AsyncRedisManager(_redis) if _redis else None, logger=False
)


@sio.event
async def connect(sid: str, environ: dict[str, Any], _auth: object = None) -> None:
    """Let the user that the cookie names join a room of that name."""
    await sio.enter_room(sid, SimpleCookie(environ.get("HTTP_COOKIE", ""))["who"].value)


@sio.event
async def echo(_sid: str, data: dict[str, str]) -> str:
    """Answer with what came."""
    return data["text"]


@sio.event
async def tell(_sid: str, data: dict[str, str]) -> None:
    """Send an event to one user."""
    await sio.emit("told", data["text"], room=data["user"])


@sio.event
async def shout(_sid: str, data: dict[str, str]) -> None:
    """Send an event to everybody."""
    await sio.emit("told", data["text"])


app = socketio.ASGIApp(sio)
