from __future__ import annotations

import threading
from typing import Any

import pytest

from tests.mock_app import SOON, running
from transom.commands import command
from transom.errors import CommandCancelled
from transom.pages import CancellationToken
from transom.runtimes._mock import MockRejection


class Long:
    """Commands that run until they are told that nobody waits."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.ended: list[str] = []
        self.over = threading.Event()

    def _run(self, token: CancellationToken) -> str:
        self.begun.set()
        try:
            assert token.wait(SOON)
            token.raise_if_cancelled()
        except CommandCancelled:
            self.ended.append(threading.current_thread().name)
            raise
        finally:
            self.over.set()
        return "never"

    @command
    def in_worker(self, token: CancellationToken) -> str:
        return self._run(token)

    @command(thread="main")
    def on_main(self, token: CancellationToken) -> str:
        return self._run(token)

    @command
    async def in_thread_of_a_task(self, token: CancellationToken) -> str:
        import asyncio

        return await asyncio.to_thread(self._run, token)

    @command(detached=True)
    def detached(self, token: CancellationToken) -> str:
        self.begun.set()
        assert self.over.wait(SOON)
        self.ended.append(f"cancelled: {token.is_cancelled}")
        return "kept on"

    @command(detached=True)
    async def detached_task(self) -> str:
        import asyncio

        self.begun.set()
        await asyncio.to_thread(self.over.wait, SOON)
        self.ended.append("kept on")
        return "kept on"


@pytest.fixture
def long() -> Long:
    return Long()


@pytest.mark.parametrize("name", ["in_worker", "on_main", "in_thread_of_a_task"])
def test_a_thread_learns_that_its_call_was_cancelled(long: Long, name: str) -> None:
    with running(long) as application:
        call = application.page.send(name)
        assert long.begun.wait(SOON)
        application.session.receive(f"[[1,{call}]]")
        with pytest.raises(MockRejection) as caught:
            application.page.answer(call)
        assert caught.value.value["kind"] == "cancelled"
        assert long.over.wait(SOON)
        assert len(long.ended) == 1


def test_a_thread_learns_that_its_page_is_gone(long: Long) -> None:
    with running(long) as application:
        application.page.send("in_worker")
        assert long.begun.wait(SOON)
        application.session.close()
        assert long.over.wait(SOON)


@pytest.mark.parametrize("name", ["detached", "detached_task"])
def test_a_detached_command_outlives_its_page(long: Long, name: str) -> None:
    with running(long) as application:
        application.page.send(name)
        assert long.begun.wait(SOON)
        application.session.close()
        application.on_loop()
        long.over.set()
        ended: Any = ["cancelled: False"] if name == "detached" else ["kept on"]
        for _ in range(500):
            application.on_loop()
            if long.ended:
                break
            threading.Event().wait(0.01)
        assert long.ended == ended


def test_a_detached_command_can_still_be_cancelled_by_its_page(long: Long) -> None:
    with running(long) as application:
        call = application.page.send("detached_task")
        assert long.begun.wait(SOON)
        application.session.receive(f"[[1,{call}]]")
        with pytest.raises(MockRejection) as caught:
            application.page.answer(call)
        assert caught.value.value["kind"] == "cancelled"
        long.over.set()


def test_a_token_says_what_it_was_told() -> None:
    token = CancellationToken()
    assert not token.is_cancelled
    assert not token.wait(0)
    token.raise_if_cancelled()
    token.cancel()
    assert token.is_cancelled
    assert token.wait()
    with pytest.raises(CommandCancelled, match="^the call of this command was cancelled$"):
        token.raise_if_cancelled()
