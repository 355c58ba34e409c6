from __future__ import annotations

import configparser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from tests.bundler.project import write_project
from transom.bundler import BundlePlan, plan_of
from transom.bundler._tree import desktop_entry, make_tree
from transom.errors import ConfigError
from transom.project import load_config


@pytest.fixture
def plan(tmp_path: Path) -> BundlePlan:
    program = write_project(tmp_path / "project")
    return plan_of(load_config(program.parent), program)


@pytest.fixture
def root(plan: BundlePlan, tmp_path: Path) -> Path:
    frozen = tmp_path / "frozen"
    (frozen / "_internal").mkdir(parents=True)
    (frozen / "sample-notes").write_text("#!/bin/sh\n")
    (frozen / "_internal" / "data").write_text("data")
    (frozen / "_internal" / "data").chmod(0o777)
    tree = tmp_path / "tree"
    tree.mkdir(mode=0o700)
    make_tree(plan, frozen, tree, "deb")
    return tree


def test_the_desktop_can_show_and_start_the_application(plan: BundlePlan) -> None:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(desktop_entry(plan, "/opt/my apps/sample-notes"))
    assert dict(parser["Desktop Entry"]) == {
        "Type": "Application",
        "Name": "Sample Notes",
        "Comment": "Write notes that are kept on your own machine",
        "Exec": "'/opt/my apps/sample-notes' %u",
        "Icon": "sample-notes",
        "Terminal": "false",
        "Categories": "Office;",
        "StartupWMClass": "sample-notes",
        "MimeType": "application/x-sample-note;x-scheme-handler/sample-notes;",
    }


def test_a_tree_has_everything_in_its_place(root: Path) -> None:
    files = {str(path.relative_to(root)) for path in root.rglob("*") if not path.is_dir()}
    assert files == {
        "usr/bin/sample-notes",
        "usr/lib/sample-notes/sample-notes",
        "usr/lib/sample-notes/_internal/data",
        "usr/lib/sample-notes/_internal/transom-bundle.json",
        "usr/share/applications/org.example.samplenotes.desktop",
        "usr/share/icons/hicolor/32x32/apps/sample-notes.png",
        "usr/share/icons/hicolor/128x128/apps/sample-notes.png",
        "usr/share/mime/packages/org.example.samplenotes.xml",
        "usr/share/metainfo/org.example.samplenotes.metainfo.xml",
    }
    assert (root / "usr/bin/sample-notes").resolve() == (root / "usr/lib/sample-notes/sample-notes").resolve()


def test_modes_are_those_of_a_package_whatever_the_builder_has(root: Path) -> None:
    modes = {
        str(path.relative_to(root)): path.stat().st_mode & 0o777 for path in root.rglob("*") if not path.is_symlink()
    }
    assert modes["usr/lib/sample-notes/sample-notes"] == 0o755
    assert modes["usr/lib/sample-notes/_internal/data"] == 0o644
    assert modes["usr/lib"] == root.stat().st_mode & 0o777 == 0o755


def test_a_file_type_is_described(root: Path) -> None:
    [kind] = ET.parse(root / "usr/share/mime/packages/org.example.samplenotes.xml").getroot()
    assert kind.get("type") == "application/x-sample-note"
    assert [(child.tag.rpartition("}")[2], child.text or child.get("pattern")) for child in kind] == [
        ("comment", "Sample note"),
        ("glob", "*.snote"),
    ]


@pytest.mark.parametrize(("name", "text"), [("32.png", "is not a PNG file"), ("128.png", "128 x 64")])
def test_a_bad_icon_is_named(plan: BundlePlan, tmp_path: Path, name: str, text: str) -> None:
    icon = plan.config.folder / "icons" / name
    data = icon.read_bytes()
    icon.write_bytes(b"GIF89a" if name == "32.png" else data[:20] + (64).to_bytes(4, "big") + data[24:])
    frozen = tmp_path / "frozen"
    (frozen / "_internal").mkdir(parents=True)
    (tmp_path / "tree").mkdir()
    with pytest.raises(ConfigError, match=text):
        make_tree(plan, frozen, tmp_path / "tree", "deb")
