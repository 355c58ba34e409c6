from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.mock_app import SOON, Running
from tests.plugins.fs.pages import base, call, refused
from tests.requirements import needs_watchfiles
from transom.plugins.fs._watch import Watchers


@pytest.mark.parametrize("delay", [None, 100])
def test_changes_are_told(application: Running, data: Path, delay: int | None) -> None:
    needs_watchfiles()
    page = application.page
    (data / "d").mkdir()
    options = base(recursive=True, **({} if delay is None else {"delayMs": delay}))
    rid = call(page, "watch", paths=["d"], options=options, onEvent="__CHANNEL__:77")
    (data / "d/new.txt").write_text("x", "utf-8")
    [first, *_] = page.wait(lambda message: message[0] == 2 and message[1] == 77, 1)
    event = first[3]
    assert event["paths"] == [str(data / "d/new.txt")]
    assert list(event["type"]) in (["create"], ["modify"])
    page.invoke("plugin:resources|close", {"rid": rid})
    assert refused(page, "unwatch", rid=rid) == f"The resource id {rid} is invalid."


def test_watching_needs_something_to_watch_and_has_a_bound(application: Running, data: Path) -> None:
    needs_watchfiles()
    page = application.page
    args = {"options": base(), "onEvent": "__CHANNEL__:77"}
    assert "No path was found." in refused(page, "watch", paths=["nothing"], **args)
    assert "forbidden path" in refused(page, "watch", paths=["/etc"], **args)
    (data / "d").mkdir()
    rids = [call(page, "watch", paths=["d"], **args) for _ in range(32)]
    assert "which is the limit" in refused(page, "watch", paths=["d"], **args)
    for rid in rids:
        call(page, "unwatch", rid=rid)
    until = time.monotonic() + SOON
    while application.app.state(Watchers).count and time.monotonic() < until:
        application.on_loop()
    call(page, "watch", paths=["d"], **args)


def test_nothing_is_told_of_what_a_link_leads_to_outside(application: Running, data: Path, tmp_path: Path) -> None:
    needs_watchfiles()
    page = application.page
    (data / "d").mkdir()
    (data / "d/link").symlink_to(tmp_path / "outside")
    call(page, "watch", paths=["d"], options=base(recursive=True), onEvent="__CHANNEL__:78")
    (tmp_path / "outside/new.txt").write_text("x", "utf-8")
    (data / "d/own.txt").write_text("x", "utf-8")
    [first] = page.wait(lambda message: message[0] == 2 and message[1] == 78, 1)
    assert first[3]["paths"] == [str(data / "d/own.txt")]
