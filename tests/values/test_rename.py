from __future__ import annotations

from typing import Any

import pytest

from transom.names import to_camel_case
from transom.values.tagged._rename import rename_field, rename_variant

# serde's documentation and tests: the rule, a variant's name and a field's under it.
CASES: list[tuple[Any, str, str]] = [
    (None, "VeryTasty", "very_tasty"),
    ("lowercase", "verytasty", "very_tasty"),
    ("UPPERCASE", "VERYTASTY", "VERY_TASTY"),
    ("PascalCase", "VeryTasty", "VeryTasty"),
    ("camelCase", "veryTasty", "veryTasty"),
    ("snake_case", "very_tasty", "very_tasty"),
    ("SCREAMING_SNAKE_CASE", "VERY_TASTY", "VERY_TASTY"),
    ("kebab-case", "very-tasty", "very-tasty"),
    ("SCREAMING-KEBAB-CASE", "VERY-TASTY", "VERY-TASTY"),
]


@pytest.mark.parametrize(("rule", "variant", "field"), CASES)
def test_names_are_what_serde_makes_of_them(rule: Any, variant: str, field: str) -> None:
    assert rename_variant("VeryTasty", rule) == variant
    assert rename_field("very_tasty", rule) == field


@pytest.mark.parametrize(
    ("rule", "expected"), [("snake_case", "a"), ("camelCase", "a"), ("PascalCase", "A"), ("kebab-case", "a")]
)
def test_one_letter(rule: Any, expected: str) -> None:
    assert rename_variant("A", rule) == expected
    assert rename_field("a", rule) == expected


def test_every_capital_of_a_variant_begins_a_word() -> None:
    assert rename_variant("HTTPError", "snake_case") == "h_t_t_p_error"
    assert rename_variant("Z42", "kebab-case") == "z42"


def test_camel_case_is_the_one_rule_of_all_names() -> None:
    assert rename_field("file_URL", "camelCase") == to_camel_case("file_URL") == "fileUrl"
