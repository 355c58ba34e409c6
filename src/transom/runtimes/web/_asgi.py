"""The WebSocket of a link through ASGI, for the servers of others."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

from starlette.types import Message
from starlette.websockets import WebSocket, WebSocketDisconnect

from .link import FAILED, WebLink

__all__ = ["AsgiSocket"]

# How servers report that a page may still be there (`LinkSocket.run`): closed with 1001, gone, or no answer to their pings.
_LOST = (1001, 1005, 1006, 1011)
_logger = logging.getLogger("transom")


class AsgiSocket:
    """Carries a link by ASGI's messages; see `LinkSocket`.

    Args:
        socket: The accepted WebSocket.
    """

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self._loop = asyncio.get_running_loop()
        self._more = asyncio.Event()
        self._sending = False
        self._closed = False

    def wake(self) -> None:
        """See `LinkSocket`."""
        with suppress(RuntimeError):  # the loop has ended, and every page with it
            self._loop.call_soon_threadsafe(self._more.set)

    async def run(self, link: WebLink) -> bool:
        """See `LinkSocket`."""
        pump = asyncio.ensure_future(self._pump(link))
        self.wake()
        try:
            while True:
                message = await self._socket.receive()
                if message["type"] == "websocket.disconnect":
                    return self._is_lost(message)
                if self._closed:
                    continue
                text = message.get("text")
                link.receive(message["bytes"] if text is None else text)
                await self._send_all(link)
        except WebSocketDisconnect:  # something could not be sent; the server says why when it is asked
            while (message := await self._socket.receive())["type"] != "websocket.disconnect":
                pass
            return self._is_lost(message)
        except Exception:
            _logger.exception("a message of a page could not be handled; its connection is closed")
            await self.close(1011, FAILED)
            return False
        finally:
            pump.cancel()

    def _is_lost(self, disconnect: Message) -> bool:
        return not self._closed and disconnect.get("code") in _LOST

    def ignore(self) -> None:
        """See `LinkSocket`."""
        self._closed = True

    async def close(self, code: int, reason: str) -> None:
        """See `LinkSocket`."""
        self._closed = True
        with suppress(RuntimeError, WebSocketDisconnect):  # closed already, or gone meanwhile
            await self._socket.close(code, reason)

    async def _pump(self, link: WebLink) -> None:
        """Send what there is whenever `wake` was called."""
        try:
            while True:
                await self._more.wait()
                self._more.clear()
                await self._send_all(link)
        except WebSocketDisconnect:
            return  # `run` is told too
        except Exception:
            _logger.exception("a message for a page could not be sent; its connection is closed")
            await self.close(1011, FAILED)

    async def _send_all(self, link: WebLink) -> None:
        """Send messages until there is none or the page has to read first, unless another task is doing that."""
        if self._sending:
            return
        self._sending = True
        try:
            while not self._closed and (message := link.next()) is not None:
                if message.is_text:
                    await self._send({"type": "websocket.send", "text": message.data.decode()})
                else:
                    await self._send({"type": "websocket.send", "bytes": message.data})
        finally:
            self._sending = False

    async def _send(self, message: Message) -> None:
        try:
            await self._socket.send(message)
        except RuntimeError:  # Starlette's word for a socket that has been closed
            raise WebSocketDisconnect(1006) from None
