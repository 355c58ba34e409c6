"""The steps of `docs/permissions.md`: each is written to disk and run, and its table holds."""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.mock_app import running_in
from transom.app import Builder, generate_context
from transom.runtimes._mock import MockPage, MockRejection

PAGE = Path(__file__).parents[2] / "docs" / "permissions.md"
CONFIG = """{"identifier": "org.example.notes", "build": {"frontendDist": "."},
"app": {"windows": [{"label": "main"}, {"label": "settings"}, {"label": "other"}]}}"""
ARGUMENTS = {
    "plugin:event|listen": {"event": "x", "target": {"kind": "Any"}, "handler": 1},
    "plugin:event|emit": {"event": "x"},
    "plugin:window|set_title": {"value": "x"},
}
BLOCK = re.compile(r"^```\w+ (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ROW = re.compile(r"^\| `([^`]+)`(?: of `([^`]+)`)? \| (yes|no) \| (yes|no) \|$", re.MULTILINE)


class Step(NamedTuple):
    title: str
    files: dict[str, str]
    rows: list[tuple[str, str, str, str]]


def steps() -> list[Step]:
    """Return the steps of the page; the files of one are there in those after it."""
    files: dict[str, str] = {}
    found = []
    for title, text in re.findall(r"^## (\d\. .*?)\n(.*?)(?=^## )", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL):
        files = files | dict(BLOCK.findall(text))
        found.append(Step(title, files, ROW.findall(text)))
    return found


def test_there_are_five_steps_and_each_has_a_table() -> None:
    assert [step.title[:2] for step in steps()] == ["1.", "2.", "3.", "4.", "5."]
    assert all(len(step.rows) > 1 for step in steps())


@pytest.mark.parametrize("step", steps(), ids=lambda step: step.title)
def test_the_table_of_a_step_holds(step: Step, tmp_path: Path) -> None:
    builder = written(step, tmp_path)
    with running_in(builder, generate_context(tmp_path, development=False)) as application:
        pages = application.runtime.pages
        for call, path, *answers in step.rows:
            told = [
                "yes" if may(pages[window], call.replace("\\|", "|"), path) else "no" for window in ("main", "settings")
            ]
            assert (call, path, told) == (call, path, answers)


def written(step: Step, folder: Path) -> Builder:
    """Write a step to disk and return its program's builder."""
    for name, text in {**step.files, "tauri.conf.json": CONFIG, "notes/a.txt": "a", "notes/secret.txt": "s"}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    names: dict[str, object] = {"__name__": "example"}
    exec(compile(step.files["app.py"], "app.py", "exec"), names)
    builder = names["builder"]
    assert isinstance(builder, Builder)
    return builder


DENIAL = re.compile(r"^```text (\w+) (\S+)(?: of (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_denials_say_what_the_page_says_and_have_the_same_facts_as_values(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    text = PAGE.read_text("utf-8")
    denials = DENIAL.findall(text)
    assert len(denials) == 5
    builder = written(steps()[-1], tmp_path)
    with running_in(builder, generate_context(tmp_path, development=True)) as application:
        caplog.clear()
        for window, command, path, _ in denials:
            with pytest.raises(MockRejection):
                application.runtime.pages[window].invoke(
                    command, {"path": path} if path else ARGUMENTS.get(command, {})
                )
    records = [record for record in caplog.records if hasattr(record, "denial")]
    said = [record.getMessage().partition(" was refused: ")[2] for record in records]
    assert said == [" ".join(denial.split()) for _, _, _, denial in denials]
    [example] = re.findall(r"^```json denial\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert json.loads(example) == vars(records[2])["denial"]
    scope = vars(records[3])["denial"]
    assert (scope["kind"], scope["deny"]) == ("outOfScope", ["$RESOURCE/notes/secret.txt"])


def test_a_denial_in_a_release_is_short_and_has_the_facts_beside_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    builder = written(steps()[-1], tmp_path)
    with (
        caplog.at_level(logging.DEBUG, "transom"),
        running_in(builder, generate_context(tmp_path, development=False)) as app,
    ):
        with pytest.raises(MockRejection) as rejected:
            app.runtime.pages["main"].invoke("plugin:window|close")
        assert rejected.value.value in PAGE.read_text("utf-8")
    [record] = [record for record in caplog.records if hasattr(record, "denial")]
    assert record.levelno == logging.DEBUG
    assert record.denial["permissions"] == ["core:window:allow-close"]


EVENT_ROW = re.compile(r"^\| `([^`]+)` \| (yes|no) \| (yes|no) \| (yes|no) \|$", re.MULTILINE)


def test_the_table_of_events_holds(tmp_path: Path) -> None:
    text = PAGE.read_text("utf-8")
    [capability] = re.findall(r"^```json events\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    rows = EVENT_ROW.findall(text)
    assert len(rows) == 5
    (tmp_path / "tauri.conf.json").write_text(CONFIG)
    (tmp_path / "capabilities").mkdir()
    (tmp_path / "capabilities" / "events.json").write_text(capability)
    calls = (
        ("plugin:event|listen", {"target": {"kind": "Any"}, "handler": 1}),
        ("plugin:event|listen", {"target": {"kind": "Window", "label": "main"}, "handler": 1}),
        ("plugin:event|emit", {}),
    )
    with running_in(Builder(), generate_context(tmp_path, development=False)) as application:
        page = application.runtime.pages["main"]
        for event, *answers in rows:
            told = []
            for command, arguments in calls:
                try:
                    page.invoke(command, {"event": event, **arguments})
                    told.append("yes")
                except MockRejection as rejection:
                    assert str(rejection.value).endswith(f"scope of `core:event:allow-{command.partition('|')[2]}`")  # noqa: PT017
                    told.append("no")
            assert (event, told) == (event, answers)


def may(page: MockPage, command: str, path: str) -> bool:
    arguments = {"path": path or "/nowhere"} if command == "read_note" else ARGUMENTS.get(command, {})
    try:
        page.invoke(command, arguments)
    except MockRejection as rejection:
        text = str(rejection.value)
        if command == "read_note" and not path:
            return text.startswith("forbidden path")  # it got as far as its scope
        if "not allowed by ACL" not in text and not text.startswith("forbidden path"):
            raise
        return False
    return True
