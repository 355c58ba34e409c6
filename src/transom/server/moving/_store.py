"""Where processes keep their sessions, and how they ask each other for one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from typing import NamedTuple, TypeAlias

__all__ = ["KEPT_SECONDS", "Answer", "Conflict", "SessionStore", "Stored"]

KEPT_SECONDS = 3600
"""Seconds for which a session is kept that no process stores again."""
# Answers a question of another process.
Answer: TypeAlias = Callable[[bytes], Awaitable[bytes]]


class Conflict(Exception):
    """Another process has stored the session since it was read."""


class Stored(NamedTuple):
    """What is stored of a session.

    Attributes:
        data: Its record; `None` if there is none.
        mark: Tells this record from every other; empty for none.
    """

    data: bytes | None
    mark: str


class SessionStore(ABC):
    """The sessions of an application in an engine, and the way to its processes. On the event loop.

    Args:
        process: The id of this process.
    """

    def __init__(self, process: str) -> None:
        self.process = process

    @abstractmethod
    async def run(self, answer: Answer) -> None:
        """Answer the questions of other processes until the task is cancelled."""

    @abstractmethod
    async def load(self, session_id: str) -> Stored:
        """Return what is stored of a session."""

    @abstractmethod
    async def save(self, session_id: str, mark: str, data: bytes) -> str:
        """Store a session, and return the mark of what is stored now.

        Args:
            session_id: The session.
            mark: The mark of what this process has read or stored last.
            data: Its record.

        Raises:
            Conflict: Something else is stored.
        """

    @abstractmethod
    async def delete(self, session_id: str, mark: str) -> None:
        """Delete a session, if nothing else is stored."""

    @abstractmethod
    async def ask(self, process: str, question: bytes, seconds: float) -> bytes | None:
        """Return the answer of another process; `None` if it is gone, or says nothing for so long."""

    @abstractmethod
    async def is_alive(self, process: str) -> bool:
        """Tell whether a process can be asked."""
