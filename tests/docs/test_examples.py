"""Every Python example of the documentation runs, and what the text says of it holds."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest

from transom import Builder, generate_handler
from transom.errors import CommandError

ROOT = Path(__file__).parents[2]
FILES = ("README.md", "docs/guide.md")
EXAMPLE = re.compile(r"```python\n(.*?)```", re.DOTALL)
EXAMPLES = [
    (file, number, code) for file in FILES for number, code in enumerate(EXAMPLE.findall((ROOT / file).read_text()))
]


def run(code: str) -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "example"}
    exec(compile(code, "example", "exec"), names)
    return names


def example_with(name: str) -> dict[str, Any]:
    [code] = [code for _, _, code in EXAMPLES if f"def {name}(" in code]
    return run(code)


@pytest.mark.parametrize(("file", "number", "code"), EXAMPLES, ids=[f"{file}-{number}" for file, number, _ in EXAMPLES])
def test_an_example_runs_and_its_commands_can_be_registered(file: str, number: int, code: str) -> None:
    names = run(code)
    commands = [value for value in names.values() if hasattr(value, "__transom_command__")]
    assert commands, f"example {number} of {file} shows no command"
    Builder().invoke_handler(generate_handler(*commands))


def test_a_command_is_still_a_function() -> None:
    greet = example_with("greet")["greet"]
    assert greet("Ada") == "Hello, Ada."
    assert greet("Ada", excited=True) == "Hello, Ada!"


def test_errors_carry_what_the_guide_says() -> None:
    open_note = example_with("open_note")["open_note"]
    with pytest.raises(CommandError) as plain:
        open_note("secret")
    assert plain.value.value == "not for you"
    with pytest.raises(CommandError) as typed:
        open_note("a.txt")
    assert typed.value.value == {"kind": "notFound", "path": "a.txt"}


def test_the_readme_counts_words(tmp_path: Path) -> None:
    class Progress:
        def __init__(self) -> None:
            self.sent: list[int] = []

        def send(self, line: int) -> None:
            self.sent.append(line)

    names = example_with("count_words")
    notes = tmp_path / "notes.txt"
    notes.write_text("one two\nthree\n")
    progress = Progress()
    assert asyncio.run(names["count_words"](str(notes), progress)) == {"words": 3}
    assert progress.sent == [0, 1]
    with pytest.raises(CommandError):
        asyncio.run(names["count_words"](str(tmp_path / "none"), progress))
