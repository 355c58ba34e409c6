"""Sound and films for WebKitGTK's player, which loads from no scheme of an application's: a server for them alone."""

from ._media import Media
from ._server import MediaAnswer, MediaServer

__all__ = ["Media", "MediaAnswer", "MediaServer"]
