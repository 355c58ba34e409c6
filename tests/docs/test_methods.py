"""The section of Tauri's public methods says what the classes say."""

from __future__ import annotations

import pytest

import transom
from tests.docs.method_table import DOCUMENT, OTHERWISE, TAURIS, rows, section


def test_the_section_is_what_the_classes_say() -> None:
    text = DOCUMENT.read_text("utf-8")
    assert text.endswith(section()), "write it again with `python -m tests.docs.method_table`"


@pytest.mark.parametrize("name", TAURIS)
def test_every_method_has_an_equivalent_or_a_reason(name: str) -> None:
    table = rows(name)
    assert len(table) == len(set(TAURIS[name].split()))
    assert all(what for _, what in table)


def test_no_reason_stands_for_what_is_there() -> None:
    needless = []
    for key in OTHERWISE:
        kind, _, method = key.rpartition(".")
        kinds = [kind] if kind else [name for name in TAURIS if method in TAURIS[name].split()]
        assert kinds, f"{key} is no method of Tauri's"
        if not kind and all(callable(getattr(getattr(transom, name), method, None)) for name in kinds):
            needless.append(key)
    assert needless == []
