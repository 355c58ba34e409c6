"""A Python package of an application runs in an environment that has nothing else of its project."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

from tests.bundler.project import write_project
from tests.bundler.test_build import reports
from tests.requirements import needs_pip, needs_webkitgtk
from transom.bundler import BundlePlan, plan_of
from transom.bundler._wheel import make_sdist, make_wheel, python_version, requirements
from transom.errors import ConfigError
from transom.project import load_config


def plan(program: Path) -> BundlePlan:
    return plan_of(load_config(program.parent), program)


def test_the_wheel_is_installed_with_a_command_that_starts_the_application(display: str, tmp_path: Path) -> None:
    needs_pip()
    needs_webkitgtk()
    wheel = make_wheel(plan(write_project(tmp_path / "project")))
    assert wheel.name == "sample_notes-1.2.0-py3-none-any.whl"
    home = tmp_path / "env"
    venv.create(home, symlinks=True)
    command = [sys.executable, "-m", "pip", "--python", home, "install", "--no-index", "--no-deps", "--quiet", wheel]
    subprocess.run(command, check=True, timeout=120)
    for path in (tmp_path / "project").rglob("*.py"):
        path.unlink()
    # What it requires is what the tests run with; the environment itself has the application only.
    packages = {"PYTHONPATH": os.pathsep.join(sys.path)}
    report = tmp_path / "report"
    assert reports(home / "bin" / "sample-notes", display, report, packages) == "from the page a note False"
    command = [sys.executable, "-m", "pip", "--python", home, "uninstall", "--yes", "--quiet", "sample-notes"]
    subprocess.run(command, check=True, timeout=120)
    assert [path for path in home.rglob("*sample*") if path.suffix != ".pyc"] == []


def test_a_wheel_has_the_projects_files_and_requirements(tmp_path: Path) -> None:
    program = write_project(tmp_path)
    (tmp_path / "helper.py").write_text("A = 1\n")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_a.py").write_text("")
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\ndependencies = ["transom>=0.1", "httpx"]\n')
    with zipfile.ZipFile(make_wheel(plan(program))) as wheel:
        assert wheel.testzip() is None
        names = set(wheel.namelist())
        metadata = wheel.read("sample_notes-1.2.0.dist-info/METADATA").decode()
    assert {
        f"sample_notes/{name}" for name in ("app.py", "helper.py", "tauri.conf.json", "ui/index.html", "note.txt")
    } < names
    assert not [name for name in names if "test" in name]
    assert "Requires-Dist: transom>=0.1\nRequires-Dist: httpx\n" in metadata


def test_the_comments_of_requirements_are_left_out_and_checksums_are_kept(tmp_path: Path) -> None:
    program = write_project(tmp_path)
    address = "helper @ https://example.org/helper-1.0-py3-none-any.whl#sha256=0123"
    (tmp_path / "requirements.txt").write_text(f"# ours\ntransom  # the newest\n{address}\n")
    assert requirements(plan(program)) == ["transom", address]


def test_requirements_follow_other_files_and_leave_options_out(tmp_path: Path) -> None:
    program = write_project(tmp_path)
    more = tmp_path / "more"
    more.mkdir()
    (more / "base.txt").write_text(
        "-r ../requirements.txt\n--requirement=web.txt\nhttpx==1.0 \\\n    --hash=sha256:01\n"
    )
    (more / "web.txt").write_text("attrs\n")
    (tmp_path / "requirements.txt").write_text("-e .\n--pre\n-r more/base.txt\ntransom\nattrs\n")
    assert requirements(plan(program)) == ["attrs", "httpx==1.0", "transom"]
    (tmp_path / "requirements.txt").write_text("-e ../helper\n")
    with pytest.raises(ConfigError, match="a folder of this machine"):
        requirements(plan(program))
    (tmp_path / "requirements.txt").write_text("-r missing.txt\n")
    with pytest.raises(ConfigError, match="missing.txt cannot be read"):
        requirements(plan(program))


def test_a_program_in_a_folder_keeps_its_place_beside_its_front_end(tmp_path: Path) -> None:
    program = write_project(tmp_path)
    (tmp_path / "src-python").mkdir()
    moved = program.rename(tmp_path / "src-python" / "app.py")
    with zipfile.ZipFile(make_wheel(plan_of(load_config(tmp_path), moved))) as wheel:
        names = set(wheel.namelist())
        start = wheel.read("sample_notes/__main__.py").decode()
    assert {"sample_notes/src-python/app.py", "sample_notes/tauri.conf.json", "sample_notes/ui/index.html"} < names
    assert "src-python/app.py" in start


def test_a_source_distribution_has_what_the_wheel_has(tmp_path: Path) -> None:
    made = plan(write_project(tmp_path))
    with tarfile.open(make_sdist(made)) as archive:
        names = {member.name.removeprefix("sample_notes-1.2.0/") for member in archive}
        file = archive.extractfile("sample_notes-1.2.0/pyproject.toml")
        assert file is not None
        project = tomllib.loads(file.read().decode())
    with zipfile.ZipFile(make_wheel(made)) as wheel:
        assert {name for name in wheel.namelist() if ".dist-info/" not in name} == names - {
            "pyproject.toml",
            "PKG-INFO",
        }
    assert project["project"]["scripts"] == {"sample-notes": "sample_notes.__main__:main"}
    assert project["project"]["description"] == made.summary


@pytest.mark.parametrize(
    ("version", "expected"),
    [("1.2.3", "1.2.3"), ("1.0.0-alpha.1", "1.0.0a1"), ("1.0.0-beta", "1.0.0b0"), ("1.0.0-rc.2", "1.0.0rc2")],
)
def test_versions_get_pythons_form(version: str, expected: str) -> None:
    assert python_version(version) == expected


@pytest.mark.parametrize("version", ["1.0", "1.0.0-nightly", "new"])
def test_a_version_that_python_has_not_is_named(version: str) -> None:
    with pytest.raises(ConfigError, match="has no form among Python's"):
        python_version(version)


def test_a_project_may_have_a_package_of_its_own_name(tmp_path: Path) -> None:
    program = write_project(tmp_path / "project")
    (program.parent / "sample_notes").mkdir()
    (program.parent / "sample_notes" / "__init__.py").write_text("print('its own package')\n")
    program.write_text("import sample_notes\n")
    with zipfile.ZipFile(make_wheel(plan(program))) as wheel:
        wheel.extractall(tmp_path / "site")
    entry = (tmp_path / "site" / "sample_notes-1.2.0.dist-info" / "entry_points.txt").read_text()
    assert entry == "[console_scripts]\nsample-notes = sample_notes_app.__main__:main\n"
    command = [sys.executable, "-c", "import sample_notes_app.__main__ as program; program.main()"]
    done = subprocess.run(command, cwd=tmp_path / "site", capture_output=True, text=True, check=False, timeout=60)
    assert done.stdout == "its own package\n", done.stderr
