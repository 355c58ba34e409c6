"""Who a request is of, and what it gets when that is not known."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.raw_page import request
from tests.server.people import cookie_of, people_of, serving, written
from transom import Builder, User

pytestmark = pytest.mark.slow  # servers that run


def test_the_way_to_the_login_leads_back_to_this_server(tmp_path: Path) -> None:
    with serving(Builder().server(authenticate=people_of, login="/login"), written(tmp_path)) as base:
        for path, wanted in (("/a?b=c", "%2Fa%3Fb%3Dc"), ("//evil.example/a", "%2Fevil.example%2Fa")):
            answer = request(base + path)
            assert (answer.status, answer.headers["location"]) == (303, f"/login?next={wanted}")


def test_a_hook_that_raises_hangs_or_lies_lets_nobody_in(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def raises(_connection: Any) -> User | None:
        raise OSError("no directory")

    def lies(_connection: Any) -> Any:
        return {"id": "ann"}

    async def hangs(_connection: Any) -> User | None:
        await asyncio.Event().wait()
        return User("ann")

    for number, hook in enumerate((raises, lies, hangs)):
        folder = tmp_path / str(number)
        builder = Builder().server(authenticate=hook, hook_seconds=1 if hook is hangs else 10)
        with serving(builder, written(folder)) as base:
            answer = request(base + "/", cookie_of("ann"))
            assert answer.status == 503
            assert "directory" not in answer.text
    assert "no directory" in caplog.text
    assert "return a transom.User" in caplog.text
