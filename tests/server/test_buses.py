"""Events through a real engine: in one order, once, over its death and its absence."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.server.engines import BUS_ENGINES, ENGINES, Engine, Nats, Redis, engine_of, free_port
from transom.errors import ConfigError, RequestError
from transom.events import Bus, MemoryBus, PublishedEvent, Recipients
from transom.server.buses import EngineBus, find_bus
from transom.server.buses._engine import without_password
from transom.server.buses._message import Envelope, decode_event
from transom.values import encode_body
from transom.wire import EventTarget


@pytest.fixture(params=BUS_ENGINES)
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Every kind of engine: add one in `engines.py`."""
    with engine_of(request.param, tmp_path) as started:
        yield started


def _event(payload: Any, **fields: Any) -> PublishedEvent:
    return PublishedEvent("news", encode_body(payload), **fields)


async def _until(condition: Callable[[], object]) -> None:
    for _ in range(3000):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not become true")


def _with_buses(address: str, count: int, scenario: Callable[..., Awaitable[None]]) -> list[list[Any]]:
    """Run a scenario with several processes' buses on one engine, and return what each has delivered."""
    heard: list[list[Any]] = [[] for _ in range(count)]

    async def run() -> None:
        buses = []
        for got in heard:
            bus = find_bus(address, "test")
            assert isinstance(bus, EngineBus)
            bus.subscribe(lambda event, got=got: got.append(event.body.deserialize()))
            buses.append(bus)
        tasks = [asyncio.ensure_future(bus.run()) for bus in buses]
        try:
            await scenario(buses, heard)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    asyncio.run(run())
    return heard


def test_every_process_hears_every_event_in_one_order(engine: Engine) -> None:
    async def scenario(buses: list[EngineBus], heard: list[list[Any]]) -> None:
        await _until(lambda: all(bus.is_ready for bus in buses))
        for number in range(300):
            buses[number % 3].publish(_event(number))
        await _until(lambda: all(len(got) == 300 for got in heard))

    one, two, three = _with_buses(engine.address, 3, scenario)
    assert one == two == three
    assert sorted(one) == list(range(300))
    for process in range(3):
        assert [number for number in one if number % 3 == process] == list(range(process, 300, 3))


def test_an_event_arrives_whole(engine: Engine) -> None:
    got: list[PublishedEvent] = []

    async def scenario(buses: list[EngineBus], heard: list[list[Any]]) -> None:
        buses[0].subscribe(got.append)
        await _until(lambda: buses[0].is_ready)
        event = _event({"bytes": b"\x00\xff", "text": "ü"}, recipients=Recipients("group", "room"))
        buses[0].publish(event)
        target = EventTarget("WebviewWindow", "main")
        buses[0].publish(_event(1, recipients=Recipients("user", "ann"), target=target))
        await _until(lambda: len(got) == 2)

    _with_buses(engine.address, 1, scenario)
    assert got[0].body.deserialize() == {"bytes": b"\x00\xff", "text": "ü"}
    assert got[0].recipients == Recipients("group", "room")
    assert got[1].target == EventTarget("WebviewWindow", "main")
    assert 0 < got[0].cursor < got[1].cursor


