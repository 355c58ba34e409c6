from __future__ import annotations

import logging

import pytest

from transom.core import ResourceTable
from transom.core import _resource as module
from transom.errors import InvalidResource


class Thing:
    def __init__(self) -> None:
        self.closed = 0

    def close(self) -> None:
        self.closed += 1


class Stubborn(Thing):
    def close(self) -> None:
        super().close()
        raise OSError("busy")


def test_a_resource_is_found_by_its_id_and_kind() -> None:
    table, thing = ResourceTable(), Thing()
    rid = table.add(thing)
    assert 0 < rid < 2**32
    assert table.get(rid, Thing) is thing
    with pytest.raises(InvalidResource):
        table.get(rid, Stubborn)


def test_ids_are_never_zero_nor_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = iter([5, 0, 5, 0, 7])
    monkeypatch.setattr(module.secrets, "randbits", lambda bits: next(numbers))
    table = ResourceTable()
    assert [table.add(Thing()), table.add(Thing())] == [5, 7]


def test_closing_releases_once() -> None:
    table, thing = ResourceTable(), Thing()
    rid = table.add(thing)
    table.close(rid)
    with pytest.raises(InvalidResource, match=f"^The resource id {rid} is invalid.$"):
        table.close(rid)
    with pytest.raises(InvalidResource):
        table.get(rid, Thing)
    table.close_all()
    assert thing.closed == 1


def test_the_end_releases_all_even_when_one_fails(caplog: pytest.LogCaptureFixture) -> None:
    table, things = ResourceTable(), [Thing(), Stubborn(), Thing()]
    for thing in things:
        table.add(thing)
    with caplog.at_level(logging.ERROR, "transom"):
        table.close_all()
    table.close_all()
    assert [thing.closed for thing in things] == [1, 1, 1]
    assert "a resource of a closed page could not be released" in caplog.text
