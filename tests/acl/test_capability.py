from __future__ import annotations

from contextlib import suppress
from pathlib import PurePosixPath
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transom.acl import Capability, CapabilityBuilder, CapabilityRemote, PermissionEntry, RuntimeCapability
from transom.acl._capability import read_capabilities
from transom.errors import ConfigError

MAIN = Capability(identifier="main", windows=("main",), permissions=("core:default",))


def test_a_builder_makes_the_capability_that_it_was_told() -> None:
    builder = (
        CapabilityBuilder("tools")
        .remote("https://example.org")
        .local(False)
        .window("main")
        .windows(["a-*", "b"])
        .webview("side")
        .webviews(["c", "d"])
        .permission("core:event:default")
        .permission_scoped("fs:allow-read", [{"path": "$HOME/**"}], ["x", 1])
        .platform("linux")
        .platforms(["macOS"])
    )
    assert builder.build() == Capability(
        identifier="tools",
        remote=CapabilityRemote(("https://example.org",)),
        local=False,
        windows=("main", "a-*", "b"),
        webviews=("side", "c", "d"),
        permissions=("core:event:default", PermissionEntry("fs:allow-read", ({"path": "$HOME/**"},), ("x", 1))),
        platforms=("linux", "macOS"),
    )
    assert isinstance(builder, RuntimeCapability)


def test_a_builder_told_nothing_is_for_local_pages_on_every_platform() -> None:
    assert CapabilityBuilder("empty").build() == Capability(identifier="empty", permissions=())


def test_a_scoped_permission_always_has_both_lists() -> None:
    assert CapabilityBuilder("c").permission_scoped("allow-x").build().permissions == (
        PermissionEntry("allow-x", (), ()),
    )


def test_values_of_a_scope_are_copied_and_numbers_stay_what_they_are() -> None:
    class Entry(msgspec.Struct, rename="camel"):
        max_size: int

    paths = ["/a"]
    capability = CapabilityBuilder("c").permission_scoped("allow-x", [{"paths": paths}, Entry(1)]).build()
    paths.append("/")
    as_arguments = CapabilityBuilder("c").permission_scoped("allow-x", [PurePosixPath("/a")]).build()
    assert as_arguments.permissions == (PermissionEntry("allow-x", ("/a",), ()),)
    assert capability.permissions == (PermissionEntry("allow-x", ({"paths": ["/a"]}, {"maxSize": 1}), ()),)
    assert type(capability.permissions[0].allow[1]["maxSize"]) is int  # type: ignore[union-attr,index]


def test_what_json_cannot_hold_is_refused() -> None:
    with pytest.raises(ConfigError, match="the scope of allow-x holds what JSON cannot"):
        CapabilityBuilder("c").permission_scoped("allow-x", deny=[object()])
    with pytest.raises(ConfigError, match="the scope of allow-x holds what JSON cannot: bytes have no form in JSON"):
        CapabilityBuilder("c").permission_scoped("allow-x", [b"x"])


@pytest.mark.parametrize("method", ["permission", "permission_scoped"])
def test_a_bad_identifier_is_refused_at_once(method: str) -> None:
    with pytest.raises(ConfigError, match="^invalid permission identifier 'allow_x': "):
        getattr(CapabilityBuilder("c"), method)("allow_x")


@pytest.mark.parametrize("field", ["windows", "webviews", "platforms"])
def test_a_text_is_not_taken_for_a_list_of_globs(field: str) -> None:
    with pytest.raises(ConfigError, match=f"`{field}` of a capability is a list, not the text 'main-\\*'"):
        getattr(CapabilityBuilder("c"), field)("main-*")
    with pytest.raises(ConfigError, match=f"`{field}` of a capability is a list"):
        Capability(**{"identifier": "c", "permissions": (), field: "main-*"})


@pytest.mark.parametrize(
    "text",
    [
        '{"identifier": "main", "windows": ["main"], "permissions": ["core:default"]}',
        '{"$schema": "x.json", "identifier": "main", "windows": ["main"], "permissions": ["core:default"]}',
        '[{"identifier": "main", "windows": ["main"], "permissions": ["core:default"]}]',
        '{"capabilities": [{"identifier": "main", "windows": ["main"], "permissions": ["core:default"]}]}',
        'identifier = "main"\nwindows = ["main"]\npermissions = ["core:default"]',
        '[[capabilities]]\nidentifier = "main"\nwindows = ["main"]\npermissions = ["core:default"]',
    ],
)
def test_a_text_is_read_as_json_or_toml_in_every_shape(text: str) -> None:
    assert read_capabilities(text) == (MAIN,)


def test_every_field_is_read() -> None:
    (capability,) = read_capabilities(
        """
        identifier = "all"
        description = "everything"
        local = false
        windows = ["w"]
        webviews = ["v"]
        platforms = ["linux", "iOS"]
        permissions = ["allow-a", { identifier = "fs:allow-b", allow = [{ since = 2024-01-01 }], deny = ["x"] }]
        [remote]
        urls = ["https://example.org"]
        """
    )
    assert capability == Capability(
        identifier="all",
        description="everything",
        local=False,
        windows=("w",),
        webviews=("v",),
        platforms=("linux", "iOS"),
        permissions=("allow-a", PermissionEntry("fs:allow-b", ({"since": "2024-01-01"},), ("x",))),
        remote=CapabilityRemote(("https://example.org",)),
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "invalid capability: as JSON, .*; as TOML, "),
        ("", "missing required field `identifier`"),
        ("7", "Expected `object`, got `int`"),
        ('{"identifier": "a"}', "missing required field `permissions`"),
        ('{"identifier": "a", "permissions": [1]}', "got `int` - at `\\$.permissions\\[0\\]`"),
        ('{"identifier": "a", "permissions": [], "windws": []}', "unknown field `windws`; did you mean `windows`\\?"),
        ('{"identifier": "a", "permissions": [], "xyz": []}', "unknown field `xyz`; the fields are identifier, "),
        ('{"identifier": "a", "permissions": [{"identifier": "x", "deney": []}]}', "unknown field `deney`"),
        ('{"identifier": "a", "permissions": [], "remote": {"url": []}}', "`url`|missing required field `urls`"),
        (
            '[{"identifier": "a", "permissions": []}, {"identifier": "a", "permissions": []}]',
            "^capability with identifier `a` already exists$",
        ),
    ],
)
def test_a_text_that_is_no_capability_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        read_capabilities(text)


@given(st.text() | st.recursive(st.none() | st.text(max_size=4), lambda inner: st.lists(inner) | st.dictionaries(
    st.sampled_from(["identifier", "permissions", "windows", "capabilities", "remote", "urls"]), inner)))  # fmt: skip
def test_any_text_is_capabilities_or_refused(value: Any) -> None:
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    with suppress(ConfigError):
        assert all(isinstance(capability, Capability) for capability in read_capabilities(text))
