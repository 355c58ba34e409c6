"""Bundles are made once, and what comes out of them runs without the Python that made them."""

from __future__ import annotations

import gzip
import os
import subprocess
import tarfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.bundler.project import write_project
from tests.requirements import needs_package_tools, needs_pyinstaller, needs_webkitgtk, needs_xdg_mime
from transom.bundler import build
from transom.bundler._build import targets_of
from transom.errors import AuthorError, ConfigError
from transom.project import load_config

pytestmark = pytest.mark.timeout(600)  # PyInstaller takes half a minute, and minutes on a busy machine


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    needs_pyinstaller()
    needs_package_tools()
    needs_webkitgtk()
    program = write_project(tmp_path_factory.mktemp("project") / "app")
    into = tmp_path_factory.mktemp("bundles")
    names = ("dir", "deb", "rpm", "tar.gz")
    made = dict(zip(names, build(load_config(program.parent), program, names, into, say=lambda _: None), strict=True))
    program.unlink()  # a bundle that needs its source would fail below
    return made


def reports(program: Path, display: str, report: Path, environment: Mapping[str, str] | None = None) -> str:
    """Start a bundled application without this Python's environment, and return what its page reported."""
    home = report.parent / "home"
    home.mkdir(exist_ok=True)
    given = {"PATH": "/usr/bin:/bin", "HOME": str(home), "DISPLAY": display, "TRANSOM_RUNTIME": "webkitgtk"}
    done = subprocess.run(
        [program, report],
        env={**given, **(environment or {})},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return report.read_text()


def test_the_folder_runs_wherever_it_is(bundles: dict[str, Path], display: str, tmp_path: Path) -> None:
    moved = tmp_path / "another place"
    moved.symlink_to(bundles["dir"])
    assert reports(moved / "sample-notes", display, tmp_path / "report") == "from the page a note True"


def test_the_folder_brings_no_library_of_webkitgtk_and_nothing_for_developers(bundles: dict[str, Path]) -> None:
    from PyInstaller.archive.readers import CArchiveReader

    names = {path.name for path in bundles["dir"].rglob("*")}
    assert not {"libgtk-3.so.0", "libglib-2.0.so.0", "libwebkit2gtk-4.1.so.0", "gi_typelibs", "share"} & names
    assert not {"templates", "numpy", "cryptography", "psycopg", "pydantic", "inspector"} & names
    archive = CArchiveReader(str(bundles["dir"] / "sample-notes"))
    modules = archive.open_embedded_archive(next(name for name in archive.toc if name.endswith(".pyz"))).toc
    assert "transom.app" in modules
    assert not [name for name in modules if name.startswith(("transom.inspector", "transom.cli", "transom.testing"))]


def test_the_deb_has_what_a_package_has(bundles: dict[str, Path]) -> None:
    fields = subprocess.run(
        ["dpkg-deb", "--field", bundles["deb"]], capture_output=True, text=True, check=True, timeout=60
    ).stdout
    values = dict(line.split(": ", 1) for line in fields.splitlines() if not line.startswith(" "))
    assert (values["Package"], values["Version"], values["Section"]) == ("sample-notes", "1.2.0", "misc")
    assert values["Maintainer"] == "Example Authors <authors@example.org>"
    assert {"gir1.2-webkit2-4.1", "libwebkit2gtk-4.1-0"} <= set(values["Depends"].split(", "))


def test_lintian_finds_no_fault_in_the_deb(bundles: dict[str, Path]) -> None:
    done = subprocess.run(
        ["lintian", "--fail-on", "error,warning", bundles["deb"]],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout


def test_what_is_in_the_deb_is_valid_and_runs(bundles: dict[str, Path], display: str, tmp_path: Path) -> None:
    root = tmp_path / "root"
    subprocess.run(["dpkg-deb", "--extract", bundles["deb"], root], check=True, timeout=120)
    share = root / "usr" / "share"
    desktop = share / "applications" / "org.example.samplenotes.desktop"
    subprocess.run(["desktop-file-validate", desktop], check=True, timeout=60)
    metainfo = share / "metainfo" / "org.example.samplenotes.metainfo.xml"
    done = subprocess.run(
        ["appstreamcli", "validate", "--no-net", metainfo], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stdout
    assert "Do as you like." in (share / "doc" / "sample-notes" / "copyright").read_text()
    assert gzip.decompress((share / "doc" / "sample-notes" / "changelog.gz").read_bytes()).startswith(
        b"sample-notes (1.2.0)"
    )
    assert reports(root / "usr/bin/sample-notes", display, tmp_path / "report") == "from the page a note True"


def test_the_rpm_has_what_a_package_has_and_runs(bundles: dict[str, Path], display: str, tmp_path: Path) -> None:
    def ask(*query: str) -> list[str]:
        command = ["rpm", "--dbpath", tmp_path / "db", "--query", "--package", *query, bundles["rpm"]]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.splitlines()

    assert ask("--queryformat", "%{NAME} %{VERSION} %{RELEASE} %{LICENSE}") == ["sample-notes 1.2.0 1 MIT"]
    assert {"webkit2gtk4.1", "gtk3"} <= set(ask("--requires"))
    assert "/usr/share/applications/org.example.samplenotes.desktop" in ask("--list")
    unpacked = subprocess.run(["rpm2cpio", bundles["rpm"]], capture_output=True, check=True, timeout=120).stdout
    subprocess.run(["cpio", "-idm", "--quiet"], input=unpacked, cwd=tmp_path, check=True, timeout=120)
    assert reports(tmp_path / "usr/bin/sample-notes", display, tmp_path / "report") == "from the page a note True"


def test_the_archive_runs_where_it_is_unpacked_and_comes_into_the_menu(
    bundles: dict[str, Path], display: str, tmp_path: Path
) -> None:
    needs_xdg_mime()
    with tarfile.open(bundles["tar.gz"]) as archive:
        archive.extractall(tmp_path, filter="data")
    home = tmp_path / "sample-notes-1.2.0"
    assert reports(home / "sample-notes", display, tmp_path / "report") == "from the page a note True"
    environment = {**os.environ, "XDG_DATA_HOME": str(tmp_path / "data")}
    entry = tmp_path / "data" / "applications" / "org.example.samplenotes.desktop"
    subprocess.run([home / "install.sh"], env=environment, check=True, timeout=60)
    assert f'Exec="{home}/sample-notes" %u' in entry.read_text().splitlines()
    subprocess.run(["desktop-file-validate", entry], check=True, timeout=60)
    subprocess.run([home / "install.sh", "--remove"], env=environment, check=True, timeout=60)
    assert not entry.exists()


# Without PyInstaller


@pytest.mark.parametrize(
    ("wanted", "text"),
    [
        (["msi"], "a bundle of the format msi is made on Windows"),
        (["dmg"], "a bundle of the format dmg is made on macOS"),
        (["zip"], r"transom cannot make a bundle of the format zip; there are dir, deb, rpm, tar.gz"),
    ],
)
def test_a_format_that_cannot_be_made_is_named(tmp_path: Path, wanted: list[str], text: str) -> None:
    program = write_project(tmp_path)
    with pytest.raises(ConfigError, match=text):
        targets_of(load_config(program.parent), wanted, print)


@pytest.mark.parametrize(
    ("targets", "expected", "said"),
    [
        ("all", ("dir", "deb", "tar.gz"), []),
        (["deb", "msi"], ("deb",), []),
        (["deb", "appimage"], ("deb",), ["bundle.targets: appimage cannot be made yet, and is left out"]),
        ("nsis", ("dir", "deb", "tar.gz"), []),
    ],
)
def test_targets_of_other_systems_are_left_out(
    tmp_path: Path, targets: object, expected: tuple[str, ...], said: list[str]
) -> None:
    program = write_project(tmp_path, targets=targets)
    lines: list[str] = []
    assert targets_of(load_config(program.parent), (), lines.append) == expected
    assert lines == said


def test_a_field_that_no_bundle_uses_is_named(tmp_path: Path) -> None:
    linux = {"appimage": {"bundleMediaFramework": True}, "deb": {"desktopTemplate": "a.desktop"}}
    program = write_project(tmp_path, linux=linux, createUpdaterArtifacts=True)
    (tmp_path / "note.txt").unlink()  # so that it ends before PyInstaller
    lines: list[str] = []
    with pytest.raises(ConfigError, match="bundle.resources"):
        build(load_config(tmp_path), program, ("dir",), say=lines.append)
    assert [line.removesuffix(" has no effect yet") for line in lines] == [
        "bundle.createUpdaterArtifacts",
        "bundle.linux.appimage",
        "bundle.linux.deb.desktopTemplate",
    ]


def test_a_command_that_fails_ends_the_build_before_anything_is_made(tmp_path: Path) -> None:
    program = write_project(tmp_path)
    file = tmp_path / "tauri.conf.json"
    file.write_text(
        file.read_text().replace('"frontendDist": "ui"', '"frontendDist": "ui", "beforeBuildCommand": "exit 3"')
    )
    with pytest.raises(AuthorError, match="build.beforeBuildCommand failed with status 3: exit 3"):
        build(load_config(tmp_path), program, ("dir",), say=lambda _: None)
    assert not (tmp_path / "target").exists()
