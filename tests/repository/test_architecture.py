"""`ARCHITECTURE.md` names what is there: its room table, and its table of where to add things."""

from __future__ import annotations

import re

from tests.repository.rooms import read_layers
from tests.repository.tree import ROOT, tables

PACKAGE = ROOT / "src" / "transom"
LATER = re.compile(r"\blater\b", re.IGNORECASE)
"""A row with this word names what does not exist yet."""


def read() -> str:
    return (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")


def table(first_cell: str) -> list[list[str]]:
    """Return the rows of the table whose header begins with a word."""
    (found,) = [t for t in tables(read()) if t[0][0].lower() == first_cell]
    return found[1:]


def paths_in(cell: str) -> list[str]:
    """Return what a cell names in backticks that is a path: with a slash, or with the ending of a file."""
    return [
        name
        for name in re.findall(r"`([^`]+)`", cell)
        if re.fullmatch(r"[\w./*-]+", name) and ("/" in name or "." in name)
    ]


def exists(name: str) -> bool:
    # A room is named as its readers see it, from the package on; everything else from the repository's root.
    return any(any(base.glob(name.rstrip("/"))) for base in (ROOT, PACKAGE))


def room_in(cell: str) -> str:
    return cell.strip("` ").rstrip("/").removesuffix(".py")


def test_the_room_table_and_the_line_name_the_same_rooms() -> None:
    line = [room for layer in read_layers(read()) for room in layer]
    assert sorted(room_in(row[0]) for row in table("room")) == sorted(line)


def test_every_room_of_the_table_is_there() -> None:
    rooms = {room_in(row[0]): " ".join(row) for row in table("room")}
    there = {name for name in rooms if (PACKAGE / name / "__init__.py").is_file() or (PACKAGE / f"{name}.py").is_file()}
    assert [name for name, row in rooms.items() if name not in there and not LATER.search(row)] == []


def test_every_path_in_the_tables_is_there() -> None:
    rows = [row for rows in tables(read()) for row in rows[1:] if not LATER.search(" ".join(row))]
    assert [name for row in rows for cell in row for name in paths_in(cell) if not exists(name)] == []


def test_where_to_add_names_a_place_in_every_row() -> None:
    rows = table("to add")
    assert rows
    assert [row[0] for row in rows if not LATER.search(" ".join(row)) and not any(map(paths_in, row[1:]))] == []


def test_it_is_one_page() -> None:
    assert len(read().splitlines()) <= 170


def test_paths_are_told_from_other_code_in_a_cell() -> None:
    assert paths_in("a row in `core/_extract.py`, `App.run()`, `wire/js/*.js` and `State`") == [
        "core/_extract.py",
        "wire/js/*.js",
    ]


def test_tables_are_read_with_their_headers() -> None:
    text = "x\n\n| a | b |\n|---|:-:|\n| 1 | `x\\|y` |\n\n| c |\n|---|\n"
    assert tables(text) == [[["a", "b"], ["1", "`x|y`"]], [["c"]]]
