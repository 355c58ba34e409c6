"""The wheel, as a stranger gets it: built, looked into, and run in an empty virtual environment."""

from __future__ import annotations

import json
import shutil
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.repository.tree import ROOT, relative, tracked_files
from tests.repository.wheel import build, built, environment_with, run
from tests.requirements import needs_node

NOT_IMPORTED = frozenset({"gi", "webview", "starlette", "uvicorn", "websockets", "pydantic"})
SOURCES = ("src", "examples", "scripts", "pyproject.toml", "hatch_build.py", "README.md", "LICENSE")

MEASURE = """
import json, sys, transom
print(json.dumps([sorted(sys.modules), transom.__file__]))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, with the demo's front end."""
    needs_node()
    return built(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return environment_with(wheel, tmp_path_factory.mktemp("env"))


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A copy of what the wheel is built from, without anything that was made."""
    copy = tmp_path / "sources"
    for path in tracked_files():
        name = relative(path)
        if name.split("/")[0] in SOURCES:
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy / name)
    return copy


def test_the_wheel_holds_every_module_and_every_page_script(names: set[str]) -> None:
    package = ROOT / "src"
    ours = {p.relative_to(package).as_posix() for p in tracked_files() if package in p.parents}
    assert ours <= names
    assert any(name.startswith("transom/wire/js/") for name in names)


def test_the_wheel_says_that_it_is_typed(names: set[str]) -> None:
    assert "transom/py.typed" in names


def test_the_wheel_carries_the_demo_with_its_built_front_end(names: set[str]) -> None:
    assert {
        "transom/_demo/tauri.conf.json",
        "transom/_demo/capabilities/main.json",
        "transom/_demo/ui/dist/index.html",
        "transom/_demo/atlas/__init__.py",
    } <= names
    assert any(name.startswith("transom/_demo/ui/dist/assets/") and name.endswith(".js") for name in names)


def test_the_wheel_carries_nothing_else(names: set[str]) -> None:
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"transom"}
    assert [name for name in names if "node_modules" in name or "__pycache__" in name or "/ui/src/" in name] == []
    assert "transom/_demo/front-end-missing.txt" not in names


def test_the_wheel_carries_the_global_api_with_its_licence(wheel: Path, python: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        assert b"Tauri Apps Contributors" in archive.read("transom/wire/dist/LICENSE-tauri-apps-api")
        bundle = archive.read("transom/wire/dist/global_api.js")
        assert b"window.__TAURI__" in archive.read("transom/wire/dist/global_api_v1.js")
    assert b'"__TAURI__"' in bundle
    done = run([python, "-I", "-c", "from transom.wire import global_api_script; print(len(global_api_script()))"])
    assert done.stdout.strip() == str(len(bundle.decode())), done.stderr


def test_the_wheel_has_its_licence(names: set[str]) -> None:
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


def test_import_brings_no_window_system_and_no_server(python: Path) -> None:
    modules, place = json.loads(run([python, "-I", "-c", MEASURE]).stdout)
    assert Path(place).is_relative_to(python.parents[1])
    assert NOT_IMPORTED & {name.partition(".")[0] for name in modules} == set()
    assert [name for name in modules if name.startswith("transom")] == ["transom"]


def test_doctor_runs_from_the_wheel_and_finds_the_demo(python: Path, tmp_path: Path) -> None:
    done = run([python.with_name("transom"), "doctor"], cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "web: can run" in done.stdout
    assert str(python.parents[1]) in next(line for line in done.stdout.splitlines() if "front end" in line)


def test_without_npm_the_wheel_carries_the_reason(sources: Path, tmp_path: Path) -> None:
    done = build("wheel", tmp_path, sources, PATH=str(tmp_path))
    assert done.returncode == 0, done.stderr
    (path,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        reason = archive.read("transom/_demo/front-end-missing.txt").decode()
        assert archive.read("transom/wire/dist/missing.txt").decode() == reason
        assert "transom/_demo/ui/dist/index.html" not in archive.namelist()
        assert "transom/wire/dist/global_api.js" not in archive.namelist()
    assert "npm is not on the PATH" in reason
    assert "apt install nodejs npm" in reason
    assert list(tmp_path.glob("*.txt")) == []


def test_a_release_is_not_built_without_the_front_end(sources: Path, tmp_path: Path) -> None:
    done = build("wheel", tmp_path, sources, PATH=str(tmp_path), TRANSOM_REQUIRE_DEMO="1")
    assert done.returncode != 0
    assert "npm is not on the PATH" in done.stdout + done.stderr
    assert list(tmp_path.glob("*.whl")) == []


def test_an_editable_install_builds_no_front_end(sources: Path, tmp_path: Path) -> None:
    done = build("wheel:editable", tmp_path, sources, PATH=str(tmp_path), TRANSOM_REQUIRE_DEMO="1")
    assert done.returncode == 0, done.stderr
    (path,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        assert [name for name in archive.namelist() if "_demo" in name or "dist/" in name] == []


def test_the_source_archive_holds_what_the_wheel_is_built_from(tmp_path: Path) -> None:
    done = build("sdist", tmp_path)
    assert done.returncode == 0, done.stderr
    (path,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(path) as archive:
        inside = {name.partition("/")[2] for name in archive.getnames()}
    wanted = {relative(p) for p in tracked_files() if relative(p).split("/")[0] in SOURCES}
    assert wanted <= inside
    assert [name for name in inside if "node_modules" in name or "/dist/" in name] == []
