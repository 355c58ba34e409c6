"""Tests of finding and reading a project's file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transom.config import WindowConfig
from transom.errors import ConfigError
from transom.project import has_config, load_access, load_config
from transom.project._config_file import _merged

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(0, 3),
    lambda inside: st.lists(inside, max_size=2) | st.dictionaries(st.sampled_from("abc"), inside),
    max_leaves=8,
)
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


FORMS = {
    "tauri.conf.json5": "{\n  // for people\n  identifier: 'com.example.app',\n  productName: 'Notes', app: {windows: [{label: 'one'}]},\n}",
    "Tauri.toml": 'identifier = "com.example.app"\nproduct-name = "Notes"\n\n[[app.windows]]\nlabel = "one"\n',
}


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("place", ["", "src-tauri"])
def test_the_other_forms_of_the_file_say_the_same(tmp_path: Path, name: str, place: str) -> None:
    (tmp_path / place).mkdir(exist_ok=True)
    (tmp_path / place / name).write_text(FORMS[name])
    config = load_config(tmp_path)
    assert has_config(tmp_path)
    assert (config.identifier, config.product_name) == ("com.example.app", "Notes")
    assert [window.label for window in config.app.windows] == ["one"]
    assert (config.folder, config.files) == ((tmp_path / place), (str(tmp_path / place / name),))


@pytest.mark.parametrize(
    ("name", "text", "line", "said"),
    [
        (
            "tauri.conf.json5",
            "{\n identifier: 'com.example.app',\n // wrong\n productNam: 'x'}",
            4,
            "did you mean `productName`?",
        ),
        ("Tauri.toml", 'identifier = "com.example.app"\n[build]\ndev-url = 5\n', 2, "build.devUrl: expected"),
        ("Tauri.toml", 'identifier = "com.example.app"\n[build\n', 2, "not valid TOML"),
        ("Tauri.toml", 'identifier = "com.example.app"\nproductName = nan\n', 2, "found the number nan"),
        ("Tauri.toml", 'identifier = "com.example.app"\n[[app.windows]]\nwidth = inf\n', 3, "found the number inf"),
        ("tauri.conf.json5", "{\n identifier: }", 2, "not valid JSON"),
    ],
)
def test_a_wrong_file_of_another_form_is_named_with_the_line(
    tmp_path: Path, name: str, text: str, line: int, said: str
) -> None:
    (tmp_path / name).write_text(text)
    assert error_of(tmp_path).startswith(f"{tmp_path / name}:{line}: ")
    assert said in error_of(tmp_path)


def test_a_form_that_is_not_read_because_of_another_is_told(tmp_path: Path) -> None:
    (tmp_path / "tauri.conf.json").write_text(GOOD)
    (tmp_path / "Tauri.toml").write_text(FORMS["Tauri.toml"])
    assert load_config(tmp_path).unused == ("the file Tauri.toml",)


SYSTEM = {"darwin": "macos", "win32": "windows"}.get(sys.platform, sys.platform)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("tauri.{}.conf.json", '{"productName": null, "app": {"windows": [{"label": "b"}], "withGlobalTauri": true}}'),
        ("tauri.{}.conf.json5", "{productName: null, app: {windows: [{label: 'b'}], withGlobalTauri: true}}"),
        ("Tauri.{}.toml", '[app]\nwith-global-tauri = true\n[[app.windows]]\nlabel = "b"\n'),
    ],
)
def test_what_is_for_this_system_goes_before(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / "tauri.conf.json").write_text(
        '{"identifier": "com.example.app", "productName": "Notes", "build": {"frontendDist": "dist"},'
        ' "app": {"windows": [{"label": "a", "title": "A"}, {"label": "c"}]}}'
    )
    own = tmp_path / name.format(SYSTEM)
    own.write_text(text)
    (tmp_path / "tauri.other.conf.json").write_text("{")
    config = load_config(tmp_path)
    assert [(window.label, window.title) for window in config.app.windows] == [("b", WindowConfig().title)]
    assert config.product_name == ("Notes" if own.suffix == ".toml" else None)
    assert config.app.with_global_tauri
    assert config.build.frontend_dist == "dist"
    assert config.files == (str(tmp_path / "tauri.conf.json"), str(own))


def test_a_problem_is_named_in_the_file_that_it_is_in(tmp_path: Path) -> None:
    (tmp_path / "tauri.conf.json").write_text('{\n"identifier": "com.example.app",\n"productName": 5,\n"version": 6\n}')
    own = tmp_path / f"tauri.{SYSTEM}.conf.json"
    own.write_text('{\n\n"version": 7,\n"app": {"windows": [{"width": "wide"}]}\n}')
    first, *rest = error_of(tmp_path).split("\n")
    assert first.startswith(f"{tmp_path / 'tauri.conf.json'}:3: productName: ")
    assert [text.partition(": expected")[0] for text in rest] == [f"{own}:3: version", f"{own}:4: app.windows[0].width"]


def test_a_capability_of_the_file_for_this_system_is_named_there(tmp_path: Path) -> None:
    (tmp_path / "tauri.conf.json").write_text(GOOD)
    own = tmp_path / f"tauri.{SYSTEM}.conf.json"
    own.write_text('{"app": {"security": {\n"capabilities": [\n{"identifier": "x", "permissions": [5]}]}}}')
    with pytest.raises(ConfigError) as caught:
        load_access(load_config(tmp_path))
    assert str(caught.value).startswith(f"{own}:3: ")


@given(patch=JSON, value=JSON)
def test_merging_follows_the_rfc(value: Any, patch: Any) -> None:
    merged = _merged([value, patch])
    if not isinstance(patch, dict):
        assert merged == patch
        return
    before = value if isinstance(value, dict) else {}
    assert set(merged) == (set(before) | set(patch)) - {name for name in patch if patch[name] is None}
    for name in merged:
        assert merged[name] == (_merged([before.get(name), patch[name]]) if name in patch else before[name])
    assert _merged([merged, patch]) == merged, "once more changes nothing"


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    file = tmp_path / "tauri.conf.json"
    file.mkdir()

    assert error_of(tmp_path) == f"{file}: the file cannot be read: Is a directory; check its permissions"


def test_a_wrong_file_is_named_with_the_line(tmp_path: Path) -> None:
    (tmp_path / "tauri.conf.json").write_text('{\n"identifier": 5}')

    assert error_of(tmp_path) == (
        f"{tmp_path / 'tauri.conf.json'}:2: identifier: expected an identifier in reverse domain notation, of the "
        'characters A-Z, a-z, 0-9, hyphen, underscore and period, found the number 5; write "5"'
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