def test_over_the_death_of_the_engine_every_event_arrives_once(
    engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario(buses: list[EngineBus], heard: list[list[Any]]) -> None:
        await _until(lambda: all(bus.is_ready for bus in buses))
        for start in (0, 100, 200):
            for number in range(start, start + 50):
                buses[number % 2].publish(_event(number))
            await asyncio.to_thread(engine.kill)
            for number in range(start + 50, start + 100):
                buses[number % 2].publish(_event(number))
            await _until(lambda: not buses[0].is_ready)
            await asyncio.to_thread(engine.start)
            await _until(lambda count=start + 100: all(len(got) >= count for got in heard))

    one, two = _with_buses(engine.address, 2, scenario)
    assert one == two
    assert sorted(one) == list(range(300)), "once each"
    for process in range(2):
        own = [number for number in one if number % 2 == process]
        assert own == sorted(own), "in the order of their process"
    assert "cannot be reached" in caplog.text
    assert "are gone" not in caplog.text


def test_an_engine_that_has_forgotten_is_told(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    lost: list[bool] = []

    async def scenario(buses: list[EngineBus], heard: list[list[Any]]) -> None:
        buses[0].lost = lambda: lost.append(True)
        await _until(lambda: buses[0].is_ready)
        buses[0].publish(_event(1))
        await _until(lambda: heard[0] == [1])
        await asyncio.to_thread(engine.kill)
        await asyncio.to_thread(engine.forget)
        await asyncio.to_thread(engine.start)
        await _until(lambda: lost)
        buses[0].publish(_event(2))
        await _until(lambda: heard[0] == [1, 2])

    _with_buses(engine.address, 1, scenario)
    assert "are gone that this process has not read" in caplog.text


@pytest.mark.parametrize("scheme", ENGINES)
def test_without_an_engine_events_wait_up_to_a_bound(scheme: str, caplog: pytest.LogCaptureFixture) -> None:
    async def scenario(buses: list[EngineBus], heard: list[list[Any]]) -> None:
        await _until(lambda: "cannot be reached" in caplog.text)
        for number in range(10_000):
            buses[0].publish(_event(number))
        with pytest.raises(RequestError, match=rf"10000 events wait for {scheme}://127\.0\.0\.1"):
            buses[0].publish(_event(1))
        assert not buses[0].is_ready

    _with_buses(f"{scheme}://somebody:secret@127.0.0.1:{free_port()}", 1, scenario)
    assert "secret" not in caplog.text


def test_what_is_stored_by_others_harms_nobody(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    async def scenario(buses: list[EngineBus], heard: list[list[Any]]) -> None:
        await _until(lambda: buses[0].is_ready)
        await asyncio.to_thread(engine.write, b"\xc1", b"", b"x", b"\x98" + b"\x02" * 8)
        buses[0].publish(_event("still"))
        await _until(lambda: heard[0] == ["still"])
        with pytest.raises(RequestError, match="send a reference to the data instead"):
            buses[0].publish(_event("x" * 5_000_000))

    _with_buses(engine.address, 1, scenario)
    assert caplog.text.count("is of another version of transom") == 4


@pytest.mark.parametrize(
    ("text", "buffers"),
    [
        (b'1],[3,"forged"', []),
        (b'"a"]],[0,5,"forged answer"', []),
        (b"", []),
        (b'"\xff"', []),
        (b"[" * 100_000, []),
        (b"null", [(b'[],"x"],["y"', "Uint8Array", b"")]),
        (b"null", [(b"[[]]", "Uint8Array", b"")]),
        (b"null", [(b"[]", 'x",0,0,0],["', b"")]),
    ],
)
def test_an_event_of_others_cannot_end_its_place_in_a_frame(
    text: bytes, buffers: list[tuple[bytes, str, bytes]]
) -> None:
    forged = Envelope(1, "process", 1, "told", text, buffers, Recipients("everybody"), None)
    assert decode_event(msgspec.msgpack.encode(forged), 1) is None
    good = Envelope(
        1,
        "process",
        1,
        "told",
        b'{"a":["\xc3\xa4",null]}',
        [(b'["a",1]', "Uint8Array", b"x")],
        Recipients("everybody"),
        None,
    )
    assert decode_event(msgspec.msgpack.encode(good), 1) is not None


def test_a_redis_entry_without_an_event_harms_nobody(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    from redis import Redis as Client

    async def scenario(buses: list[EngineBus], heard: list[list[Any]]) -> None:
        await _until(lambda: buses[0].is_ready)

        def write() -> None:
            with Client.from_url(redis.address) as client:
                client.xadd("transom:test:events", {"other": b"x"})

        await asyncio.to_thread(write)
        buses[0].publish(_event("still"))
        await _until(lambda: heard[0] == ["still"])

    with Redis(tmp_path) as redis:
        _with_buses(redis.address, 1, scenario)
    assert caplog.text.count("is of another version of transom") == 1


def test_an_event_that_nats_does_not_take_is_dropped_and_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "small.conf").write_text("max_payload: 8192\n", "utf-8")

    class SmallNats(Nats):
        def _command(self) -> list[str]:
            return [*super()._command(), "-c", str(tmp_path / "small.conf")]

    async def scenario(buses: list[EngineBus], heard: list[list[Any]]) -> None:
        buses[0].publish(_event("x" * 20_000))  # before anybody knows what the server takes
        buses[0].publish(_event("small"))
        await _until(lambda: heard[0] == ["small"])
        with pytest.raises(RequestError, match="other processes get at most 7168"):
            buses[0].publish(_event("x" * 20_000))
        for number in range(50):
            buses[0].publish(_event(str(number) * 500))
        await _until(lambda: len(heard[0]) == 51)
        assert heard[0][1:] == [str(number) * 500 for number in range(50)]

    with SmallNats(tmp_path / "nats") as nats:
        _with_buses(nats.address, 1, scenario)
    assert "an event of 20" in caplog.text
    assert "takes at most 7168" in caplog.text


def test_a_nats_without_jetstream_is_named(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    class CoreNats(Nats):
        def _command(self) -> list[str]:
            return super()._command()[:5]

    async def scenario(buses: list[EngineBus], heard: list[list[Any]]) -> None:
        await _until(lambda: "JetStream is off: start nats-server with -js" in caplog.text)

    with CoreNats(tmp_path) as nats:
        _with_buses(nats.address, 1, scenario)


def test_a_bus_is_found_by_its_address() -> None:
    bus: Bus = find_bus("memory", "test")
    assert isinstance(bus, MemoryBus)
    with pytest.raises(ConfigError, match="no bus is called 'kafka'"):
        find_bus("kafka://x", "test")


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("redis://:secret@host:6379/1", "redis://host:6379/1"),
        ("redis://host:6379/1?password=secret", "redis://host:6379/1"),
    ],
)
def test_no_password_of_an_engine_is_shown(address: str, shown: str) -> None:
    assert without_password(address) == shown
