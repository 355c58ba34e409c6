"""`docs/security.md`: every row of its tables names a test that there is, and the bounds are those of the code."""

from __future__ import annotations

import re

import pytest

from tests.repository.tree import ROOT, tables, text_of, tracked_files
from transom.pages import QueueLimits

PAGE = (ROOT / "docs" / "security.md").read_text("utf-8")
ATTACKS = [row for table in tables(PAGE) if table[0][0] == "attack or fault" for row in table[1:]]
[BOUNDS] = [table[1:] for table in tables(PAGE) if table[0][:2] == ["what", "bound"]]
# Where no test can hold a row, because it is a decision with a reason. Add here to have another.
NOT_HELD = {
    "a web process that an attacker controls",
}


def _tests() -> set[str]:
    found: set[str] = set()
    for path in tracked_files():
        if path.suffix == ".py" and "tests" in path.relative_to(ROOT).parts:
            found |= set(re.findall(r"def (test_\w+)", text_of(path) or ""))
    return found


@pytest.mark.parametrize("rows", [ATTACKS, BOUNDS], ids=["attacks", "bounds"])
def test_every_row_names_a_test_that_there_is(rows: list[list[str]]) -> None:
    known = _tests()
    named = {row[0]: re.findall(r"test_\w+", row[-1]) for row in rows if row[0] not in NOT_HELD}
    assert [what for what, tests in named.items() if not tests] == []
    assert [test for tests in named.values() for test in tests if test not in known] == []


def test_no_cell_is_empty() -> None:
    assert [row for row in [*ATTACKS, *BOUNDS] if not all(row)] == []


def test_every_limit_of_the_builder_has_its_row_with_its_default() -> None:
    rows = {row[2]: row[1] for row in BOUNDS}
    text = " ".join(f"{setting} {bound}" for setting, bound in rows.items())
    fields = [name for name in QueueLimits.__annotations__ if name.startswith("max_")]
    assert [name for name in fields if f"`{name}`" not in text and f"`{name}=" not in text and name not in text] == []
    for name in ("max_calls", "max_listeners", "max_resources", "max_channels"):
        default = f"{getattr(QueueLimits(), name):,}"
        assert any(name in row[2] and row[1].startswith(default) for row in BOUNDS), name
