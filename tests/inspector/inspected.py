"""An application on the mock runtime whose calls a recorder keeps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from transom import Builder, generate_handler
from transom.app._inspection import INSPECT
from transom.core import AppCore
from transom.handles import Application
from transom.inspector import Recorder
from transom.inspector._records import CallRecord
from transom.inspector._subject import Subject
from transom.testing import RunningApp, running

__all__ = ["Inspected", "inspected"]


class Inspected(NamedTuple):
    """The application, and what was recorded."""

    app: RunningApp
    subject: Subject

    @property
    def recorder(self) -> Recorder:
        return self.subject.recorder

    def calls(self) -> dict[str, CallRecord]:
        """Return the last call of each command."""
        return {call.command: call for call in self.recorder.changes(0).calls}


@contextmanager
def inspected(monkeypatch: Any, *commands: Any, **managed: Any) -> Iterator[Inspected]:
    """Run an application with these commands; its page is not served."""
    monkeypatch.setenv(INSPECT, "ready")
    builder = Builder().invoke_handler(generate_handler(*commands))
    for value in managed.values():
        builder.manage(value)
    with running(builder) as app:
        core: Application = app.handle._app
        assert isinstance(core, AppCore)
        make: Callable[..., Any] = core._parts.session_type
        yield Inspected(app, Subject(core, make.args[0][0]))  # type: ignore[attr-defined]
