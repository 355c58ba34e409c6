"""A page's link, without I/O, and what a WebSocket has to do for it."""

from ._gone import GoneSocket
from ._link import (
    CLOSED,
    DIRECT,
    ELSEWHERE,
    ENDED,
    FAILED,
    KEEP,
    KEEP_BYTES,
    LINK_PATH,
    LOST,
    MOVED,
    REFUSED,
    REPLACED,
    SUBPROTOCOL,
    LinkSocket,
    Message,
    WebLink,
)

__all__ = [
    "CLOSED",
    "DIRECT",
    "ELSEWHERE",
    "ENDED",
    "FAILED",
    "KEEP",
    "KEEP_BYTES",
    "LINK_PATH",
    "LOST",
    "MOVED",
    "REFUSED",
    "REPLACED",
    "SUBPROTOCOL",
    "GoneSocket",
    "LinkSocket",
    "Message",
    "WebLink",
]
