"""`scripts/setup` decides what a machine lacks; here machines are made up, and nothing is installed."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from tests.repository.tree import ROOT
from transom.cli import _doctor as doctor

SCRIPTS = ROOT / "scripts"


@pytest.fixture
def provision(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """The script as a module, with a `.venv` of its own."""
    monkeypatch.syspath_prepend(SCRIPTS)
    spec = importlib.util.spec_from_file_location("provision", SCRIPTS / "provision.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "STAMPS", tmp_path / "stamps")
    return module


@pytest.fixture
def bare(provision: ModuleType, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A Debian machine with nothing but Python and apt."""
    monkeypatch.setattr(provision, "not_installed", list)
    monkeypatch.setattr(provision, "pkg_config", lambda name: False)
    monkeypatch.setattr(provision, "has_headers", lambda: False)
    monkeypatch.setattr(provision, "find_chromium", lambda: None)
    monkeypatch.setattr(provision, "is_ubuntu", lambda: False)
    monkeypatch.setattr(provision, "has_candidate", lambda package: True)
    monkeypatch.setattr(provision.shutil, "which", _only_apt)
    return provision


def _only_apt(name: str, path: str | None = None) -> str | None:
    return "/usr/bin/apt-get" if name == "apt-get" else None


def test_every_mode_needs_things_that_exist(provision: ModuleType) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    known = {f"extra:{name}" for name in project["project"]["optional-dependencies"]}
    known |= {f"group:{name}" for name in project["dependency-groups"]}
    known |= {
        "window",
        "drive",
        "desktop",
        "firefox",
        "proxy",
        "databases",
        "packages",
        "headers",
        "ui",
        "ui-packages",
        "js",
    }
    assert {need for needs in provision.MODES.values() for need in needs} <= known


def test_every_verb_of_the_makefile_asks_for_a_mode_that_exists(provision: ModuleType) -> None:
    words = {
        word
        for line in (ROOT / "Makefile").read_text(encoding="utf-8").splitlines()
        if "scripts/setup" in line and line.startswith("\t")
        for word in line.split("scripts/setup")[1].replace("$(if $(CHECK),", " ").replace(")", " ").split()
    }
    assert words
    assert words <= set(provision.MODES)


