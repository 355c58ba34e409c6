"""Tests of finding and reading a project's file."""

from __future__ import annotations

from pathlib import Path

import pytest

from transom.errors import ConfigError
from transom.project import load_config

GOOD = '{"identifier": "com.example.app", "build": {"frontendDist": "../dist"}}'


def test_the_file_is_found_in_the_folder(tmp_path: Path) -> None:
    (tmp_path / "tauri.conf.json").write_text(GOOD)

    config = load_config(tmp_path)

    assert (config.folder, config.file) == (tmp_path, str(tmp_path / "tauri.conf.json"))


def test_the_file_is_found_in_src_tauri_below_the_folder(tmp_path: Path) -> None:
    (tmp_path / "src-tauri").mkdir()
    (tmp_path / "src-tauri" / "tauri.conf.json").write_text(GOOD)

    config = load_config(tmp_path)

    assert config.folder == tmp_path / "src-tauri"
    assert config.frontend == tmp_path / "dist"


def test_the_file_in_the_folder_goes_before_the_one_below(tmp_path: Path) -> None:
    (tmp_path / "src-tauri").mkdir()
    (tmp_path / "src-tauri" / "tauri.conf.json").write_text("not read")
    (tmp_path / "tauri.conf.json").write_text(GOOD)

    assert load_config(tmp_path).folder == tmp_path


def test_a_relative_folder_is_shown_as_given_and_resolved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tauri.conf.json").write_text(GOOD)
    monkeypatch.chdir(tmp_path)

    config = load_config(Path())

    assert (config.folder, config.file) == (tmp_path, "tauri.conf.json")


def error_of(folder: Path) -> str:
    with pytest.raises(ConfigError) as caught:
        load_config(folder)
    return str(caught.value)


def test_a_folder_without_the_file_is_told_what_to_write(tmp_path: Path) -> None:
    assert error_of(tmp_path) == (
        f"no `tauri.conf.json` in `{tmp_path}` or in `{tmp_path / 'src-tauri'}`; create one, for example "
        f"`{tmp_path / 'tauri.conf.json'}` with "
        '{"identifier": "com.example.app", "build": {"frontendDist": "dist"}}'
    )


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    assert error_of(tmp_path / "gone") == (
        f"the project folder `{tmp_path / 'gone'}` does not exist; pass the folder that contains `tauri.conf.json`"
    )


def test_a_file_in_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "tauri.conf.json").write_text(GOOD)

    assert error_of(tmp_path / "tauri.conf.json") == (
        f"the project folder `{tmp_path / 'tauri.conf.json'}` is a file; pass the folder that contains `tauri.conf.json`"
    )


@pytest.mark.parametrize("name", ["tauri.conf.json5", "Tauri.toml"])
def test_a_form_of_the_file_that_is_not_read_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "src-tauri").mkdir()
    other = tmp_path / "src-tauri" / name
    other.write_text("")

    assert error_of(tmp_path) == (
        f"{other}: transom does not support this format; write a `tauri.conf.json` in the same folder"
    )


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    file = tmp_path / "tauri.conf.json"
    file.mkdir()

    assert error_of(tmp_path) == f"{file}: the file cannot be read: Is a directory; check its permissions"


def test_a_wrong_file_is_named_with_the_line(tmp_path: Path) -> None:
    (tmp_path / "tauri.conf.json").write_text('{\n"identifier": 5}')

    assert error_of(tmp_path) == (
        f"{tmp_path / 'tauri.conf.json'}:2: identifier: expected an identifier in reverse domain notation, which has only "
        'the characters A-Z, a-z, 0-9, hyphen and period, found the number 5; write "5"'
    )


def test_the_version_can_stand_in_a_package_file(tmp_path: Path) -> None:
    (tmp_path / "src-tauri").mkdir()
    (tmp_path / "src-tauri" / "tauri.conf.json").write_text('{"identifier": "a", "version": "../package.json"}')
    (tmp_path / "package.json").write_text('{"name": "app", "version": "2.1.0"}')

    assert load_config(tmp_path).version == "2.1.0"


@pytest.mark.parametrize(
    ("package", "reason"),
    [
        (None, "cannot be read: No such file or directory"),
        ('{"name": "app"}', "has no `version`"),
        ('{"version": 5}', "has no `version`"),
        ("[]", "is not an object"),
        ("{", "is not JSON"),
    ],
)
def test_a_package_file_without_a_version_is_named(tmp_path: Path, package: str | None, reason: str) -> None:
    (tmp_path / "tauri.conf.json").write_text('{"identifier": "a",\n"version": "package.json"}')
    if package is not None:
        (tmp_path / "package.json").write_text(package)

    assert error_of(tmp_path) == (
        f"{tmp_path / 'tauri.conf.json'}:2: version: the package file `{tmp_path / 'package.json'}` {reason}; "
        'write the version here, such as "1.0.0"'
    )
