"""Sessions that are opened and closed leave nothing behind: the short form of `python -m bench.servers.soak`."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bench.servers._programs import served
from bench.servers.soak import soak
from tests.server.engines import Redis


def test_sessions_that_are_opened_and_closed_leave_nothing_behind(tmp_path: Path) -> None:
    from redis import Redis as Client

    with Redis(tmp_path) as redis, served("transom", redis.address) as server:
        rows = asyncio.run(soak(server, 120, parts=2))
        with Client.from_url(redis.address) as client:
            connections = len(client.client_list())
    assert [row["sessions"] for row in rows] == [1, 1], "the watcher's own"
    assert rows[1]["blocks"] - rows[0]["blocks"] < 10 * 60, "a session that stays has thousands"
    assert connections <= 9, "sessions have no connections of their own to the engine"
