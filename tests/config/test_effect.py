"""Every field of the configuration is used, or listed as one without effect."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest

from transom.config import AppConfig, BuildConfig, Config, SecurityConfig
from transom.config._effect import UNUSED, USED, unused_fields
from transom.config._schema import CONFIG
from transom.config.rules._rules import Fields, Rule


def leaves(rule: Rule, path: str) -> Iterator[str]:
    """Yield the paths of the schema down to where a table covers them, or to its leaves."""
    if path in USED or path in UNUSED:
        yield path
        return
    tables = [rule] if isinstance(rule, Fields) else [r for r in getattr(rule, "rules", ()) if isinstance(r, Fields)]
    fields = [(name, child) for table in tables for name, child in table.fields.items()]
    if not fields:
        yield path
    for name, child in fields:
        yield from leaves(child, f"{path}.{name}" if path else name)


def test_every_field_of_the_schema_is_in_one_of_the_tables() -> None:
    assert isinstance(CONFIG, Fields)
    assert not USED & UNUSED
    assert set(leaves(CONFIG, "")) == USED | UNUSED


@pytest.mark.parametrize(
    ("kind", "path"), [(Config, ""), (AppConfig, "app."), (BuildConfig, "build."), (SecurityConfig, "app.security.")]
)
def test_every_used_field_is_kept(kind: type[msgspec.Struct], path: str) -> None:
    kept = {f"{path}{field.encode_name}" for field in msgspec.structs.fields(kind)}
    used = {name for name in USED - {"$schema"} if name.startswith(path) and "." not in name[len(path) :]}
    assert used <= kept


@pytest.mark.parametrize("value", [None, False, "", [], {}])
def test_a_field_that_is_as_good_as_missing_is_not_named(value: object) -> None:
    assert unused_fields({"mainBinaryName": value, "app": {"appDirectoriesOverride": value}}) == []


def test_fields_are_named_in_the_order_of_the_file_and_plugins_are_left_to_themselves() -> None:
    data = {
        "app": {"macOSPrivateApi": True},
        "plugins": {"bundle": {"a": 1}},
        "build": {"runner": "x"},
        "bundle": {"active": True},  # for `transom build`
    }
    assert unused_fields(data) == ["app.macOSPrivateApi", "build.runner"]
