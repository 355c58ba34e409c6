"""The section of Tauri's public methods says what the classes say."""

from __future__ import annotations

import re

import pytest

from tests.docs.method_table import DOCUMENT, OTHERWISE, TAURIS, TITLE, rows, section

TEXT = DOCUMENT.read_text("utf-8").partition(TITLE)[2]


def part(name: str) -> str:
    """Return what the document says of a type."""
    return re.split(r"^### ", TEXT, flags=re.MULTILINE)[1 + list(TAURIS).index(name)]


@pytest.mark.parametrize("name", TAURIS)
def test_the_document_names_every_method_and_claims_none_that_is_not_there(name: str) -> None:
    same, _, table = part(name).partition("| Tauri | transom |")
    claimed = set(re.findall(r"`(\w+)`", same))
    others = set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE))
    assert claimed <= {method for method, what in rows(name) if what == "yes"}, "python -m tests.docs.method_table"
    assert claimed | others == set(TAURIS[name].split())


@pytest.mark.parametrize("name", TAURIS)
def test_every_method_has_an_equivalent_or_a_reason(name: str) -> None:
    table = rows(name)
    assert len(table) == len(set(TAURIS[name].split()))
    assert all(what for _, what in table)


def test_a_reason_is_for_a_method_of_tauris() -> None:
    for key in OTHERWISE:
        kind, _, method = key.rpartition(".")
        assert any(method in TAURIS[name].split() for name in ([kind] if kind else TAURIS)), key
    assert section().startswith(TITLE)
