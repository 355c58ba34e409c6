"""An application for many users: one process, any number of sessions, each with its own windows, events and state."""

from ._core import ServerCore
from ._session import SessionCore

__all__ = ["ServerCore", "SessionCore"]
