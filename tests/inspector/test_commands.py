"""What the inspector's page asks: overview, replay, export."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any

import pytest

from tests.inspector.inspected import inspected
from transom import CommandError, command
from transom.inspector._commands import export, overview, replay
from transom.testing import Rejected
from transom.values import encode_json


@dataclass
class Shelf:
    books: list[str]


class Sly:
    """Managed state with a `__repr__` that fails."""

    def __repr__(self) -> str:
        raise RuntimeError("no")


@command
async def add(book: str, shelf: Any = None) -> str:
    return book.upper()


def test_the_overview_names_windows_pages_listeners_and_state(monkeypatch: pytest.MonkeyPatch) -> None:
    with inspected(monkeypatch, add, shelf=Shelf(["Dune"]), sly=Sly()) as found:
        found.app.page.listen("rain")
        found.app.handle.listen("rain", lambda _: None)
        seen = asyncio.run(overview(found.subject))
        assert json.loads(encode_json(seen)) == seen
    assert seen["windows"] == [{"label": "main", "webviews": ["main"], "focused": False}]
    [page] = seen["pages"]
    assert (page["label"], page["window"], page["calls"], page["behind"]) == ("main", "main", 0, False)
    assert page["bytesUp"] > 20 < page["bytesDown"]
    assert [(each["event"], each["page"]) for each in seen["listeners"]] == [("rain", "main"), ("rain", None)]
    assert seen["state"] == [
        {"type": "Shelf", "value": "Shelf(books=['Dune'])"},
        {"type": "Sly", "value": "<its __repr__ raised RuntimeError>"},
    ]


def test_a_call_is_made_again_as_its_page_and_with_its_permissions(monkeypatch: pytest.MonkeyPatch) -> None:
    with inspected(monkeypatch, add) as found:
        found.app.page.invoke("add", book="dune")
        with pytest.raises(Rejected):
            found.app.page.invoke("plugin:window|set_title", value="x")
        first = found.calls()
        for call in first.values():
            asyncio.run(replay(call.id, found.subject))
        found.app.page.invoke("add", book="last")  # the loop runs it after them
        answers = [message for message in found.app.page._page.messages if message[0] <= 1]
        assert len(answers) == 3, "no answer of them goes to the page"
        again = [call for call in found.recorder.changes(0).calls if call.replayed]
    assert sorted((call.command, call.page, call.state, call.result) for call in again) == [
        ("add", "main", "resolved", '"DUNE"'),
        ("plugin:window|set_title", "main", "rejected", first["plugin:window|set_title"].result),
    ]


def test_what_was_not_kept_whole_or_has_no_page_is_not_made_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with inspected(monkeypatch, add) as found:
        found.app.page.invoke("add", book="x" * 10_000)
        cut = found.calls()["add"]
        found.app.page.invoke("add", book="dune", shelf=found.app.page.channel())
        with_channel = found.calls()["add"]
        found.app.page.invoke("add", book="dune")
        whole = found.calls()["add"]
        for call in (cut, with_channel):
            with pytest.raises(CommandError, match="cannot be made again"):
                asyncio.run(replay(call.id, found.subject))
        session = found.recorder.page("main")
        assert session is not None
        session.close()
        with pytest.raises(CommandError, match="shows no page"):
            asyncio.run(replay(whole.id, found.subject))
        with pytest.raises(CommandError, match="not kept any more"):
            asyncio.run(replay(10**9, found.subject))


def test_the_export_has_everything_that_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    with inspected(monkeypatch, add) as found:
        for number in range(300):
            found.app.page.invoke("add", book=str(number))
        whole = json.loads(encode_json(asyncio.run(export(found.subject))))
    assert whole["format"] == "transom-inspector-1"
    assert [json.loads(call["args"])["book"] for call in whole["calls"]] == [str(number) for number in range(300)]
    assert whole["events"][0]["kind"] == "opened"
    assert whole["overview"]["runtime"] == "mock"
