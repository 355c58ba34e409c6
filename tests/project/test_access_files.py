from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from transom.acl import Commands, Permission, Scopes
from transom.errors import ConfigError
from transom.project import AccessFiles, load_access, load_config

MAIN = '{"identifier": "main", "windows": ["main"], "permissions": ["core:default"]}'


def project(folder: Path, files: dict[str, str], listed: Any = ()) -> AccessFiles:
    config = {"identifier": "org.example.x", "app": {"security": {"capabilities": listed}}}
    (folder / "tauri.conf.json").write_bytes(msgspec.json.format(msgspec.json.encode(config)))
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return load_access(load_config(folder))


def error_of(folder: Path, files: dict[str, str], listed: Any = ()) -> str:
    with pytest.raises(ConfigError) as caught:
        project(folder, files, listed)
    return str(caught.value).replace(f"{folder}/", "")


def identifiers(access: AccessFiles) -> list[str]:
    return [source.capability.identifier for source in access.capabilities]


def test_every_form_of_capability_file_is_read_and_nothing_else(tmp_path: Path) -> None:
    files = {
        "capabilities/main.json": MAIN,
        "capabilities/list.json": '[{"identifier": "b", "permissions": []}, {"identifier": "a", "permissions": []}]',
        "capabilities/deep/er/named.json5": "{capabilities: [{identifier: 'c', permissions: [],},]}",
        "capabilities/desktop.toml": 'identifier = "d"\npermissions = []\nplatforms = ["linux"]',
        "capabilities/schemas/desktop-schema.json": "{}",
        "capabilities/README.md": "not read",
        "capabilities/schema.json/main.txt": "not read",
    }
    access = project(tmp_path, files)
    assert identifiers(access) == ["a", "b", "c", "d", "main"]
    assert access.capabilities[0].where == f"{tmp_path / 'capabilities' / 'list.json'}:1"
    assert (access.folder, access.has_app_acl, access.notes) == (tmp_path, False, ())


def test_a_project_without_files_has_none(tmp_path: Path) -> None:
    assert project(tmp_path, {}) == AccessFiles(folder=tmp_path)


def test_the_configuration_chooses_among_the_files_and_has_capabilities_of_its_own(tmp_path: Path) -> None:
    inline = {"identifier": "inline", "permissions": [], "$comment": "x"}
    files = {"capabilities/main.json": MAIN, "capabilities/other.json": MAIN.replace('"main"', '"other"', 1)}
    access = project(tmp_path, files, ["other", inline])
    assert identifiers(access) == ["inline", "other"]
    assert access.capabilities[0].where == f"{tmp_path / 'tauri.conf.json'}:7"


def test_every_problem_is_named_with_file_line_and_field(tmp_path: Path) -> None:
    files = {
        "capabilities/a.json": '{\n"identifier": "main",\n"permissions": [\n"x",\n5\n]}',
        "capabilities/b.toml": 'identifier = "b"\nwindow = ["main"]\npermissions = []',
        "capabilities/c.json": "{",
        "capabilities/d.json": MAIN,
        "capabilities/e.json": '{\n"permissions": [],\n"identifier": "main"}',
        "permissions/a.toml": '[[permission]]\nidentifier = "my_permission"\n[[set]]\nidentifier = "s"\npermissions = 5',
        "permissions/b.toml": '[[permission]]\nidentifier = "fs:read"\n[[permission]]\nidentifier = "a_b"',
    }
    assert error_of(tmp_path, files, ["mian", {"identifier": "i", "permisions": []}, "none-like-it"]).splitlines() == [
        "capabilities/a.json:5: permissions[1]: Expected `str | object`, got `int`",
        "capabilities/b.toml:2: window: unknown field `window`; did you mean `windows`?",
        "capabilities/c.json:1: not valid JSON at column 2: expected a key in double quotes, found the end of the file",
        (
            "capabilities/e.json:3: identifier: capability with identifier `main` already exists; it is in "
            "capabilities/d.json:1"
        ),
        (
            "tauri.conf.json:6: app.security.capabilities[0]: no capability file has the identifier `mian`; "
            "did you mean `main`?"
        ),
        (
            "tauri.conf.json:9: app.security.capabilities[1].permisions: unknown field `permisions`; "
            "did you mean `permissions`?"
        ),
        "tauri.conf.json:7: app.security.capabilities[1]: Object missing required field `permissions`",
        (
            "tauri.conf.json:11: app.security.capabilities[2]: no file in the folder `capabilities` has the identifier "
            "`none-like-it`; there are main"
        ),
        "permissions/a.toml:5: set[0].permissions: Expected `array`, got `int`",
        "permissions/b.toml:2: permission[0].identifier: `fs:read` has the prefix of a plugin; write `read`",
        (
            "permissions/b.toml:4: permission[1].identifier: invalid permission identifier 'a_b': identifiers can only "
            "include ASCII letters and digits, hyphens which are not leading or trailing, and a single colon if using a "
            "prefix; write a command's name with `-` for `_`"
        ),
    ]


