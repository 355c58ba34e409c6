"""Files about the commands of an application, for `transom bindings` and `transom dev --bindings`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from ..bindings import bindings_of, schema_of
from ..commands import CommandSpec
from ..events import TypedEvent

__all__ = ["write_descriptions"]


def write_descriptions(wanted: str, specs: Sequence[CommandSpec], events: Iterable[TypedEvent[Any]]) -> None:
    """Write the TypeScript and the JSON Schema of commands, each if it is wanted and not what the file has already.

    Args:
        wanted: A JSON object with the files `module` and `schema`, each of which may be `null`, and `result`: whether the
            functions of the module return a `Result`.
        specs: The commands.
        events: The declared events.

    Raises:
        ConfigError: A type has no form there.
        OSError: A file cannot be written.
    """
    options = json.loads(wanted)
    events = tuple(events)
    if options["module"]:
        _write(Path(options["module"]), bindings_of(specs, events, with_result=options["result"]))
    if options["schema"]:
        _write(Path(options["schema"]), schema_of(specs, events))


def _write(file: Path, text: str) -> None:
    if (
        not file.is_file() or file.read_text("utf-8", "replace") != text
    ):  # a server that follows it would load the page again
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
