"""What the pages of one user may use together, whatever the number of sessions."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.server.people import Page, Rejected, people_of, serving, written
from transom import AppHandle, Builder, CancellationToken, Channel, CommandError, command, generate_handler
from transom.errors import ChannelFull
from transom.wire import chunk_frame

pytestmark = pytest.mark.slow  # servers that run

KEPT: list[Channel[Any]] = []
GO_ON = asyncio.Event()


@command
async def ping() -> str:
    return "pong"


@command
async def wait(data: bytes = b"") -> int:
    await GO_ON.wait()
    return len(data)


@command
async def go_on() -> None:
    GO_ON.set()


@command
async def keep(to: Channel[Any]) -> None:
    KEPT.append(to)


@command
async def drop_all() -> None:
    KEPT.clear()


@command
async def fill(app: AppHandle, to: Channel[str]) -> int:
    """Send to a page that reads nothing, and return how much it took."""
    for number in range(1000):
        try:
            to.send("x" * 1024)
        except ChannelFull as error:
            raise CommandError([number, str(error)]) from None
    return -1


COMMANDS = generate_handler(ping, wait, go_on, keep, drop_all, fill)
BOUNDS = {
    "max_user_calls": 8,
    "max_user_channels": 4,
    "max_user_upload_bytes": 200_000,
    "max_user_queued_bytes": 64 * 1024,
}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    builder = Builder().server(authenticate=people_of, **BOUNDS).invoke_handler(COMMANDS)
    with serving(builder, written(tmp_path_factory.mktemp("site"))) as base:
        yield base


@pytest.fixture
def tabs(address: str) -> Iterator[list[Page]]:
    GO_ON.clear()
    found = [Page(address, "ann") for _ in range(2)] + [Page(address, "bob")]
    yield found
    for page in found:
        page.close()


def _rejection(page: Page, number: int) -> str:
    with pytest.raises(Rejected) as refused:
        page.answer(number)
    return str(refused.value)


def test_the_calls_of_a_user_in_all_tabs_are_counted_together(tabs: list[Page]) -> None:
    first, second, bob = tabs
    waiting = [page.call("wait") for page in (first, second) for _ in range(4)]
    text = _rejection(second, second.call("ping"))
    assert text.startswith("the user 'ann' has 8 calls without an answer, which is the limit")
    assert text.endswith("or raise it with Builder.server(max_user_calls=...)")
    assert bob.invoke("ping") == "pong"
    bob.invoke("go_on")
    assert [page.answer(number) for page, number in zip([first] * 4 + [second] * 4, waiting, strict=True)] == [0] * 8
    assert second.invoke("ping") == "pong"


def test_the_channels_of_a_user_in_all_tabs_are_counted_together(tabs: list[Page]) -> None:
    first, second, bob = tabs
    for number in range(4):
        (first, second)[number % 2].invoke("keep", to=f"__CHANNEL__:{100 + number}")
    text = _rejection(first, first.call("keep", to="__CHANNEL__:200"))
    assert "the user 'ann' has 4 open channels, which is the limit" in text
    assert "Builder.server(max_user_channels=...)" in text
    bob.invoke("keep", to="__CHANNEL__:100")
    bob.invoke("drop_all")
    first.invoke("keep", to="__CHANNEL__:201")
    first.invoke("drop_all")


def test_what_the_calls_of_a_user_carry_is_counted_together(tabs: list[Page]) -> None:
    first, second, bob = tabs
    large = list(b"x" * 24_000)  # 120,000 bytes of JSON
    waiting = first.call("wait", data=large)
    first.invoke("ping")
    text = _rejection(second, second.call("wait", data=list(b"y" * 20_000)))
    assert "the user 'ann' has 200000 bytes of calls that wait or run, which is the limit" in text
    assert "Builder.server(max_user_upload_bytes=...)" in text
    # A pack is refused where it begins, and the call that names it says why.
    second.socket.send(chunk_frame(1, 150_000, [memoryview(b"z" * 100)]))
    second.send([[0, 90, "wait", {"data": None}, None, [[["data"], "Uint8Array", 1, 0, 100]]]])
    assert second.wait(lambda message: message[:2] == [1, 90])[2] == text
    bob.invoke("go_on")
    assert first.answer(waiting) == 24_000
    assert second.invoke("wait", data=list(b"y" * 20_000)) == 20_000


def test_the_tabs_of_a_user_share_the_room_of_what_waits_for_them(tabs: list[Page]) -> None:
    first, _, bob = tabs
    ann, alone = (_taken(page) for page in (first, bob))
    assert 20 <= ann <= 32, "half of 64 KiB"
    assert 45 <= alone <= 64


def _taken(page: Page) -> int:
    number = page.call("fill", to="__CHANNEL__:300")
    with pytest.raises(Rejected) as refused:
        page.answer(number)
    return int(refused.value.args[0][0])


def test_calls_that_come_too_fast_are_rejected_until_a_moment_later(tmp_path: Path) -> None:
    builder = Builder().server(authenticate=people_of, max_user_calls_per_second=20).invoke_handler(COMMANDS)
    with serving(builder, written(tmp_path)) as base:
        ann, bob = Page(base, "ann"), Page(base, "bob")
        numbers = [ann.call("ping") for _ in range(200)]
        answers = [_settled(ann, number) for number in numbers]
        assert answers.count("pong") >= 20
        [text] = {text for text in answers if text != "pong"}
        assert text == (
            "the user 'ann' has 20 calls in a second, which is the limit; wait a moment, or raise it with "
            "Builder.server(max_user_calls_per_second=...)"
        )
        assert bob.invoke("ping") == "pong"
        while _settled(ann, ann.call("ping")) != "pong":
            pass
        for page in (ann, bob):
            page.close()


def test_a_call_that_takes_too_long_is_cancelled_and_told(tmp_path: Path) -> None:
    ended: list[str] = []

    @command
    async def slow() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            ended.append("async")
            raise

    @command
    def slow_in_a_worker(token: CancellationToken) -> str:
        ended.append(f"def {token.wait(20)}")
        return "too late"

    commands = generate_handler(ping, slow, slow_in_a_worker)
    builder = Builder().server(authenticate=people_of, max_call_seconds=1).invoke_handler(commands)
    with serving(builder, written(tmp_path)) as base:
        page = Page(base, "ann")
        numbers = [page.call(name) for name in ("slow", "slow_in_a_worker")]
        texts = [_rejection(page, number) for number in numbers]
        assert page.invoke("ping") == "pong"
        page.close()
    assert texts[0].startswith("the call of slow had no answer for 1 seconds, which is the limit")
    assert texts[1].endswith("or raise it with Builder.server(max_call_seconds=...)")
    assert sorted(ended) == ["async", "def True"]


def _settled(page: Page, number: int) -> str:
    try:
        return str(page.answer(number))
    except Rejected as error:
        return str(error)
