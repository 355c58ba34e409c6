"""Tests of places in a document."""

from __future__ import annotations

import pytest

from transom.config.rules._place import ROOT, Place, show_place


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        (ROOT, "the file"),
        (("identifier",), "identifier"),
        (("app", "windows", 0, "title"), "app.windows[0].title"),
        (("$schema",), "$schema"),
        (("app", "security", "headers", "X-Content-Type-Options"), "app.security.headers.X-Content-Type-Options"),
        (("plugins", "a.b", "c d"), 'plugins["a.b"]["c d"]'),
        ((0, "a"), "[0].a"),
    ],
)
def test_a_place_is_shown_as_a_dotted_path(place: Place, shown: str) -> None:
    assert show_place(place) == shown
