"""The measurement of the inspector's cost."""

from __future__ import annotations

from bench._inspected import measure


def test_both_kinds_of_pages_are_measured() -> None:
    figures = measure(rounds=1)
    assert set(figures) == {"call", "channel message"}
    assert all(plain > 0 and observed > 0 for plain, observed in figures.values())
