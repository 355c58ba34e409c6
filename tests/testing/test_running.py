"""`transom.testing`: an application without a window, for which a test speaks as its page."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from transom import (
    AppHandle,
    Builder,
    Channel,
    CommandError,
    State,
    WebviewWindowBuilder,
    command,
    generate_context,
    generate_handler,
)
from transom.cli._new import new
from transom.testing import Rejected, running


class NotFound(CommandError):
    path: str


class Notes(list[str]):
    """Managed state."""


@command
def add_note(notes: State[Notes], note_text: str) -> int:
    notes.append(note_text)
    return len(notes)


@command(raises=NotFound)
def read_note(path: str) -> str:
    raise NotFound(path=path)


@command
def reverse(parts: list[bytes], on_part: Channel[bytes]) -> bytes:
    for part in parts:
        on_part.send(part)
    return b"".join(parts)[::-1]


@command
async def wait_for_ever() -> None:
    await __import__("asyncio").Event().wait()


def _builder() -> Builder:
    return Builder().manage(Notes()).invoke_handler(generate_handler(add_note, read_note, reverse, wait_for_ever))


def test_a_command_is_called_as_a_page_calls_it() -> None:
    with running(_builder()) as app:
        assert app.page.invoke("add_note", noteText="a") == 1
        assert app.page.invoke("add_note", note_text="b") == 2
        assert app.handle.state(Notes) == ["a", "b"]


def test_a_rejection_is_raised_with_its_value() -> None:
    with running(_builder()) as app:
        with pytest.raises(Rejected) as caught:
            app.page.invoke("read_note", path="x")
        assert caught.value.value == {"kind": "notFound", "path": "x"}
        with pytest.raises(Rejected, match="command read_note missing required key path"):
            app.page.invoke("read_note")
        with pytest.raises(Rejected, match="Command nothing not found"):
            app.page.invoke("nothing")


def test_bytes_and_channels_are_arguments_and_values() -> None:
    with running(_builder()) as app:
        parts = app.page.channel()
        assert app.page.invoke("reverse", parts=[b"ab", b"", b"c"], onPart=parts) == b"cba"
        assert parts.wait(3) == [b"ab", b"", b"c"] == parts.messages


def test_events_are_recorded_whoever_emits_them() -> None:
    with running(_builder()) as app:
        saved, other = app.page.listen("saved"), app.page.listen("other")
        app.handle.emit("saved", {"count": 1})
        app.page.emit("saved", b"raw")
        assert saved.wait(2) == [{"count": 1}, b"raw"] == saved.payloads
        assert other.payloads == []


def test_python_hears_what_the_page_emits() -> None:
    heard = threading.Event()
    with running(_builder()) as app:
        app.handle.listen("ping", lambda event: heard.set() if event.payload == 1 else None)
        app.page.emit("ping", 1)
        assert heard.wait(10)


def test_each_window_has_its_page() -> None:
    def setup(app: AppHandle) -> None:
        WebviewWindowBuilder(app, "second").build()

    with running(_builder().setup(setup)) as app:
        assert [app.page.label, app.page_of("second").label] == ["main", "second"]
        news = app.page_of("second").listen("news")
        app.handle.emit_to("second", "news", 1)
        assert news.wait(1) == [1]
        with pytest.raises(LookupError, match="no window has the label 'third'; there are main, second"):
            app.page_of("third")


def test_a_project_brings_its_windows_and_permissions(tmp_path: Path) -> None:
    new(tmp_path / "app", "vanilla")
    capability = tmp_path / "app" / "capabilities" / "default.json"
    capability.write_text(capability.read_text("utf-8").replace(', "allow-greet"', ""), "utf-8")
    with running(_builder(), generate_context(tmp_path / "app")) as app:
        assert app.handle.config().product_name == "App"
        with pytest.raises(Rejected, match="not allowed"):
            app.page.invoke("plugin:window|set_title", value="x")
        text = capability.read_text("utf-8")
        capability.write_text(text.replace('"core:default"', '"core:default", "core:window:allow-set-title"'), "utf-8")
    with running(_builder(), generate_context(tmp_path / "app")) as app:
        assert app.page.invoke("plugin:window|set_title", value="x") is None


def test_what_the_setup_hook_raises_is_raised_in_the_test() -> None:
    def setup(app: AppHandle) -> None:
        raise RuntimeError("no database")

    with pytest.raises(RuntimeError, match="no database"), running(_builder().setup(setup)):
        pass


def test_a_call_without_an_answer_is_told_and_does_not_hold_the_end() -> None:
    with running(_builder()) as app, pytest.raises(TimeoutError, match="0 of 1 messages came within 0.05 s"):
        app.page.invoke("wait_for_ever", timeout=0.05)
