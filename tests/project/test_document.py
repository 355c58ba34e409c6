from __future__ import annotations

from pathlib import Path

import pytest

from transom.config import Problem
from transom.errors import ConfigError
from transom.project._document import Document


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("a.json", '{\n  "a": 1,\n  "b": [\n    2\n  ]\n}', 4),
        ("a.json5", "{\n  // c\n  a: 1,\n  b: [2,],\n}", 4),
        ("a.toml", "a = 1\nb = [\n  2,\n]\n", 3),
    ],
)
def test_a_file_is_read_by_its_suffix_and_knows_its_lines(tmp_path: Path, name: str, text: str, line: int) -> None:
    path = tmp_path / name
    path.write_text(text)
    document = Document.read(path)
    assert document.value == {"a": 1, "b": [2]}
    assert document.where(("b", 0, "deeper", 7)) == f"{path}:{line}"
    assert document.problems([Problem(("b", 0), "wrong")]) == [(str(path), line, "b[0]: wrong")]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.json", " \n", ":1: the file is empty; write something into it, or remove it"),
        ("a.json", '{\n"a": 1,\n}', ":3: not valid JSON at column 1: expected a key, found `}`; remove the comma before it"),
        ("a.json", '{"a": 1,\n// c\n"b": 2}', ":2: not valid JSON at column 1: expected a key in double quotes, found `//`; JSON has no comments; remove it"),
        ("a.json", '{"a": 1,\n"a": 2}', ":2: a: this key is already on line 1; remove one of the two"),
        ("a.json5", "{\na: 1\nb: 2}", ':3: not valid JSON at column 1: expected `,` or `}`, found "b"; write the missing comma before it'),
        ("a.toml", "a = 1\nb = \n", ":2: not valid TOML at column 5: Invalid value"),
        ("a.toml", 'a = "', ": not valid TOML: Unterminated string (at end of document)"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_with_its_line(name: str, text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Document.decode(text, name)
    assert str(caught.value) == name + message


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="the file cannot be read: No such file"):
        Document.read(tmp_path / "a.json")
