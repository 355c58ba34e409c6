"""Names in another case, by serde's rules: what `rename_all` and `rename_all_fields` mean in Rust they mean here."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Literal, TypeAlias

from ...names import to_camel_case

__all__ = ["RenameRule", "rename_field", "rename_variant"]

RenameRule: TypeAlias = Literal[
    "lowercase",
    "UPPERCASE",
    "PascalCase",
    "camelCase",
    "snake_case",
    "SCREAMING_SNAKE_CASE",
    "kebab-case",
    "SCREAMING-KEBAB-CASE",
]

# How serde renames what Rust writes in snake_case.
_FROM_SNAKE: dict[RenameRule, Callable[[str], str]] = {
    "lowercase": lambda name: name,
    "UPPERCASE": str.upper,
    "PascalCase": lambda name: "".join(part[:1].upper() + part[1:] for part in name.split("_")),
    "camelCase": to_camel_case,
    "snake_case": lambda name: name,
    "SCREAMING_SNAKE_CASE": str.upper,
    "kebab-case": lambda name: name.replace("_", "-"),
    "SCREAMING-KEBAB-CASE": lambda name: name.upper().replace("_", "-"),
}


def rename_field(name: str, rule: RenameRule | None) -> str:
    """Return the key of a field, whose name is in snake_case."""
    return name if rule is None else _FROM_SNAKE[rule](name)


def rename_variant(name: str, rule: RenameRule | None) -> str:
    """Return the tag of a variant, whose name is in PascalCase."""
    if rule is None or rule == "PascalCase":
        return name
    if rule in ("lowercase", "UPPERCASE"):
        return name.lower() if rule == "lowercase" else name.upper()
    if rule == "camelCase":
        return _lower_first(name)
    return _FROM_SNAKE[rule](re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower())


def _lower_first(name: str) -> str:
    return name[:1].lower() + name[1:]
