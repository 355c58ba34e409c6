"""The list of every text of an error: it is read from the source as the source is written, and errors that come are in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.error_texts import PLACE, SUBJECTS, tables
from tests.repository.tree import ROOT
from transom import Builder, PluginBuilder, generate_handler
from transom.errors import TransomError
from transom.explanations import explanation_of
from transom.explanations.texts import MEANINGS, ErrorText, Raiser, error_texts
from transom.runtimes import Image

PAGE = ROOT / "docs" / "error-texts.md"

SOURCE = """
import sys
from .errors import TransomError, WindowError

_SAY = "the update cannot be installed"
_MOST = 12
_GONE = "the window has gone away"
_log = object()


class NotesError(TransomError):
    def __init__(self, count):
        super().__init__(f"there are {count} notes too many")


def save(name, found, problems):
    if not name:
        raise NotesError(3)
    if found:
        raise WindowError(f"{_SAY}: `{name}` has more than {_MOST} parts; " "write fewer")
    _log.warning("the note %r has %d lines", name, 3)
    _log.info("nothing is wrong here")
    where = f"in the folder {name}" if name else "in no folder"
    problems.append(f"nothing is {where}")
    print("transom: the notes are lost", file=sys.stderr)
    print("transom: the notes are saved")
    raise WindowError(_GONE)


def _refused(name, why):
    return ValueError(f"the note {name}: {why}")


class Store:
    async def load(self, name, error):
        raise _refused(name, "it has no name of its own") from error

    def __getattr__(self, name):
        raise AttributeError(f"module has no attribute {name}")
"""
ERRORS = "class TransomError(Exception): ...\nclass WindowError(TransomError): ...\n"


@pytest.fixture(scope="module")
def texts() -> list[ErrorText]:
    """The texts of the package; they are read once."""
    return error_texts()


def read(folder: Path) -> set[tuple[str, str, str]]:
    (folder / "errors.py").write_text(ERRORS, "utf-8")
    (folder / "notes").mkdir()
    (folder / "notes" / "_notes.py").write_text(SOURCE, "utf-8")
    (folder / "wire" / "js").mkdir(parents=True)
    script = "throw new TypeError(`the call of ${names.map((each) => `${each}`)[0]} is lost`);\n"
    (folder / "wire" / "js" / "link.js").write_text(script + "console.warn('the page is behind');\n", "utf-8")
    return {(text.text, text.kind, str(text.raisers[0])) for text in error_texts(folder)}


def test_texts_are_found_in_every_form_in_which_they_are_written(tmp_path: Path) -> None:
    assert read(tmp_path) == {
        ("there are <count> notes too many", "NotesError", "notes._notes.NotesError.__init__"),
        (
            "the update cannot be installed: `<name>` has more than 12 parts; write fewer",
            "WindowError",
            "notes._notes.save",
        ),
        ("the window has gone away", "WindowError", "notes._notes.save"),
        ("the note <...> has <...> lines", "log", "notes._notes.save"),
        ("nothing is in the folder <name>", "ConfigError", "notes._notes.save"),
        ("nothing is in no folder", "ConfigError", "notes._notes.save"),
        ("transom: the notes are lost", "terminal", "notes._notes.save"),
        ("the note <name>: <why>", "ValueError", "notes._notes._refused"),
        ("the note <name>: it has no name of its own", "ValueError", "notes._notes.Store.load"),
        ("the call of <...> is lost", "browser", "wire.js.link"),
        ("the page is behind", "browser", "wire.js.link"),
    }


def wrong_things() -> list[BaseException]:
    """Return errors of a few rooms, as they come."""
    found: list[BaseException] = []
    builder = Builder().manage("state")

    def tried(make: object) -> None:
        assert callable(make)
        with pytest.raises((TransomError, TypeError, ValueError)) as raised:
            make()
        found.append(raised.value)

    tried(lambda: builder.manage("another state"))
    tried(lambda: builder.plugin(PluginBuilder("window").build()))
    tried(lambda: builder.limits(max_calls=0))
    tried(lambda: builder.client("v3"))  # type: ignore[arg-type]
    tried(lambda: generate_handler(len))
    tried(lambda: Image(b"1234", 4, 4))
    tried(lambda: builder.server(max_sessions=0))
    return found


def test_errors_that_come_are_in_the_list(texts: list[ErrorText]) -> None:
    unknown = [str(error) for error in wrong_things() if not any(text.matches(str(error)) for text in texts)]
    assert unknown == []


def test_a_text_is_found_without_reading_every_file(texts: list[ErrorText]) -> None:
    said = "transom: the menu item `notes` is not a child of this menu or submenu"
    wanted = [(text.text, text.kind) for text in texts if text.matches(said)]
    assert [(text.text, text.kind) for text in error_texts(said=said) if text.matches(said)] == wanted
    assert wanted == [("the menu item <id> is not a child of this menu or submenu", "MenuError")]


def test_a_text_of_too_few_letters_matches_nothing() -> None:
    assert not ErrorText("<name>: <reason>", "ConfigError", (Raiser("config", ""),)).matches("a: b")


def test_each_meaning_is_that_of_a_text(texts: list[ErrorText]) -> None:
    assert [part for part, _ in MEANINGS if not any(part in text.text for text in texts)] == []


def test_what_a_search_for_raise_finds_is_in_the_list(texts: list[ErrorText]) -> None:
    raised = re.compile(r'raise (\w+)\(\s*f?"([^"{}\\\n]{12,})["{]')
    other = {"AttributeError", "AssertionError", "NotImplementedError", "Unsupported"}  # its first argument is a name
    found = [
        " ".join(text.split())
        for path in (ROOT / "src" / "transom").rglob("*.py")
        if "explanations" not in path.parts
        for kind, text in raised.findall(path.read_text("utf-8"))
        if kind not in other and kind[0].isupper()
    ]
    known = "\n".join(text.text for text in texts)
    assert len(found) > 250
    assert [text for text in found if text not in known] == []


RULE_OR_FIX = re.compile(
    r"[;:]|\b(?:write|use|give|set|name|make|needs?|must|at (?:most|least)|has|have|cannot|is not|not \S+$|out of scope|(?:from|to|of) \d+)\b"
)


def test_a_text_says_a_rule_or_a_fix_or_has_a_page_or_a_meaning(texts: list[ErrorText]) -> None:
    bare = [
        text.text for text in texts if not (explanation_of(text.text) or text.meaning or RULE_OR_FIX.search(text.text))
    ]
    assert bare == [], (
        "name the thing, the rule and the fix in the text, or say its meaning in explanations/texts/_meanings.py"
    )


def test_every_text_is_on_the_page_under_a_subject_and_every_kind_is_described(texts: list[ErrorText]) -> None:
    page = tables(texts)
    rows = [line for line in page.splitlines() if line.startswith("| `")]
    assert len(rows) == len(texts) > 900
    assert all(row.replace("\\|", "").count("|") == 5 for row in rows)
    prose = PAGE.read_text("utf-8")
    assert PLACE in prose
    assert sorted({text.kind for text in texts if f"`{text.kind}`" not in prose}) == []
    assert sorted(subject for subject in SUBJECTS.values() if f"## {subject}\n" not in page) == []
