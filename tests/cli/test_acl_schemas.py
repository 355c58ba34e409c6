"""The schemas that `transom acl schemas` writes: they take what loads, and refuse what does not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_acl import MAIN, project
from tests.requirements import needs_jsonschema
from transom.acl import Capability, capabilities_in, read_permissions
from transom.cli import main

pytestmark = pytest.mark.slow  # a program in a process of its own

GOOD_CAPABILITIES: list[Any] = [
    MAIN,
    [MAIN],
    {"capabilities": [{**MAIN, "$schema": "x", "platforms": ["linux"], "remote": {"urls": ["https://*.example.org"]}}]},
    {
        "identifier": "a",
        "permissions": [{"identifier": "core:event:allow-listen", "allow": [{"event": "a"}]}, "deny-ping"],
    },
    {"identifier": "a", "permissions": ["fs:default", "other-plugin:allow-x"]},  # of plugins that are not there
]
BAD_CAPABILITIES: list[Any] = [
    {"identifier": "a", "permissions": ["core:windw:default"]},
    {"identifier": "a", "permissions": ["own:allow-pin"]},
    {"identifier": "a", "permissions": ["allow-nothing"]},
    {"identifier": "a", "permissions": [{"identifier": "own:default", "alow": []}]},
    {**MAIN, "window": ["main"]},
    {**MAIN, "platforms": ["Linux"]},
    {"permissions": []},
]
GOOD_PERMISSIONS: list[Any] = [
    {},
    {"default": {"description": "x", "permissions": ["a"]}, "set": [{"identifier": "s", "permissions": ["a"]}]},
    {
        "$schema": "schemas/schema.json",
        "permission": [{"identifier": "a", "commands": {"allow": ["ping"]}, "platforms": ["macOS"]}],
    },
    {"permission": [{"version": 1, "identifier": "a-b", "scope": {"allow": [{"path": "x"}], "deny": ["y"]}}]},
]
BAD_PERMISSIONS: list[Any] = [
    {"permission": [{"identifier": "a", "commands": {"allow": ["pin"]}}]},
    {"permission": [{"identifier": "own:a"}]},
    {"permissions": []},
    {"set": [{"identifier": "s"}]},
    [],
]


@pytest.fixture(scope="module")
def schemas(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any]:
    """Return what checks capability and permission files by the schemas of a project."""
    folder = tmp_path_factory.mktemp("schemas")
    assert main([*project(folder, MAIN), "schemas"]) == 0
    texts = [folder / "gen" / "schemas" / f"{name}-schema.json" for name in ("desktop", "linux")]
    assert texts[0].read_text() == texts[1].read_text()
    draft = needs_jsonschema().Draft7Validator
    found = []
    for path in (texts[0], folder / "permissions" / "schemas" / "schema.json"):
        schema = json.loads(path.read_text())
        draft.check_schema(schema)
        found.append(draft(schema).is_valid)
    # The file of the schema is no permission file.
    assert main(["acl", "--project", str(folder), "check"]) == 0
    return found[0], found[1]


def test_the_schema_of_capabilities_has_every_field_and_permission(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*project(tmp_path, MAIN), "schemas"]) == 0
    assert 'begin capability files with "$schema": "../gen/schemas/desktop-schema.json"' in capsys.readouterr().out
    schema = json.loads((tmp_path / "gen" / "schemas" / "desktop-schema.json").read_text())
    capability = schema["anyOf"][0]
    assert set(capability["properties"]) == {"$schema", *Capability.__struct_fields__}
    known = {each.get("const") for each in capability["properties"]["permissions"]["items"]["anyOf"][0]["anyOf"]}
    assert {"core:default", "own:default", "own:allow-read-file", "deny-ping", "core:event:allow-listen"} <= known


@pytest.mark.parametrize("value", GOOD_CAPABILITIES)
def test_the_schema_takes_capabilities_that_load(schemas: tuple[Any, Any], value: Any) -> None:
    assert schemas[0](value)
    faults: list[Any] = []
    list(capabilities_in(value, faults, faults))
    assert faults == []


@pytest.mark.parametrize("value", BAD_CAPABILITIES)
def test_the_schema_refuses_misspelt_fields_and_permissions(schemas: tuple[Any, Any], value: Any) -> None:
    assert not schemas[0](value)


@pytest.mark.parametrize("value", GOOD_PERMISSIONS)
def test_the_schema_takes_permission_files_that_load(schemas: tuple[Any, Any], value: Any) -> None:
    assert schemas[1](value)
    faults: list[Any] = []
    read_permissions(value, faults)
    assert faults == []


@pytest.mark.parametrize("value", BAD_PERMISSIONS)
def test_the_schema_refuses_wrong_permission_files(schemas: tuple[Any, Any], value: Any) -> None:
    assert not schemas[1](value)


def test_schemas_that_cannot_be_written_are_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = project(tmp_path, MAIN)
    (tmp_path / "gen").write_text("a file")
    assert main([*arguments, "schemas"]) == 1
    assert capsys.readouterr().err.endswith("desktop-schema.json cannot be written: Not a directory\n")
