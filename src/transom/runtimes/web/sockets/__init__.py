"""The WebSockets of links on uvicorn, as classes for its setting `ws`. Whoever imports this has uvicorn and websockets."""

from ._connection import LinkConnection
from ._direct import DirectSocket, LinkServer, protocol_class
from ._protocol import LinkProtocol

__all__ = ["DirectSocket", "LinkConnection", "LinkProtocol", "LinkServer", "protocol_class"]
