"""Calls that a page makes while it is left."""

from __future__ import annotations

import asyncio
import threading

import pytest

from tests.mock_app import SOON, Running, running
from transom.commands import command


def _leave(application: Running, name: str) -> None:
    """Let the page make a call while it is left, and end its window, which is the last one."""
    application.page.session.receive(f'[[4,1],[0,1,"{name}",{{}}]]')
    window = application.app.get_webview_window("main")
    assert window is not None
    window.destroy()


@pytest.mark.parametrize("busy", [False, True])
def test_a_call_in_a_worker_runs_though_the_application_ends(busy: bool) -> None:
    saved = threading.Event()
    free = threading.Event()

    @command
    def save() -> None:
        free.wait(SOON)
        saved.set()

    with running(save) as application:
        if not busy:
            free.set()
        else:
            threading.Timer(0.1, free.set).start()
        _leave(application, "save")
        assert application.ended() == 0
        assert saved.is_set()


def test_a_call_on_the_loop_ends_by_itself() -> None:
    saved = threading.Event()

    @command
    async def save() -> None:
        await asyncio.sleep(0.05)
        saved.set()

    with running(save) as application:
        _leave(application, "save")
        assert application.ended() == 0
        assert saved.is_set()


def test_a_call_that_never_ends_does_not_keep_the_application() -> None:
    @command
    async def save() -> None:
        await asyncio.Event().wait()

    with running(save) as application:
        _leave(application, "save")
        assert application.ended() == 0


def test_a_call_that_takes_too_long_is_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transom.pages._client._LAST_CALLS_SECONDS", 0.02)
    cancelled = threading.Event()

    @command
    async def save() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    with running(save) as application:
        application.open("other")
        _leave(application, "save")
        assert cancelled.wait(SOON)
