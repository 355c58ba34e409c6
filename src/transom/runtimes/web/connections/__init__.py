"""Connections to our own server that have not shown a session. Imports the server."""

from ._connections import DEADLINE, MAX_UNPROVEN, PROVEN, Connections, http_protocol_class

__all__ = ["DEADLINE", "MAX_UNPROVEN", "PROVEN", "Connections", "http_protocol_class"]
