"""`/healthz` and `/readyz`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conformance.raw_page import request
from tests.server.engines import Redis, until
from tests.server.people import Page, people_of, serving, written
from transom import Builder, ConfigError

TOKEN = "a token of the probes"
SHOWN = {"Authorization": f"Bearer {TOKEN}"}


def test_probes_are_answered_with_the_token_only(tmp_path: Path) -> None:
    begun: list[bool] = []
    builder = Builder().server(authenticate=people_of, probe_token=TOKEN).setup(lambda _: begun.append(True))
    with serving(builder, written(tmp_path), prefix="/app") as base:
        assert json.loads(request(base + "/readyz", SHOWN).text) == {"ready": True, "sessions": 0}
        assert begun == [True]
        page = Page(base, "ann")
        page.invoke("plugin:app|name")
        for path in ("/healthz", "/readyz"):
            answer = request(base + path, SHOWN)
            assert answer.status == 200
            assert json.loads(answer.text) == {"ready": True, "sessions": 1}
            for wrong in ({}, {"Authorization": TOKEN}, {"Authorization": "Bearer x"}, {"Cookie": "who=ann"}):
                assert request(base + path, wrong).status == 401
        page.close()


def test_without_a_token_there_are_no_probes(tmp_path: Path) -> None:
    with serving(Builder().server(authenticate=people_of), written(tmp_path)) as base:
        assert request(base + "/readyz", SHOWN).status == 401  # a path like others, for users
        assert request(base + "/readyz", {"Cookie": "who=ann"}).status == 404
    with pytest.raises(ConfigError, match="probe_token has fewer than 16 characters"):
        Builder().server(probe_token="short")


def test_a_process_whose_engine_is_away_is_not_ready(tmp_path: Path) -> None:
    (tmp_path / "redis").mkdir()
    redis = Redis(tmp_path / "redis")
    builder = Builder().server(authenticate=people_of, probe_token=TOKEN, bus=redis.address)
    try:
        with serving(builder, written(tmp_path / "app")) as base:
            page = Page(base, "ann")
            until(lambda: request(base + "/readyz", SHOWN).status == 200)
            redis.kill()
            until(lambda: request(base + "/readyz", SHOWN).status == 503)
            assert request(base + "/healthz", SHOWN).status == 200
            redis.start()
            until(lambda: request(base + "/readyz", SHOWN).status == 200)
            page.close()
    finally:
        redis.kill()
