from __future__ import annotations

from collections.abc import Mapping

import msgspec
import pytest

from tests.acl.core_permissions import core_manifests
from transom import acl
from transom.acl import Commands, Permission, Scopes
from transom.acl.manifests._identifier import APP_ACL_KEY, parse_identifier
from transom.acl.manifests._manifest import Manifest, find, with_manifest
from transom.errors import ConfigError

FS = Manifest(
    commands=("read_file", "write_file", "stat"),
    default=("read-all", "scope-home"),
    sets={"read-all": ("allow-read-file", "allow-stat"), "loop": ("loop2", "allow-stat"), "loop2": ("loop",)},
    permissions={"scope-home": Permission(identifier="scope-home", scope=Scopes(allow=("$HOME",)))},
)


def manifests(**more: Manifest) -> Mapping[str, Manifest]:
    known = with_manifest(core_manifests(), "fs", FS)
    for plugin, manifest in more.items():
        known = with_manifest(known, plugin, manifest)
    return known


def found(identifier: str, known: Mapping[str, Manifest] | None = None) -> list[str]:
    known = manifests() if known is None else known
    return [str(name) for name, _ in find(known, parse_identifier(identifier))]


def test_a_command_has_a_permission_that_allows_and_one_that_denies() -> None:
    (_, allow), (_, deny) = (
        *find(manifests(), parse_identifier("fs:allow-read-file")),
        *find(manifests(), parse_identifier("fs:deny-read-file")),
    )
    assert (allow.commands, deny.commands) == (Commands(allow=("read-file",)), Commands(deny=("read-file",)))


def test_without_a_list_of_commands_every_name_has_its_permissions() -> None:
    assert found("allow-anything") == ["allow-anything"]
    assert found("http:deny-fetch", manifests(http=Manifest())) == ["http:deny-fetch"]


def test_sets_are_taken_apart_all_the_way_and_count_once() -> None:
    assert found("fs:default") == ["fs:allow-read-file", "fs:allow-stat", "fs:scope-home"]
    assert found("fs:loop") == ["fs:allow-stat"]


def test_a_set_may_name_permissions_of_another_plugin() -> None:
    assert found("all", manifests(**{APP_ACL_KEY: Manifest(sets={"all": ("fs:read-all", "allow-scan")})})) == [
        "fs:allow-read-file",
        "fs:allow-stat",
        "allow-scan",
    ]


def test_the_core_defaults_are_those_of_every_core_plugin() -> None:
    events = [f"core:event:allow-{name}" for name in ("emit", "emit-to", "listen", "unlisten")]
    assert found("core:event:default") == events
    assert found("core:resources:default") == ["core:resources:allow-close"]
    path = Manifest(commands=("join",), default=("allow-join",))
    known = found("core:default")
    assert {*events, "core:resources:allow-close"} <= set(known)
    assert found("core:default", manifests(**{"core:path": path})) == [*known, "core:path:allow-join"]


def test_core_plugins_may_be_named_as_before_tauri_2_0() -> None:
    assert found("event:default") == found("core:event:default")
    assert found("window:allow-close") == ["core:window:allow-close"]


def test_a_plugin_without_a_default_has_an_empty_one() -> None:
    assert found("http:default", manifests(http=Manifest())) == []


