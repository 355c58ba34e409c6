"""Names as they are shown."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas._names import EXTENSIONS, KIND_OF, kind_of, printable


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("plain.txt", "plain.txt"),
        (os.fsdecode(b"caf\xe9"), "caf\\xe9"),
        ("two\nlines", "two\u240alines"),
        ("exe.\u202egpj", "exe.\\u202egpj"),
        ("<b>&amp;", "<b>&amp;"),
    ],
)
def test_names_are_shown_so_that_they_can_be_read(name: str, shown: str) -> None:
    assert printable(name) == shown


@given(st.binary(min_size=1))
def test_any_bytes_become_text_that_can_be_sent(raw: bytes) -> None:
    shown = printable(os.fsdecode(raw))
    shown.encode()
    assert all(character >= " " for character in shown)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.PNG", "image"),
        ("lib.so", "program"),
        ("libc.so.6", "program"),
        ("README", "other"),
        (".bashrc", "other"),
        ("a.tar.gz", "archive"),
    ],
)
def test_a_kind_comes_from_the_extension(name: str, kind: str) -> None:
    assert kind_of(name) == kind


def test_an_extension_has_one_kind() -> None:
    assert len(KIND_OF) == sum(len(words.split()) for words in EXTENSIONS.values())
