from __future__ import annotations

import sqlite3
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transom.errors import CommandError
from transom.plugins.sql._statement import filled, statements


@pytest.mark.parametrize(
    ("query", "values", "result"),
    [
        ("SELECT ?, ?", [1, 2], [("SELECT ?, ?", [1, 2])]),
        ("SELECT $2, $1, $2", [1, 2], [("SELECT ?, ?, ?", [2, 1, 2])]),
        ("SELECT ?2, ?", [1, 2], [("SELECT ?, ?", [2, 1])]),
        ("SELECT $3", [1], [("SELECT ?", [None])]),
        (
            "SELECT '?', \"?\", `?`, [?], a$1 -- ?\n, ? /* ? */",
            [1],
            [("SELECT '?', \"?\", `?`, [?], a$1 -- ?\n, ? /* ? */", [1])],
        ),
        ("SELECT 'it''s ?' , ?", [1], [("SELECT 'it''s ?' , ?", [1])]),
        ("A ?; B ?;", [1, 2], [("A ?;", [1]), (" B ?;", [2])]),
        (" ; -- nothing\n;", [], []),
        ("", [], []),
        (
            "CREATE TEMP TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; SELECT 2; END; SELECT 3",
            [],
            [("CREATE TEMP TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; SELECT 2; END;", []), (" SELECT 3", [])],
        ),
    ],
)
def test_statements_of_sqlite(query: str, values: list[Any], result: Any) -> None:
    assert list(statements(query, values)) == result


@pytest.mark.parametrize("parameter", [":a", "@a", "$a", "?0", "$70000", "$1a", "$²", "?99999999999999999999"])
def test_a_parameter_without_a_number_is_refused(parameter: str) -> None:
    with pytest.raises(CommandError, match="unsupported SQL parameter format"):
        list(statements(f"SELECT {parameter}", [1]))


@given(st.text(st.sampled_from("'\"`[]-/*?;$1aBEGIN \n\\"), max_size=30))
def test_no_text_is_lost(query: str) -> None:
    try:
        found = "".join(statement for statement, _ in statements(query, []))
    except CommandError:
        return
    rest = query
    for character in found.replace("?", ""):
        at = rest.find(character)
        assert at >= 0
        rest = rest[at + 1 :]


@given(st.lists(st.sampled_from(["'a;''b'", '"c;"', "-- x;\n", "/* ; */", "1", " ", "`d;`"]), max_size=6))
def test_a_statement_ends_where_sqlite_says_so(parts: list[str]) -> None:
    text = "SELECT " + " ".join(parts) + " ;"
    first, *rest = [statement for statement, _ in statements(f"{text} SELECT 2;", [])]
    assert first == text
    assert sqlite3.complete_statement(first)
    assert rest == [" SELECT 2;"]


def test_literals_for_mysql() -> None:
    text = "SELECT ?, 'a\\'?', \"?\", `?`, # ?\n -- ?\n /* ? */ --?"
    assert filled(text, [1, 2], repr, backslash=True) == text.replace("?", "1", 1)[:-1] + "2"
    assert filled("'\\' ?", [1], repr, backslash=False) == "'\\' 1"
    assert filled("SELECT '50%'", [], repr, backslash=True) == "SELECT '50%'"
    for values in ([], [1, 2]):
        with pytest.raises(CommandError, match="has 1 parameters, and there are"):
            filled("?", values, repr, backslash=True)


@given(st.text(st.sampled_from("'\"`-#/* \n\\"), max_size=30))
def test_what_is_no_parameter_is_not_changed(query: str) -> None:
    for backslash in (True, False):
        assert filled(query, [], repr, backslash=backslash) == query
