from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.mock_app import Running, context
from tests.requirements import needs_linux
from transom.errors import UnknownPath
from transom.handles import BaseDirectory, PathResolver

HOME = Path("/home/ada")
IDENTIFIER = "org.example.mock"

# The numbers of `BaseDirectory` in the npm package, the variable that a path may begin with, the folder on Linux.
TABLE = [
    (1, "$AUDIO", HOME / "Music"),
    (2, "$CACHE", HOME / ".cache"),
    (3, "$CONFIG", HOME / ".config"),
    (4, "$DATA", HOME / ".local/share"),
    (5, "$LOCALDATA", HOME / ".local/share"),
    (6, "$DOCUMENT", HOME / "Documents"),
    (7, "$DOWNLOAD", HOME / "Downloads"),
    (8, "$PICTURE", HOME / "Pictures"),
    (9, "$PUBLIC", HOME / "Public"),
    (10, "$VIDEO", HOME / "Videos"),
    (11, "$RESOURCE", Path(__file__).parent.parent),
    (12, "$TEMP", Path("/var/tmp/ada")),
    (13, "$APPCONFIG", HOME / ".config" / IDENTIFIER),
    (14, "$APPDATA", HOME / ".local/share" / IDENTIFIER),
    (15, "$APPLOCALDATA", HOME / ".local/share" / IDENTIFIER),
    (16, "$APPCACHE", HOME / ".cache" / IDENTIFIER),
    (17, "$APPLOG", HOME / ".local/share" / IDENTIFIER / "logs"),
    (18, "$DESKTOP", HOME / "Desktop"),
    (19, "$EXE", HOME / ".local/bin"),
    (20, "$FONT", HOME / ".local/share/fonts"),
    (21, "$HOME", HOME),
    (22, "$RUNTIME", Path("/run/user/5")),
    (23, "$TEMPLATE", HOME / "Templates"),
]


@pytest.fixture
def path(monkeypatch: pytest.MonkeyPatch) -> PathResolver:
    """The folders of a user without settings of her own."""
    for name in ("DATA", "CONFIG", "CACHE", "STATE", "BIN"):
        monkeypatch.delenv(f"XDG_{name}_HOME", raising=False)
    for name in ("MUSIC", "DOCUMENTS", "DOWNLOAD", "PICTURES", "PUBLICSHARE", "VIDEOS", "DESKTOP", "TEMPLATES"):
        monkeypatch.delenv(f"XDG_{name}_DIR", raising=False)
    monkeypatch.setenv("HOME", str(HOME))
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/run/user/5")
    monkeypatch.setattr("tempfile.tempdir", "/var/tmp/ada")
    return PathResolver(context().config)


@pytest.mark.parametrize(("number", "variable", "folder"), TABLE, ids=[row[1] for row in TABLE])
def test_every_folder_has_tauris_number_variable_and_place(
    path: PathResolver, number: int, variable: str, folder: Path
) -> None:
    needs_linux()
    base = BaseDirectory(number)
    assert base.variable == variable
    assert BaseDirectory.from_variable(variable) is base
    assert getattr(path, f"{base.name.lower()}_dir")() == folder
    assert path.resolve("a/b", base) == folder / "a/b"
    assert path.parse(f"{variable}/a/b") == folder / "a/b"


def test_the_table_is_complete() -> None:
    assert [number for number, _, _ in TABLE] == [int(base) for base in BaseDirectory]


def test_the_users_own_settings_count(path: PathResolver, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    needs_linux()
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / "user-dirs.dirs").write_text('XDG_MUSIC_DIR="$HOME/Musik"\n')
    assert path.app_data_dir() == Path("/data") / IDENTIFIER
    assert path.audio_dir() == HOME / "Musik"


@pytest.mark.parametrize("value", [None, "", "relative"])
def test_a_folder_that_is_not_there_is_an_unknown_path(
    path: PathResolver, monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    needs_linux()
    if value is None:
        monkeypatch.delenv("XDG_RUNTIME_DIR")
    else:
        monkeypatch.setenv("XDG_RUNTIME_DIR", value)
    for ask in (path.runtime_dir, lambda: path.parse("$RUNTIME/a"), lambda: path.resolve("a", BaseDirectory.RUNTIME)):
        with pytest.raises(UnknownPath, match="^unknown path: .RUNTIME needs Linux and XDG_RUNTIME_DIR"):
            ask()


def test_folders_of_linux_are_unknown_elsewhere(path: PathResolver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    for ask in (path.executable_dir, path.runtime_dir):
        with pytest.raises(UnknownPath, match="^unknown path: "):
            ask()
    assert path.app_log_dir() == HOME / "Library/Logs" / IDENTIFIER


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("", Path()),
        ("notes.txt", Path("notes.txt")),
        ("$NOTHING/a", Path("$NOTHING/a")),
        ("a/$HOME/b", Path("a/$HOME/b")),
        ("$HOME", HOME),
        ("$HOME/../root/../x", HOME / "root/x"),
        ("/a/../b", Path("/a/b")),
        ("../a", Path("../a")),
        ("$HOMEX/a", Path("$HOMEX/a")),
        ("$home/a", Path("$home/a")),
    ],
)
def test_only_the_first_part_may_be_a_variable_and_no_later_part_leads_up(
    path: PathResolver, text: str, parsed: Path
) -> None:
    assert path.parse(text) == parsed
    assert path.parse(Path(text)) == parsed


def test_a_resolved_path_keeps_what_leads_up_and_an_absolute_one_stays(path: PathResolver) -> None:
    assert path.resolve("../x", BaseDirectory.HOME) == HOME / "../x"
    assert path.resolve("/x", BaseDirectory.HOME) == Path("/x")


@pytest.mark.parametrize(
    ("text", "name"), [("/a/b.txt", "b.txt"), ("b", "b"), ("/a/", "a"), ("/", None), ("", None), ("a/..", None)]
)
def test_the_name_of_a_file(path: PathResolver, text: str, name: str | None) -> None:
    assert path.file_name(text) == name


def test_handles_know_the_paths_of_their_application(application: Running) -> None:
    path = application.app.path()
    assert path.resource_dir() == application.app.config().folder
    assert application.app.handle().path().app_data_dir().name == IDENTIFIER


def test_a_base_directory_is_its_number_on_the_wire() -> None:
    value: Any = msgspec.json.decode(b"21", type=BaseDirectory)
    assert value is BaseDirectory.HOME
    assert msgspec.json.encode(BaseDirectory.HOME) == b"21"


def test_every_folder_of_this_system_has_a_variable_for_scopes(path: PathResolver, monkeypatch: Any) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/run/user/1")
    variables = path.variables()
    assert variables["HOME"] == str(HOME)
    assert variables["APPDATA"] == str(path.app_data_dir())
    assert variables["EXE"] == str(path.executable_dir())
    assert len(variables) == len(BaseDirectory)
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    assert "RUNTIME" not in path.variables()
