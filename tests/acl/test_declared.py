from __future__ import annotations

import pytest

from tests.acl.core_permissions import core_manifests
from transom.acl import APP_ACL_KEY, Commands, Permission
from transom.acl._declared import Declared
from transom.acl.manifests._manifest import Manifest, with_manifest

FS = Manifest(
    commands=("read_file", "stat", "open_"),
    default=("read-all",),
    sets={
        "read-all": ("allow-read-file",),
        "all": ("read-all", "allow-stat", "both"),
        "broken": ("allow-read-file", "allow-raed"),
    },
    permissions={
        "both": Permission(identifier="both", commands=Commands(allow=("read_file", "hidden"))),
        "allow-stat": Permission(identifier="allow-stat", commands=Commands(allow=("read_file",))),
        "not": Permission(identifier="not", commands=Commands(deny=("stat",))),
    },
)
HTTP = Manifest(
    sets={"some": ("allow-fetch",)},
    permissions={
        "both": FS.permissions["both"],
        "allow-odd": Permission(identifier="allow-odd", commands=Commands(allow=("even",))),
    },
)


def declared(**more: Manifest) -> Declared:
    manifests = core_manifests()
    for plugin, manifest in {"fs": FS, "http": HTTP, **more}.items():
        manifests = with_manifest(manifests, plugin, manifest)
    return Declared(manifests)


@pytest.mark.parametrize(
    ("command", "key"),
    [
        ("scan", APP_ACL_KEY),
        ("", APP_ACL_KEY),
        ("plugin:fs|stat", "fs"),
        ("plugin:fs", "fs"),
        ("plugin:event|emit", "core:event"),
        ("plugin:tray|set_title", None),
        ("plugin:", None),
        ("plugin:core|emit", None),
        ("plugin:core:event|emit", None),
        (f"plugin:{APP_ACL_KEY}|scan", None),
    ],
)
def test_a_command_belongs_to_the_plugin_that_its_name_says(command: str, key: str | None) -> None:
    assert declared().key(command) == key


@pytest.mark.parametrize(
    ("command", "permissions"),
    [
        ("plugin:fs|read_file", ["all", "allow-read-file", "allow-stat", "both", "default", "read-all"]),
        ("plugin:fs|read-file", ["all", "allow-read-file", "allow-stat", "both", "default", "read-all"]),
        ("plugin:fs|hidden", ["all", "both"]),
        ("plugin:fs|stat", []),
        ("plugin:fs|open_", []),
        ("plugin:fs|shout", []),
        ("plugin:fs|", []),
        ("plugin:http|fetch", ["allow-fetch", "some"]),
        ("plugin:http|read_file", ["allow-read-file", "both"]),
        ("plugin:http|anything", ["allow-anything"]),
        ("plugin:http|odd", []),
        ("plugin:http|even", ["allow-even", "allow-odd"]),
        ("plugin:http|a b", []),
        ("plugin:http|a|b", []),
        ("plugin:http|", []),
        ("plugin:none|fetch", []),
    ],
)
def test_the_permissions_that_allow_a_command_are_found(command: str, permissions: list[str]) -> None:
    plugin = command.removeprefix("plugin:").partition("|")[0]
    assert declared().permissions(command) == tuple(f"{plugin}:{name}" for name in permissions)


@pytest.mark.parametrize(
    ("command", "exists"),
    [
        ("plugin:fs|read_file", True),
        ("plugin:fs|read-file", True),
        ("plugin:fs|hidden", True),
        ("plugin:fs|stat", True),
        ("plugin:fs|open_", True),
        ("plugin:fs|shout", False),
        ("plugin:fs|", False),
        ("plugin:http|anything", True),
        ("plugin:http|a b", True),
        ("plugin:none|fetch", False),
        ("scan", True),
    ],
)
def test_a_command_may_exist_unless_its_plugin_lists_others_only(command: str, exists: bool) -> None:
    assert declared().has(command) is exists


def test_those_of_the_application_have_no_prefix() -> None:
    assert declared().permissions("read_it") == ("allow-read-it",)
    own = {APP_ACL_KEY: Manifest(commands=("scan",), sets={"tools": ("allow-scan",)})}
    assert declared(**own).permissions("scan") == ("allow-scan", "tools")
    assert declared(**own).permissions("read_it") == ()


def test_names_that_a_page_makes_up_are_not_kept() -> None:
    known = declared()
    before = len(known.permissions("plugin:http|fetch"))
    sizes = set()
    for number in range(100):
        assert known.permissions(f"plugin:http|n{number}") == (f"http:allow-n{number}",)
        assert known.permissions(f"plugin:n{number}|fetch") == ()
        sizes.add(sum(map(len, known._indexes.values())) + len(known._indexes))
    assert (before, len(sizes)) == (2, 1)
