"""Recording and replay of what pages say."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from transom import AppHandle, Builder, Channel, CommandError, State, command, generate_handler
from transom.testing import RecordingDiffers, TestPage, replay, running


class Words(list[str]):
    """Managed state."""


class Taken(CommandError):
    word: str


@command(raises=Taken)
def add(words: State[Words], app: AppHandle, word: str) -> int:
    if word in words:
        raise Taken(word=word)
    words.append(word)
    app.emit("added", {"word": word})
    return len(words)


@command
def spell(word: str, on_letter: Channel[str]) -> None:
    for letter in word:
        on_letter.send_blocking(letter)


@command
def reverse(parts: list[bytes]) -> dict[str, Any]:
    return {"reversed": [part[::-1] for part in parts], "count": len(parts)}


@command
async def wait_for_ever() -> None:
    await asyncio.Event().wait()


def builder(add: Any = add) -> Builder:
    return Builder().manage(Words()).invoke_handler(generate_handler(add, spell, reverse, wait_for_ever))


def talk(page: TestPage) -> None:
    added = page.listen("added")
    page.invoke("add", word="tree", headers={"who": "Ada"})
    page.start("add", word="tree")
    letters = page.channel()
    page.invoke("spell", word="leaf", onLetter=letters)
    letters.wait(4)
    page.invoke("reverse", parts=[b"ab", b"\x00\xff"])
    added.wait(1)
    page.invoke("plugin:event|unlisten", event="added", eventId=1)
    pending = page.start("wait_for_ever")
    pending.cancel()
    page.invoke("plugin:app|version")
    page.reload().invoke("add", word="root")


@pytest.fixture
def session(tmp_path: Path) -> Path:
    """A recorded session."""
    file = tmp_path / "session.jsonl"
    with running(builder(), recording=file) as app:
        talk(app.page)
    return file


def test_a_session_is_recorded_as_it_happened(session: Path) -> None:
    lines = [json.loads(line) for line in session.read_text("utf-8").splitlines()]
    assert lines[:2] == [{"transom": 1}, {"page": 1, "open": "main"}]
    first = next(line for line in lines if line.get("command") == "add")
    assert first == {**first, "page": 1, "args": {"word": "tree"}, "headers": {"who": "Ada"}}
    assert {"page": 1, "event": "added", "payload": {"word": "tree"}} in lines
    assert [line["message"] for line in lines if "message" in line] == ["l", "e", "a", "f"]
    assert {"kind": "taken", "word": "tree"} in [line.get("reject") for line in lines]
    [reversed_] = [line for line in lines if line.get("resolve") == {"reversed": [None, None], "count": 2}]
    assert reversed_["buffers"] == [
        [["reversed", 0], "ArrayBuffer", "YmE="],
        [["reversed", 1], "ArrayBuffer", "/wA="],
    ]
    assert {"page": 2, "open": "main"} in lines
    assert [line["cancelled"] for line in lines if "cancelled" in line] == [True]
    assert session.stat().st_mode & 0o077 == 0


def test_the_same_application_answers_as_recorded(session: Path) -> None:
    with running(builder()) as app:
        replay(app, session)


def test_what_differs_is_named_with_its_line(session: Path) -> None:
    @command(name="add")
    def changed(word: str) -> str:
        return f"{word}!"

    with running(builder(changed)) as app, pytest.raises(RecordingDiffers) as told:
        replay(app, session, timeout=2)
    event, answer, rejected, last = told.value.differences
    assert (answer.what, answer.recorded, answer.got) == ("add", 1, "tree!")
    assert session.read_text("utf-8").splitlines()[answer.line - 1].endswith('"resolve":1}')
    assert rejected.got == {"resolve": "tree!"}
    assert (event.what, event.got) == ("event added", "<nothing came within 2 s>")
    assert last.recorded == 2
    assert "recorded: 1\n    now:      'tree!'" in str(told.value)


def test_what_is_known_to_vary_is_not_compared(session: Path) -> None:
    @command(name="add")
    def changed(app: AppHandle, word: str) -> int:
        app.emit("added", {"word": word, "at": 12})
        return 7

    def without_time(name: str, value: Any) -> Any:
        return {"word": value["word"]} if name == "added" else value

    with running(builder(changed)) as app:
        replay(app, session, ignore=["ad?", "plugin:app|*"], normalize=without_time)


def test_a_changed_application_writes_new_golden_answers(session: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    @command(name="reverse")
    def changed(parts: list[bytes]) -> list[bytes]:
        return [*parts, b"new"]

    def new_builder() -> Builder:
        return Builder().manage(Words()).invoke_handler(generate_handler(add, spell, changed, wait_for_ever))

    monkeypatch.setenv("TRANSOM_UPDATE_RECORDINGS", "1")
    with running(new_builder()) as app:
        replay(app, session)
    monkeypatch.delenv("TRANSOM_UPDATE_RECORDINGS")
    with running(new_builder()) as app:
        replay(app, session)
    with running(builder()) as app, pytest.raises(RecordingDiffers, match="1 of the recorded messages differ"):
        replay(app, session)


def test_a_file_that_is_no_recording_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"transom": 99}\n', "utf-8")
    (tmp_path / "b.jsonl").write_text("hello\n", "utf-8")
    with running(builder()) as app:
        with pytest.raises(ValueError, match="record the session again with this version"):
            replay(app, tmp_path / "a.jsonl")
        with pytest.raises(ValueError, match="b.jsonl:1: this line is not JSON"):
            replay(app, tmp_path / "b.jsonl")


def test_a_channel_with_more_messages_than_recorded_differs(session: Path) -> None:
    @command(name="spell")
    def changed(word: str, on_letter: Channel[str]) -> None:
        for letter in f"{word}s":
            on_letter.send_blocking(letter)

    with (
        running(
            Builder().manage(Words()).invoke_handler(generate_handler(add, changed, reverse, wait_for_ever))
        ) as app,
        pytest.raises(RecordingDiffers, match=r"recorded: <4 messages>\n    now:      <5 messages>"),
    ):
        replay(app, session)
