"""The benchmark of bundles."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bench.__main__ import parse
from bench._systems import NotMeasured
from bench.bundle import Start, table
from bench.bundle._run import _time_of


def test_the_option_chooses_the_bundles() -> None:
    options = parse(["--bundle", "--rounds", "7"])
    assert (options.bundle, options.rounds, options.json.name) == (True, 7, "bundle.json")
    assert not parse([]).bundle


def test_the_table_has_sizes_of_bundles() -> None:
    figures = [Start("from source", (1.0, 3.0, 2.0)), Start("bundle", (4.0,), 30.04, 10.0)]
    assert table(figures).splitlines()[2:] == [
        "| from source | 3 | 2 | 1-3 |  |  |",
        "| bundle | 1 | 4 | 4-4 | 30.0 | 10.0 |",
    ]


def test_a_start_ends_with_the_call_of_the_page(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text("import time; print('ready', flush=True); time.sleep(600)")
    assert _time_of([sys.executable, str(program)], {}) > 0
    program.write_text("print('something else')")
    with pytest.raises(NotMeasured, match="did not call"):
        _time_of([sys.executable, str(program)], {})
