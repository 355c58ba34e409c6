from __future__ import annotations

import pytest

from transom.acl.manifests._identifier import APP_ACL_KEY, command_key, parse_identifier, split_command
from transom.errors import ConfigError


@pytest.mark.parametrize(
    ("text", "key", "name"),
    [
        ("allow-scan", APP_ACL_KEY, "allow-scan"),
        ("fs:default", "fs", "default"),
        ("clipboard-manager:allow-read-text", "clipboard-manager", "allow-read-text"),
        ("core:default", "core", "default"),
        ("core:event:allow-listen", "core:event", "allow-listen"),
        ("Upper:Case9", "Upper", "Case9"),
        ("a--b", APP_ACL_KEY, "a--b"),
        ("p" * 51 + ":" + "n" * 64, "p" * 51, "n" * 64),
    ],
)
def test_an_identifier_is_taken_apart_at_its_last_colon(text: str, key: str, name: str) -> None:
    identifier = parse_identifier(text)
    assert identifier == (key, name)
    assert str(identifier) == text


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "identifiers cannot be empty"),
        ("tauri-plugin-fs:default", "identifiers cannot start with tauri-plugin-"),
        ("a" * 117, "identifiers cannot be longer than 116, found 117"),
        ("é" * 59, "identifiers cannot be longer than 116, found 118"),
        ("allow-", "identifiers cannot have a trailing hyphen"),
        ("fs:", "identifiers cannot have a prefix without a base"),
        ("fs:allow:read", "identifiers can only include a single separator ':'"),
        ("-allow", "identifiers can only include ASCII letters"),
        (":allow", "identifiers can only include ASCII letters"),
        ("fs-:allow", "identifiers can only include ASCII letters"),
        ("fs:-allow", "identifiers can only include ASCII letters"),
        ("allow-read_file", "write a command's name with `-` for `_`"),
        ("allow scan", "identifiers can only include ASCII letters"),
        ("allow-scan\n", "identifiers can only include ASCII letters"),
        ("allow-\udcff1", "identifiers can only include ASCII letters"),
    ],
)
def test_what_is_no_identifier_is_refused_with_the_rule(text: str, sentence: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_identifier(text)
    assert str(caught.value).startswith(f"invalid permission identifier '{text}': ")
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("permission", "command", "whole"),
    [
        ("allow-scan", "read_file", "read_file"),
        ("fs:allow-x", "read_file", "plugin:fs|read_file"),
        ("core:event:allow-x", "emit_to", "plugin:event|emit_to"),
    ],
)
def test_a_permissions_commands_are_called_by_the_plugins_name(permission: str, command: str, whole: str) -> None:
    assert parse_identifier(permission).command_key(command) == command_key(whole)


def test_a_command_is_known_by_its_name_but_a_plugin_exactly() -> None:
    assert command_key("read_file") == command_key("read-file") == "read-file"
    assert command_key("plugin:a_b|read_file") == command_key("plugin:a_b|read-file") == "plugin:a_b|read-file"
    assert command_key("plugin:my_plugin|x") != command_key("plugin:my-plugin|x")
    assert command_key("plugin:my_plugin") != command_key("plugin:my_plugin|")


@pytest.mark.parametrize(
    ("command", "parts"),
    [
        ("scan", (None, "scan")),
        ("a|b", (None, "a|b")),
        ("plugin:event|emit", ("event", "emit")),
        ("plugin:event", ("event", "")),
        ("plugin:a|b|c", ("a", "b|c")),
        ("plugin:", ("", "")),
    ],
)
def test_names_split_into_plugin_and_command(command: str, parts: tuple[str | None, str]) -> None:
    assert split_command(command) == parts
