from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from tests.mock_app import running
from transom import command
from transom.runtimes._mock import MockRejection


@command
async def holds() -> str:
    await asyncio.sleep(0)
    time.sleep(0.02)  # noqa: ASYNC251 - what an author should not do
    return "held"


@command
async def streams() -> AsyncIterator[int]:
    yield 1


@command
async def waits() -> str:
    await asyncio.sleep(0.02)
    return "waited"


@command
async def cleans_up() -> str:
    try:
        await asyncio.wait_for(asyncio.Event().wait(), 0.001)
    except TimeoutError:
        return "timed out"
    return "never"


@command
async def fails() -> None:
    await asyncio.sleep(0)
    raise LookupError("gone")


def test_a_command_that_holds_the_loop_is_named_in_development_only(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("transom.commands._watch._SLOW", 0.015)
    with running(holds) as application:
        assert application.page.invoke("holds") == "held"
    assert not caplog.records
    with running(holds, waits, cleans_up, fails, development=True) as application:
        page = application.page
        assert page.invoke("waits") == "waited"
        assert page.invoke("cleans_up") == "timed out"
        with pytest.raises(MockRejection, match="LookupError: gone"):
            page.invoke("fails")
        before = len(caplog.records)
        assert page.invoke("holds") == "held"
    text = "\n".join(record.getMessage() for record in caplog.records[before:])
    assert "command 'holds' blocked the event loop for" in text
    assert "make it a `def`" in text
    assert "'waits'" not in caplog.text


def test_refused_and_failed_calls_are_in_the_log_and_on_the_page_in_development(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with running(waits, fails, development=True) as application:
        page = application.page
        for name in ("wiats", "plugin:none|x", "fails"):
            with pytest.raises(MockRejection):
                page.invoke(name)
        shown = [message[2] for message in page.messages if message[:2] == [7, "failed"]]
    assert shown[0] == "A call of wiats was refused: Command wiats not found; did you mean `waits`?"
    assert shown[2] == "The command fails failed: LookupError: gone"
    assert len(shown) == 3
    lines = [record.getMessage() for record in caplog.records]
    assert "a call of wiats was refused: Command wiats not found; did you mean `waits`?" in lines
    assert all("\n" not in line for line in lines)


def test_outside_of_development_a_page_is_shown_nothing() -> None:
    with running(waits, fails) as application:
        for name in ("wiats", "fails"):
            with pytest.raises(MockRejection):
                application.page.invoke(name)
        assert not [message for message in application.page.messages if message[0] == 7]
