from __future__ import annotations

from bench.__main__ import parse
from bench.plugins import Figure, Limits, measure, table
from tests.requirements import needs_npm_package, needs_webkitgtk, needs_xvfb


def test_the_option_chooses_the_plugins() -> None:
    options = parse(["--plugins", "--quick"])
    assert options.plugins
    assert options.json.name == "plugins-quick.json"
    assert not parse([]).plugins


def test_the_table_has_a_rate_where_bytes_were_moved() -> None:
    figures = [Figure("a", 2, 4 << 20, 1000.0), Figure("b", 4, 0, 10.0)]
    assert table(figures).splitlines()[2:] == ["| `a` | 500.00 | 4 |", "| `b` | 2.50 |  |"]


def test_figures_of_tauris_plugins_stand_beside_those_of_the_same_name() -> None:
    figures = [Figure("a", 2, 4 << 20, 1000.0), Figure("b", 4, 0, 10.0)]
    lines = table(figures, [Figure("a", 1, 1 << 20, 100.0)]).splitlines()[2:]
    assert lines == ["| `a` | 500.00 | 4 | 100.00 | 10 |", "| `b` | 2.50 |  |  |  |"]


def test_every_workload_is_measured() -> None:
    needs_webkitgtk()
    needs_xvfb()
    needs_npm_package("esbuild")
    figures = measure(Limits(largest=1 << 10, scale=0.01))
    names = "fs_write_1KiB fs_read_1KiB http_get_1KiB store_set shell_lines shell_raw"
    assert [figure.name for figure in figures] == names.split()
    assert all(figure.ms > 0 and figure.count > 0 for figure in figures)
