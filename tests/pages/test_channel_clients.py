"""Order and completeness: whatever is sent in whatever order, the npm `Channel` class gives the page exactly that."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fake_page import ALL, FakePage, channel_of
from tests.mock_app import SOON
from tests.node_page import NodePage
from tests.property import examples
from tests.requirements import needs_npm_package
from transom.values import Channel
from transom.wire import Frame

CLIENTS = {"2.0.0": "tauri-api-2.0", "2.12.5": "tauri-api-2.12"}
CHANNELS = 3
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=5) | st.binary(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)
numbers = st.integers(0, CHANNELS - 1)
steps = st.lists(
    st.tuples(st.just("send"), numbers, values)
    | st.tuples(st.just("take"), st.integers(1, 200), st.none())
    | st.tuples(st.sampled_from(("close", "drop")), numbers, st.none()),
    max_size=40,
)


class NpmPage(NodePage):
    """A page with one version of the client."""

    def __init__(self, version: str, folder: Path) -> None:
        self.version = version
        client = needs_npm_package(CLIENTS[version]) / "core.js"
        super().__init__("channel_page.mjs", folder, client.as_uri())

    def show(self, frame: Frame) -> None:
        self.tell([frame.text.decode(), base64.b64encode(b"".join(frame.tail)).decode()])


@pytest.fixture(scope="module", params=CLIENTS)
def npm(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NpmPage]:
    page = NpmPage(request.param, tmp_path_factory.mktemp("npm"))
    yield page
    page.end()


def as_page(value: Any) -> Any:
    """Return a value as the page reports it."""
    if isinstance(value, bytes):
        return {"bytes": list(value)}
    if isinstance(value, list):
        return [as_page(item) for item in value]
    if isinstance(value, dict):
        return {key: as_page(item) for key, item in value.items()}
    return value


def show_all(page: FakePage, npm: NpmPage, max_bytes: int = ALL) -> None:
    while frame := page.session.take(max_bytes, ALL):
        npm.show(frame)


@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_messages_arrive_once_and_in_order_whatever_is_interleaved(npm: NpmPage, steps: list[Any]) -> None:
    page, ids = FakePage(), npm.ask(CHANNELS)
    channels: list[Channel[Any] | None] = [channel_of(page, callback) for callback in ids]
    sent: list[list[Any]] = [[] for _ in ids]
    channel: Channel[Any] | None
    for step, number, value in steps:
        channel = None if step == "take" else channels[number]
        if step == "take" and (frame := page.session.take(number, ALL)):
            npm.show(frame)
        elif step == "send" and channel is not None and not channel.closed:
            channel.send(value)
            sent[number].append(as_page(value))
        elif step == "close" and channel is not None:
            channel.close()
        elif step == "drop":
            channels[number] = None
    channel = None
    channels.clear()
    show_all(page, npm)
    report = npm.ask({"ids": ids})
    assert [messages for messages, _ in report["channels"]] == sent
    assert report["errors"] == []
    # The end marker frees the callback; clients before 2.5 do not know it.
    ended = npm.version != "2.0.0"
    assert [there for _, there in report["channels"]] == [not ended] * CHANNELS
    assert {callback for batch in report["up"] for _, callback in json.loads(batch)} == (set(ids) if ended else set())


def test_many_threads_at_once_lose_and_reorder_nothing(npm: NpmPage) -> None:
    page, (callback,) = FakePage(), npm.ask(1)
    channel: Channel[tuple[int, int]] = channel_of(page, callback)
    barrier = threading.Barrier(5)

    def produce(sender: int) -> None:
        barrier.wait(SOON)
        for index in range(200):
            channel.send((sender, index))

    threads = [threading.Thread(target=produce, args=(sender,)) for sender in range(4)]
    for thread in threads:
        thread.start()
    barrier.wait(SOON)
    while any(thread.is_alive() for thread in threads):
        show_all(page, npm, 100)
    channel.close()
    show_all(page, npm)
    report = npm.ask({"ids": [callback]})
    [[messages, _]] = report["channels"]
    assert len(messages) == 800
    for sender in range(4):
        assert [index for who, index in messages if who == sender] == list(range(200))
    assert report["errors"] == []


def test_a_callback_that_the_page_dropped_ends_its_producer(npm: NpmPage) -> None:
    page = FakePage()
    channel: Channel[int] = channel_of(page, 7)  # the page never had it
    channel.send(1)
    show_all(page, npm)
    for batch in npm.ask({"ids": []})["up"]:
        page.session.receive(batch)
    assert channel.closed


def test_a_message_that_cannot_be_handled_costs_no_other(npm: NpmPage) -> None:
    (callback,) = npm.ask(1)
    npm.tell([f'[[99],[2,{callback},0,"after"]]', ""])
    report = npm.ask({"ids": [callback]})
    assert report["channels"][0][0] == ["after"]
    assert len(report["errors"]) == 1
    assert report["errors"][0].startswith("TypeError")
