from __future__ import annotations

import sys
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

from tests.mock_app import Running, context
from transom.handles import PackageInfo
from transom.handles.paths._package import package_info

PROJECT = """
[project]
name = "atlas"
version = "1.2.3"
description = "Shows a disk"
authors = [{ name = "Ada", email = "ada@example.org" }, { name = "Bob" }, { email = "eve@example.org" }]
"""
METADATA = """Metadata-Version: 2.4
Name: atlas-dist
Version: 9.8.7
Summary: Installed
Author: Bob
Author-email: Ada <ada@example.org>
"""


def info(folder: Path, **fields: Any) -> PackageInfo:
    return package_info(context(folder=folder, **fields).config)


@pytest.mark.parametrize("place", [".", "src-tauri", "src/atlas", "src/atlas/src-tauri"])
def test_a_project_speaks_for_itself(tmp_path: Path, place: str) -> None:
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    assert info(tmp_path / place) == PackageInfo(
        "atlas", "1.2.3", ("Ada <ada@example.org>", "Bob", "eve@example.org"), "Shows a disk"
    )


def test_a_project_further_up_is_another_one(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    assert info(tmp_path / "a/b/c/d").name == "org.example.mock"


def test_the_configuration_comes_first(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    found = info(tmp_path, product_name="Disk Atlas", version="2.0.0")
    assert (found.name, found.version, found.description) == ("Disk Atlas", "2.0.0", "Shows a disk")


@pytest.mark.parametrize("text", [None, "[tool.ruff]\n", "not toml", '[project]\nversion = "1"\n'])
def test_without_a_package_there_are_the_identifier_and_no_version(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "pyproject.toml").write_text(text)
    assert info(tmp_path) == PackageInfo("org.example.mock", "0.0.0", (), "")


def install(site: Path, package: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a distribution into a folder of the import path and return its package's folder."""
    (site / package).mkdir(parents=True)
    (site / package / "__init__.py").touch()  # a newer importlib_metadata leaves out what is not there
    described = site / "atlas_dist-9.8.7.dist-info"
    described.mkdir()
    (described / "METADATA").write_text(METADATA)
    (described / "RECORD").write_text(f"{package}/__init__.py,,\n")
    monkeypatch.setattr(sys, "path", [*sys.path, str(site)])
    return site / package


def test_an_installed_package_is_what_was_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = install(tmp_path / "site", "atlas_of_test", monkeypatch)
    (tmp_path / "pyproject.toml").write_text(PROJECT)  # the project around it is another one
    assert info(folder / "src-tauri") == PackageInfo(
        "atlas-dist", "9.8.7", ("Bob", "Ada <ada@example.org>"), "Installed"
    )


def test_another_package_of_the_same_name_is_not_meant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path / "site", "atlas_of_test", monkeypatch)
    monkeypatch.setattr(sys, "path", [str(tmp_path / "other"), *sys.path])
    assert metadata.packages_distributions()["atlas_of_test"] == ["atlas-dist"]
    assert info(tmp_path / "other" / "atlas_of_test").name == "org.example.mock"


def test_every_handle_knows_it(application: Running) -> None:
    window = application.app.get_webview_window("main")
    assert window is not None
    assert window.package_info() == application.app.package_info() == package_info(application.app.config())
