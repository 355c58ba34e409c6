"""Who a request is of, and what it gets when that is not known."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.raw_page import request
from tests.server.people import Page, cookie_of, people_of, serving, written
from transom import Builder, User, command, generate_handler
from transom.runtimes import Tickets

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


@command
async def in_a_thread() -> str:
    return await asyncio.to_thread(lambda: "done")


def test_hooks_that_hang_leave_the_workers_of_commands_alone(tmp_path: Path) -> None:
    go_on, hanging = threading.Event(), threading.Semaphore(0)

    def hangs(connection: Any) -> User | None:
        if connection.cookies.get("who") == "stuck":
            hanging.release()
            go_on.wait(60)
        return people_of(connection)

    builder = Builder().server(authenticate=hangs).limits(max_workers=2).invoke_handler(generate_handler(in_a_thread))
    try:
        with serving(builder, written(tmp_path)) as base:
            ann = Page(base, "ann")
            stuck = [threading.Thread(target=request, args=(base + "/", cookie_of("stuck"))) for _ in range(40)]
            for thread in stuck:
                thread.start()
            hanging.acquire()
            hanging.acquire()
            assert ann.invoke("in_a_thread") == "done"
            go_on.set()
            for thread in stuck:
                thread.join()
            ann.close()
    finally:
        go_on.set()


def test_ids_that_differ_in_half_a_surrogate_pair_have_other_tickets() -> None:
    tickets, session = Tickets("s" * 16), Tickets.new_session()
    users = [User(name) for name in ("a?", "a\ud800", "a\ud801", "a\ufffd")]
    assert len({tickets.ticket(session, user, "main") for user in users}) == len(users)
