from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transom.acl.patterns._label_glob import LabelGlob
from transom.errors import ConfigError

ODD = st.text("ab*?[]!^-\\/.\n", max_size=8)


@pytest.mark.parametrize(
    ("pattern", "label", "fits"),
    [
        ("main", "main", True),
        ("main", "main-2", False),
        ("main", "Main", False),
        ("main", "main\n", False),
        ("details-*", "details-3", True),
        ("details-*", "details-", True),
        ("details-*", "my-details-3", False),
        ("*", "a/b", True),
        ("*", ".hidden", True),
        ("*", "", True),
        ("**", "a/b", True),
        ("w?", "w1", True),
        ("w?", "w", False),
        ("w[0-3]", "w2", True),
        ("w[0-3]", "w4", False),
        ("w[!0-3]", "w4", True),
        ("w[!0-3]", "w2", False),
        ("w[^a]", "w^", True),
        ("w[^a]", "wb", False),
        ("[]]", "]", True),
        ("[!]]", "a", True),
        ("a\\*", "a\\bc", True),
        ("[*][*]", "**", True),
        ("win[0-9]*[a-z]*[0-9]", "win1-b2", True),
        ("{a,b}", "a", False),
        ("!main", "other", False),
    ],
)
def test_a_glob_means_what_tauris_means(pattern: str, label: str, fits: bool) -> None:
    assert LabelGlob(pattern).matches(label) is fits


@pytest.mark.parametrize("pattern", ["[", "main[", "[]", "[!]", "a[!", "[a][b"])
def test_a_bracket_that_is_never_closed_is_refused(pattern: str) -> None:
    with pytest.raises(ConfigError, match="^failed to run glob: the `\\[` in .* is never closed"):
        LabelGlob(pattern)


@pytest.mark.parametrize("pattern", ["a**", "**/a", "***"])
def test_two_stars_inside_a_pattern_are_refused(pattern: str) -> None:
    with pytest.raises(ConfigError, match="^failed to run glob: .* it crosses `/` in labels"):
        LabelGlob(pattern)


@given(ODD, ODD)
def test_a_label_written_letter_by_letter_fits_itself_alone(label: str, other: str) -> None:
    glob = LabelGlob("".join(f"[{letter}]" if letter in "*?[" else letter for letter in label))
    assert glob.matches(label)
    assert glob.matches(other) is (label == other)


@given(ODD)
def test_any_pattern_is_a_glob_or_refused(pattern: str) -> None:
    with suppress(ConfigError):
        assert LabelGlob(pattern).matches("main") in (True, False)
