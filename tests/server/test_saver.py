"""What the engine is told at the end of a session."""

from __future__ import annotations

import asyncio
import logging

import pytest

from transom.server.moving import Saver
from transom.server.moving._store import Answer, SessionStore, Stored


class _Store(SessionStore):
    def __init__(self) -> None:
        super().__init__("here")
        self.deleted: list[str] = []

    async def run(self, answer: Answer) -> None: ...

    async def load(self, session_id: str) -> Stored:
        return Stored(None, "")

    async def save(self, session_id: str, mark: str, data: bytes) -> str:
        return "1"

    async def delete(self, session_id: str, mark: str) -> None:
        self.deleted.append(mark)

    async def ask(self, process: str, question: bytes, seconds: float) -> bytes | None:
        return None

    async def is_alive(self, process: str) -> bool:
        return False


@pytest.mark.parametrize(("mark", "deleted"), [("", []), ("7", ["7"])], ids=["never stored", "stored"])
def test_only_a_session_that_was_stored_is_deleted(
    mark: str, deleted: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    store = _Store()

    async def end() -> None:
        await Saver(store, "a", mark, lambda owner: owner.encode(), lambda: None).end(keep=False)

    with caplog.at_level(logging.ERROR, "transom"):
        asyncio.run(end())
    assert store.deleted == deleted
    assert not caplog.records
