from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.bundler.project import write_project
from transom.bundler import BundlePlan, plan_of
from transom.errors import ConfigError
from transom.project import load_config


def plan(program: Path) -> BundlePlan:
    return plan_of(load_config(program.parent), program)


def places(plan: BundlePlan) -> dict[str, Path]:
    return {place: path for path, place in plan.data}


def change(program: Path, **fields: Any) -> None:
    file = program.parent / "tauri.conf.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), **fields}))


def test_a_project_keeps_its_places(tmp_path: Path) -> None:
    program = write_project(tmp_path)
    (tmp_path / "capabilities").mkdir()
    made = plan(program)
    assert (made.name, made.package, made.version, made.category) == ("Sample Notes", "sample-notes", "1.2.0", "Office")
    assert set(places(made)) == {"tauri.conf.json", "capabilities", "ui", "icons/32.png", "icons/128.png", "note.txt"}
    assert made.into == tmp_path / "target" / "bundle"
    assert made.schemes == ("sample-notes",)


def test_a_project_with_its_configuration_in_a_folder_keeps_its_places(tmp_path: Path) -> None:
    program = write_project(tmp_path)
    home = tmp_path / "src-tauri"
    home.mkdir()
    for name in ("tauri.conf.json", "icons", "note.txt", "LICENSE"):
        (tmp_path / name).rename(home / name)
    file = home / "tauri.conf.json"
    file.write_text(file.read_text().replace('"ui"', '"../ui"'))
    made = plan_of(load_config(tmp_path), program)
    assert {"src-tauri/tauri.conf.json", "ui", "src-tauri/note.txt", "src-tauri/icons/32.png"} <= set(places(made))


@pytest.mark.parametrize(
    ("resources", "expected"),
    [
        (["texts/*.txt"], {"texts/a.txt", "texts/b.txt"}),
        ({"texts/a.txt": "renamed.txt"}, {"renamed.txt"}),
        ({"texts/a.txt": "folder/"}, {"folder/a.txt"}),
        ({"texts/*": "all"}, {"all/a.txt", "all/b.txt"}),
        ({"texts/*": ""}, {"a.txt", "b.txt"}),
    ],
)
def test_resources_are_where_tauri_puts_them(tmp_path: Path, resources: Any, expected: set[str]) -> None:
    program = write_project(tmp_path, resources=resources, icon=[])
    (tmp_path / "texts").mkdir()
    for name in ("a", "b"):
        (tmp_path / "texts" / f"{name}.txt").write_text(name)
    assert set(places(plan(program))) - {"tauri.conf.json", "ui"} == expected


def test_a_sidecar_is_known_by_its_name(tmp_path: Path) -> None:
    import platform

    program = write_project(tmp_path, externalBin=["binaries/tool"])
    (tmp_path / "binaries").mkdir()
    tool = tmp_path / "binaries" / f"tool-{platform.machine()}-unknown-linux-gnu"
    tool.write_text("#!/bin/sh\n")
    assert plan(program).sidecars == {"tool": tool}


def test_every_problem_is_named_at_once(tmp_path: Path) -> None:
    program = write_project(
        tmp_path, category="Cooking", icon=["none.png"], resources=["nothing/*", "../../etc/*"], externalBin=["tool"]
    )
    change(program, productName="Ω", build={"frontendDist": "missing"})
    with pytest.raises(ConfigError) as raised:
        plan(program)
    text = str(raised.value)
    for part in (
        "productName: `Ω` has too few letters and digits a to z",
        "bundle.category: there is no category `Cooking`; there are Business, ",
        "bundle.icon:",
        "bundle.resources: `nothing/*` matches no file",
        "bundle.externalBin: `tool-",
        "build.frontendDist:",
    ):
        assert part in text
    assert "tauri.conf.json" in text


def test_a_resource_cannot_leave_the_bundle(tmp_path: Path) -> None:
    program = write_project(tmp_path, resources={"note.txt": "../../outside.txt"})
    with pytest.raises(ConfigError, match=r"`../../outside.txt` would be outside the application's folder"):
        plan(program)


def test_a_front_end_that_is_not_built_is_said(tmp_path: Path) -> None:
    program = write_project(tmp_path)
    change(program, build={})
    with pytest.raises(ConfigError, match=r"build.frontendDist: it is missing"):
        plan(program)
