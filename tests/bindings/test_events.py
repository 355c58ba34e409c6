"""The TypeScript of declared events."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from tests.bindings.compiler import check_uses, refused
from transom import TypedEvent, command, generate_handler
from transom.bindings import bindings_of
from transom.errors import ConfigError


class Progress(msgspec.Struct, rename="camel"):
    bytes_done: int
    chunk: bytes = b""


PROGRESS = TypedEvent("download://progress", Progress, doc="How far a download is.\n\nOnce a second.")
NOTE = TypedEvent("note", str)


@command
def start() -> None: ...


MODULE = bindings_of(generate_handler(start).specs, [PROGRESS, NOTE])


def test_every_event_has_an_entry_with_the_types_of_its_payload() -> None:
    assert MODULE.endswith(
        """
export const events = {
  /**
   * How far a download is.
   *
   * Once a second.
   */
  downloadProgress: event<Progress, ProgressInput>("download://progress"),
  note: event<string, string>("note"),
};
"""
    )
    assert bindings_of(generate_handler(start).specs, [NOTE, PROGRESS]) == MODULE


USES = """\
import { events, type Progress } from "./bindings";

export const stop: Promise<() => void> = events.note.listen(({ payload }) => payload.trim());
events.downloadProgress.once(({ payload }) => payload.chunk.byteLength);
export const sent: Promise<void> = events.downloadProgress.emit({ bytesDone: 1, chunk: [1, 2] });
events.note.emitTo("main", "text");
events.note.listen(() => {}, { target: { kind: "Window", label: "main" } });
export const done = (progress: Progress): number => progress.bytesDone;
"""
MISUSES = [
    "events.note.emit(1);",
    "events.note.emit();",
    "events.downloadProgress.emit({ chunk: [] });",
    "events.note.listen(({ payload }) => payload.bytesDone);",
    "events.missing.emit('');",
]


def test_the_compiler_holds_pages_to_the_types(tmp_path: Path) -> None:
    check_uses(tmp_path, MODULE, USES + refused(MISUSES))


def test_a_module_of_events_alone_is_complete() -> None:
    text = bindings_of([], [NOTE])
    assert "api/core" not in text
    assert 'note: event<string, string>("note")' in text


def test_a_payload_that_cannot_be_sent_is_named_with_its_event() -> None:
    with pytest.raises(ConfigError, match=r"^event numbers, its payload: no TypeScript is known for .*complex"):
        bindings_of([], [TypedEvent("numbers", complex)])