@pytest.mark.parametrize(
    ("identifier", "sentence"),
    [
        ("fss:default", "unknown ACL for fss; did you mean `fs`?"),
        ("core:windw:default", "unknown ACL for core:windw; did you mean `core:window`?"),
        ("xyz:default", "unknown ACL for xyz, expected one of app manifest, core, core:event, core:resources, "),
        ("xyz:default", "; is this plugin added with Builder.plugin(...), and available in this version of transom?"),
        (
            "core:menu:allow-new",
            "unknown ACL for core:menu, expected one of app manifest, core, core:event, ",
        ),
        ("core:menu:allow-new", "; this plugin is not available in this version of transom"),
        (
            "core:window:allow-set-title",
            "; this version of transom does not have this permission of Tauri",
        ),
        ("fs:allow-raed-file", "unknown permission allow-raed-file for fs; did you mean `fs:allow-read-file`?"),
        ("fs:deny-writefile", "unknown permission deny-writefile for fs; did you mean `fs:deny-write-file`?"),
        ("fs:read-al", "unknown permission read-al for fs; did you mean `fs:read-all`?"),
        ("fs:xyz", "there are allow-<command> and deny-<command> for every command, and default, read-all, loop"),
        ("core:event:allow-lisen", "did you mean `core:event:allow-listen`?"),
        ("core:allow-listen", "unknown permission allow-listen for core"),
        ("allow", "unknown permission allow for app manifest"),
        ("scan", "unknown permission scan for app manifest"),
    ],
)
def test_an_unknown_permission_is_refused_with_the_nearest(identifier: str, sentence: str) -> None:
    with pytest.raises(ConfigError) as caught:
        found(identifier)
    assert sentence in str(caught.value)


def test_an_unknown_permission_inside_a_set_is_refused_with_the_set() -> None:
    known = manifests(http=Manifest(commands=("fetch",), default=("allow-fech",)))
    with pytest.raises(ConfigError, match="permission http:allow-fech not found from set http:default; did you mean"):
        found("http:default", known)


def test_permissions_are_declared_once() -> None:
    assert found("fs:allow-stat", with_manifest(with_manifest(core_manifests(), "fs", Manifest()), "fs", FS))
    with pytest.raises(ConfigError, match="the permissions of fs are declared already"):
        manifests(fs=Manifest(commands=("x",)))


@pytest.mark.parametrize("twin", ["core:fs", "event"])
def test_two_plugins_never_share_commands(twin: str) -> None:
    with pytest.raises(ConfigError, match="their commands would have the same names"):
        manifests(**{twin: Manifest()})


@pytest.mark.parametrize(
    ("plugin", "manifest"),
    [
        ("my_plugin", Manifest()),
        ("http", Manifest(sets={"all of it": ()})),
        ("http", Manifest(permissions={"x_y": Permission(identifier="x_y")})),
        (APP_ACL_KEY, Manifest(sets={"x_y": ()})),
    ],
)
def test_a_name_that_no_capability_could_say_is_refused(plugin: str, manifest: Manifest) -> None:
    with pytest.raises(ConfigError, match="invalid permission identifier"):
        manifests(**{plugin: manifest})


def test_a_permission_is_read_from_the_shape_of_tauris_files() -> None:
    table = {
        "identifier": "x",
        "commands": {"allow": ["a"]},
        "scope": {"deny": [{"path": "/"}]},
        "platforms": ["linux"],
    }
    assert msgspec.convert(table, Permission) == Permission(
        identifier="x", commands=Commands(allow=("a",)), scope=Scopes(deny=({"path": "/"},)), platforms=("linux",)
    )


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [(None, None, None), ((1,), None, (1,)), (None, (2,), (2,)), ((1,), (2,), (1, 2)), (None, (), ())],
)
def test_scopes_that_follow_one_another_keep_their_order_and_what_was_not_said(
    first: tuple[int, ...] | None, second: tuple[int, ...] | None, joined: tuple[int, ...] | None
) -> None:
    assert Scopes(allow=first).followed_by(Scopes(allow=second)) == Scopes(allow=joined)
    assert Scopes(deny=first).followed_by(Scopes(deny=second)) == Scopes(deny=joined)


@pytest.mark.parametrize(
    ("scopes", "said"),
    [(Scopes(), False), (Scopes(allow=()), True), (Scopes(deny=()), True), (Scopes((1,), (2,)), True)],
)
def test_scopes_are_true_when_they_say_anything(scopes: Scopes, said: bool) -> None:
    assert bool(scopes) is said


@pytest.mark.parametrize("kind", [each for each in vars(acl).values() if isinstance(each, msgspec.StructMeta)])
def test_the_values_that_rules_are_made_of_never_change(kind: type[msgspec.Struct]) -> None:
    assert kind.__struct_config__.frozen