def test_a_field_that_is_like_none_of_tauris_is_named_and_has_no_effect(tmp_path: Path) -> None:
    access = project(tmp_path, {"capabilities/a.json": '{"identifier": "a", "permissions": [],\n"xyz": 1}'})
    assert identifiers(access) == ["a"]
    assert access.notes[0].startswith(f"{tmp_path / 'capabilities' / 'a.json'}:2: xyz: unknown field `xyz`; the fields")


def test_permission_files_are_read_in_both_formats(tmp_path: Path) -> None:
    text = """
        [default]
        description = "what every window may do"
        permissions = ["allow-scan", "reading"]
        [[set]]
        identifier = "reading"
        description = "reading"
        permissions = ["read-home", "fs:default"]
        [[permission]]
        version = 1
        identifier = "read-home"
        description = "reads the home folder"
        commands.allow = ["read_file"]
        commands.deny = ["write_file"]
        platforms = ["linux"]
        [[permission.scope.allow]]
        path = "$HOME/**"
    """
    other = '{"$schema": "x", "permission": [{"identifier": "allow-scan", "commands": {"allow": ["scan"]}}]}'
    access = project(tmp_path, {"permissions/a.toml": text, "permissions/autogenerated/b.json": other})
    assert access.has_app_acl
    assert (access.default, access.sets) == (("allow-scan", "reading"), {"reading": ("read-home", "fs:default")})
    assert access.permissions == (
        Permission(
            identifier="read-home",
            description="reads the home folder",
            commands=Commands(("read_file",), ("write_file",)),
            scope=Scopes(allow=({"path": "$HOME/**"},)),
            platforms=("linux",),
        ),
        Permission(identifier="allow-scan", commands=Commands(("scan",))),
    )


def test_a_permission_is_declared_once(tmp_path: Path) -> None:
    text = '[[permission]]\nidentifier = "x"\n'
    files = {"permissions/a.toml": text + "[default]\n", "permissions/b.toml": "[default]\npermissions = []\n" + text}
    assert error_of(tmp_path, files).splitlines() == [
        "permissions/b.toml:1: default: permission `default` already exists; it is in permissions/a.toml:3",
        "permissions/b.toml:4: permission[0].identifier: permission `x` already exists; it is in permissions/a.toml:2",
    ]


def test_what_applications_have_and_tauri_ignores_has_no_effect(tmp_path: Path) -> None:
    entry = {
        "identifier": "opener:allow-open-url",
        "description": "opens",
        "windows": ["*"],
        "allow": [{"url": "https://*"}],
    }
    capability = {"identifier": "a", "windows": ["main"], "permissions": ["core:default", entry]}
    access = project(tmp_path, {"capabilities/a.json": msgspec.json.encode(capability).decode()})
    [source] = access.capabilities
    assert source.capability.permissions[1].scope == Scopes(allow=({"url": "https://*"},))  # type: ignore[union-attr]
    assert [note.partition(": permissions")[2] for note in access.notes] == [
        "[1].description: unknown field `description`; the fields are identifier, allow, deny",
        "[1].windows: unknown field `windows`; the fields are identifier, allow, deny",
    ]
    files = {"capabilities/a.json": '{"identifier": "a", "permissions": [{"identifier": "x",\n"denny": []}]}'}
    assert error_of(tmp_path, files) == (
        "capabilities/a.json:2: permissions[0].denny: unknown field `denny`; did you mean `deny`?"
    )