def test_an_unknown_mode_is_an_error_that_names_the_modes(
    provision: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    assert provision.main(["tests"]) == 2
    assert "demo, drive, test, fast, check, docs, fuzz, bench" in capsys.readouterr().err


def test_a_bare_debian_lacks_what_a_window_is_built_from(bare: ModuleType) -> None:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert set(bare.missing_packages(["window", "drive"])) == {
        "gir1.2-gtk-3.0", "gir1.2-webkit2-4.1", "gcc", "pkg-config", "libcairo2-dev", "libgirepository-2.0-dev",
        f"python{version}-dev", "xvfb", "chromium",
    }  # fmt: skip


def test_a_firefox_is_asked_for_where_it_is_no_snap(bare: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    assert bare.missing_packages(["firefox"]) == ["firefox-esr"]
    monkeypatch.setattr(bare, "is_ubuntu", lambda: True)
    assert bare.missing_packages(["firefox"]) == []


def test_the_tests_of_windows_need_a_window_manager_and_what_asks_about_windows(bare: ModuleType) -> None:
    tools = ["openbox", "xdotool", "x11-utils", "dbus", "xdg-utils", "webkit2gtk-driver", "chromium-driver"]
    assert bare.missing_packages(["desktop"]) == [
        *tools,
        *bare.QT_LIBRARIES,
        *bare.MONITORS,
        *bare.FILM,
        *bare.IMAGE_LOADERS,
    ]


def test_the_tests_of_a_reverse_proxy_need_one_and_a_certificate(bare: ModuleType) -> None:
    assert bare.missing_packages(["proxy"]) == ["nginx", "openssl"]


@pytest.mark.parametrize("known", [True, False])
def test_valkey_is_asked_for_where_the_release_has_it(
    bare: ModuleType, monkeypatch: pytest.MonkeyPatch, known: bool
) -> None:
    monkeypatch.setattr(bare, "has_candidate", lambda package: known)
    missing = bare.missing_packages(["databases"])
    assert "redis-server" in missing
    assert ("valkey-server" in missing) is known


def test_an_older_release_gets_the_older_girepository(bare: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bare, "has_candidate", lambda package: "2.0" not in package)
    assert "libgirepository1.0-dev" in bare.missing_packages(["window"])


def test_a_girepository_that_is_there_is_kept(bare: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bare, "pkg_config", lambda name: name in {"gobject-introspection-1.0", "cairo"})
    assert not [name for name in bare.missing_packages(["window"]) if "girepository" in name or "cairo" in name]


def test_what_built_pygobject_is_not_asked_for_again(bare: ModuleType) -> None:
    bare.mark("PyGObject", "done")
    assert bare.missing_packages(["window"]) == ["gir1.2-gtk-3.0", "gir1.2-webkit2-4.1"]


def test_ubuntu_is_not_asked_for_a_chromium_that_is_a_snap(bare: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bare, "is_ubuntu", lambda: True)
    assert bare.missing_packages(["drive"]) == ["xvfb"]


def test_without_root_there_is_one_sentence_with_the_command(bare: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bare, "how_to_be_root", lambda: None)
    (sentence,) = bare.system_packages(["drive"])
    assert "`sudo apt-get install xvfb chromium`" in sentence


def test_without_root_a_python_that_cannot_make_environments_stops(
    bare: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bare, "how_to_be_root", lambda: None)
    monkeypatch.setattr(bare, "PYTHON", Path("/nowhere/python"))
    monkeypatch.setattr(bare.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(bare.SetupError, match=r"sudo apt-get install python3\.\d+-venv"):
        bare.system_packages([])


def test_a_package_that_apt_does_not_have_is_named(bare: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    commands = []
    monkeypatch.setattr(bare, "how_to_be_root", list)
    monkeypatch.setattr(bare, "run", commands.append)
    monkeypatch.setattr(bare, "has_candidate", lambda package: package != "chromium")
    lacking = bare.system_packages(["drive"])
    assert commands[0] == ["apt-get", "update", "-qq"]
    assert commands[1][-1] == "xvfb"
    assert any("no package chromium" in sentence for sentence in lacking)


@pytest.mark.parametrize(
    ("there", "requirement"),
    [
        ({"girepository-2.0", "gobject-introspection-1.0"}, "PyGObject>=3.51,<4"),
        ({"gobject-introspection-1.0"}, "PyGObject>=3.50,<3.51"),
    ],
)
def test_the_pygobject_release_fits_the_girepository(
    bare: ModuleType, monkeypatch: pytest.MonkeyPatch, there: set[str], requirement: str
) -> None:
    installed = []
    monkeypatch.setattr(bare, "pkg_config", lambda name: name in there | {"cairo"})
    monkeypatch.setattr(bare, "has_headers", lambda: True)
    monkeypatch.setattr(bare.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(bare, "pip", lambda *requirements: installed.extend(requirements))
    monkeypatch.setattr(bare.sys, "platform", "linux")
    assert bare.install_pygobject() == []
    assert installed == [requirement]


def test_elsewhere_than_on_linux_the_web_runtime_is_named(bare: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bare.sys, "platform", "darwin")
    (sentence,) = bare.install_pygobject()
    assert "web runtime" in sentence


def test_a_step_is_done_once_and_again_when_what_it_was_made_from_changes(provision: ModuleType) -> None:
    done = []
    for key in ("a", "a", "b", "b"):
        provision.once("step", key, "a step", lambda key=key: done.append(key))
    assert done == ["a", "b"]


def test_a_step_that_failed_is_done_again(provision: ModuleType) -> None:
    def fail() -> None:
        raise provision.SetupError("no network")

    with pytest.raises(provision.SetupError):
        provision.once("step", "a", "a step", fail)
    assert not provision.is_done("step")


@pytest.mark.parametrize("said", ["v18.19.1", "v20.18.0"])
def test_an_old_node_is_not_used_for_the_tests(
    provision: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, said: str
) -> None:
    node = tmp_path / "node"
    node.write_text(f"#!/bin/sh\necho {said}\n", encoding="utf-8")
    node.chmod(0o755)
    (tmp_path / "npm").symlink_to(node)
    installed = []
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setattr(provision, "VENV", tmp_path / "venv")
    monkeypatch.setattr(provision, "pip", lambda *requirements: installed.extend(requirements))
    assert provision.find_npm(provision.NODE_FOR_TESTS) == str(tmp_path / "venv" / "bin" / "npm")
    assert installed == [provision.NODE_WHEEL]
    assert provision.find_npm((18, 0)) == str(tmp_path / "npm")


def test_setup_and_doctor_know_the_same_things(provision: ModuleType) -> None:
    assert provision.CHROMIUMS == doctor.CHROMIUMS
    assert provision.NODE_FOR_TESTS == doctor.NODE_NEEDED
    named = " ".join([*doctor.APT.values(), doctor.APT_BUILD]).split()
    ours = {
        *provision.TYPELIBS,
        *provision.FILM,
        *provision.BUILD_TOOLS.values(),
        "libcairo2-dev",
        "python3-dev",
        "xvfb",
        "chromium",
        "nodejs",
        "npm",
    }
    assert set(named) == ours


def test_a_python_that_does_not_fit_is_refused_with_its_name(tmp_path: Path) -> None:
    old = tmp_path / "old-python"
    old.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    old.chmod(0o755)
    done = subprocess.run(
        [SCRIPTS / "setup", "test"], env={**os.environ, "PYTHON": str(old)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert str(old) in done.stderr
    assert "3.11" in done.stderr


def front_end_tree(folder: Path) -> Path:
    (folder / "src").mkdir(parents=True)
    (folder / "dist").mkdir()
    (folder / "node_modules").mkdir()
    for name, time in {
        "package.json": 100,
        "src/main.ts": 100,
        "dist/index.html": 200,
        "node_modules/x.js": 300,
    }.items():
        (folder / name).write_text("", encoding="utf-8")
        os.utime(folder / name, (time, time))
    os.utime(folder / "src", (100, 100))
    return folder


def test_a_front_end_is_fresh_until_a_source_changes(provision: ModuleType, tmp_path: Path) -> None:
    ui = front_end_tree(tmp_path / "ui")
    assert provision.front_end.is_fresh(ui)
    os.utime(ui / "src" / "main.ts", (201, 201))
    assert not provision.front_end.is_fresh(ui)


def test_a_front_end_is_not_fresh_after_a_source_was_deleted(provision: ModuleType, tmp_path: Path) -> None:
    ui = front_end_tree(tmp_path / "ui")
    (ui / "src" / "main.ts").unlink()
    assert not provision.front_end.is_fresh(ui)


def test_a_front_end_that_was_never_built_is_not_fresh(provision: ModuleType, tmp_path: Path) -> None:
    ui = front_end_tree(tmp_path / "ui")
    (ui / "dist" / "index.html").unlink()
    assert not provision.front_end.is_fresh(ui)


def test_without_npm_the_error_says_what_to_install(
    provision: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(provision.front_end.CannotBuild, match="apt install nodejs npm"):
        provision.front_end.build(tmp_path)


def test_a_failing_npm_is_quoted(provision: ModuleType, tmp_path: Path) -> None:
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\necho 'npm error code EUSAGE' >&2\nexit 1\n", encoding="utf-8")
    npm.chmod(0o755)
    with pytest.raises(provision.front_end.CannotBuild, match="EUSAGE"):
        provision.front_end.install_packages(tmp_path, str(npm))
