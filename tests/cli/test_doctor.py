"""`transom doctor` on machines of every kind, none of them this one but the last."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from transom.cli import _doctor as doctor

PACKAGES = {
    "msgspec": "0.22.0",
    "starlette": "1.10.0",
    "uvicorn": "0.54.0",
    "websockets": "17.4",
    "PyGObject": "3.50.2",
    "watchfiles": "1.3.0",
}
PROGRAMS = {name: f"/usr/bin/{name}" for name in ("node", "npm", "chromium", "Xvfb")}
ANSWERS = {
    "typelibs": "",
    "media": "",
    "node": "v20.19.0\n",
    "girepository-2.0": None,
    "gobject-introspection-1.0": "1.74.0\n",
}


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    (tmp_path / "ui" / "dist").mkdir(parents=True)
    (tmp_path / "ui" / "dist" / "index.html").touch()
    return tmp_path


@pytest.fixture
def desktop(demo: Path) -> doctor.Machine:
    """A Debian desktop with everything."""
    return doctor.Machine(
        platform="linux",
        has_apt=True,
        is_root=False,
        python="/venv/bin/python",
        environ={"DISPLAY": ":0"},
        version=PACKAGES.get,
        program=PROGRAMS.get,
        answer=answers(),
        demo=demo,
    )


def answers(**changes: str | None):
    """Answer commands by the word that tells them apart."""
    known = ANSWERS | {name.replace("_", "-"): value for name, value in changes.items()}

    def answer(command):
        script = "media" if "gstreamer" in command[-1] else "typelibs"
        word = script if "-c" in command else "node" if command[-1] == "--version" else command[-1]
        return known.get(word)

    return answer


def without(table: Mapping[str, str], *names: str):
    return {name: value for name, value in table.items() if name not in names}.get


def lacks(machine: doctor.Machine, area: str) -> list[str]:
    return [f.what for f in doctor.examine(machine) if f.area == area and not f.ok]


def mend(machine: doctor.Machine, what: str) -> str:
    finding = next(f for f in doctor.examine(machine) if f.what == what)
    assert not finding.ok
    return finding.mend or ""


def test_a_desktop_with_everything_runs_both_runtimes(desktop: doctor.Machine) -> None:
    assert doctor.can_run(doctor.examine(desktop)) == ["web", "webkitgtk"]


def test_every_thing_that_is_there_has_no_mending_command(desktop: doctor.Machine) -> None:
    assert [f for f in doctor.examine(desktop) if f.ok and f.mend] == []


@pytest.mark.parametrize("package", doctor.WEB_PACKAGES)
def test_the_web_runtime_needs_each_of_its_packages(desktop: doctor.Machine, package: str) -> None:
    machine = replace(desktop, version=without(PACKAGES, package))
    assert lacks(machine, "web") == [package]
    assert doctor.can_run(doctor.examine(machine)) == ["webkitgtk"]
    assert mend(machine, package) == f"/venv/bin/python -m pip install '{package}'"


def test_without_a_display_there_is_no_window_and_the_web_runtime_is_named(desktop: doctor.Machine) -> None:
    machine = replace(desktop, environ={})
    assert doctor.can_run(doctor.examine(machine)) == ["web"]
    assert "transom demo --runtime web" in mend(machine, "display")


def test_wayland_is_a_display(desktop: doctor.Machine) -> None:
    machine = replace(desktop, environ={"WAYLAND_DISPLAY": "wayland-0"})
    assert lacks(machine, "webkitgtk") == []


def test_a_missing_typelib_is_named_with_its_package(desktop: doctor.Machine) -> None:
    machine = replace(desktop, answer=answers(typelibs="WebKit2\n"))
    assert lacks(machine, "webkitgtk") == ["WebKit2 4.1"]
    assert mend(machine, "WebKit2 4.1") == "sudo apt install gir1.2-gtk-3.0 gir1.2-webkit2-4.1"


def test_what_plays_sound_and_film_is_named_and_no_window_needs_it(desktop: doctor.Machine) -> None:
    machine = replace(desktop, answer=answers(media="matroska\nvpx\n"))
    assert lacks(machine, "webkitgtk") == ["sound and film"]
    assert "webkitgtk" in doctor.can_run(doctor.examine(machine))
    assert mend(machine, "sound and film") == ("sudo apt install gstreamer1.0-plugins-base gstreamer1.0-plugins-good")


def test_what_plays_mp4_is_a_package_of_its_own(desktop: doctor.Machine) -> None:
    machine = replace(desktop, answer=answers(media="libav\n"))
    (found,) = [finding for finding in doctor.examine(machine) if finding.what == "sound and film"]
    assert found.detail == "WAV and WebM play; MP4 (H.264, AAC) does not: missing in GStreamer: libav"
    assert found.mend == "sudo apt install gstreamer1.0-libav"
    machine = replace(desktop, answer=answers(media="libav\nvpx\n"))
    assert mend(machine, "sound and film") == ("sudo apt install gstreamer1.0-plugins-base gstreamer1.0-plugins-good")


def test_root_needs_no_sudo(desktop: doctor.Machine) -> None:
    machine = replace(desktop, answer=answers(typelibs="Gtk\n"), is_root=True)
    assert mend(machine, "Gtk 3.0").startswith("apt install")


def test_a_pygobject_that_cannot_be_imported_is_not_called_installed(desktop: doctor.Machine) -> None:
    machine = replace(desktop, answer=answers(typelibs=None))
    assert lacks(machine, "webkitgtk") == ["PyGObject"]


@pytest.mark.parametrize(
    ("there", "release"),
    [
        ({"girepository_2.0": "2.84.4", "gobject_introspection_1.0": None}, "'PyGObject>=3.51,<4'"),
        ({"girepository_2.0": "2.84.4"}, "'PyGObject>=3.51,<4'"),
        ({}, "'PyGObject>=3.50,<3.51'"),
    ],
)
def test_the_pygobject_release_fits_the_girepository_there_is(desktop: doctor.Machine, there, release: str) -> None:
    machine = replace(desktop, version=without(PACKAGES, "PyGObject"), answer=answers(**there))
    assert mend(machine, "PyGObject") == f"/venv/bin/python -m pip install {release}"


@pytest.mark.parametrize(
    ("policy", "package", "release"),
    [
        (
            "libgirepository-2.0-dev:\n  Installed: (none)\n  Candidate: 2.84.4-3\n",
            "libgirepository-2.0-dev",
            ">=3.51,<4",
        ),
        (
            "libgirepository-2.0-dev:\n  Installed: (none)\n  Candidate: (none)\n",
            "libgirepository1.0-dev",
            ">=3.50,<3.51",
        ),
        (None, "libgirepository1.0-dev", ">=3.50,<3.51"),
    ],
)
def test_without_girepository_its_package_comes_first(
    desktop: doctor.Machine, policy, package: str, release: str
) -> None:
    machine = replace(
        desktop,
        version=without(PACKAGES, "PyGObject"),
        answer=answers(**{"gobject_introspection_1.0": None, "libgirepository_2.0_dev": policy}),
    )
    apt, _, pip = mend(machine, "PyGObject").partition(" && ")
    assert apt == f"sudo apt install gcc pkg-config python3-dev libcairo2-dev {package}"
    assert pip == f"/venv/bin/python -m pip install 'PyGObject{release}'"


def test_without_apt_the_thing_itself_is_named(desktop: doctor.Machine) -> None:
    machine = replace(desktop, has_apt=False, answer=answers(typelibs="Gtk WebKit2"))
    assert "WebKitGTK 4.1" in mend(machine, "WebKit2 4.1")
    assert "apt" not in mend(machine, "WebKit2 4.1")


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_elsewhere_than_on_linux_webkitgtk_is_not_left(desktop: doctor.Machine, platform: str) -> None:
    machine = replace(desktop, platform=platform, has_apt=False)
    assert doctor.can_run(doctor.examine(machine)) == ["web"]
    assert lacks(machine, "webkitgtk") == ["Linux"]


@pytest.mark.parametrize(("platform", "package"), [("darwin", "pyobjc-framework-WebKit"), ("win32", "pythonnet")])
def test_elsewhere_than_on_linux_pywebview_shows_windows(desktop: doctor.Machine, platform: str, package: str) -> None:
    machine = replace(desktop, platform=platform, has_apt=False, environ={})
    assert lacks(machine, "pywebview") == ["pywebview", package]
    machine = replace(machine, version=(PACKAGES | {"pywebview": "6.2.1", package: "1"}).get)
    assert doctor.can_run(doctor.examine(machine)) == ["web", "pywebview"]


def test_the_line_that_installs_pywebview_is_named(desktop: doctor.Machine) -> None:
    assert mend(desktop, "pywebview") == "/venv/bin/python -m pip install 'pywebview>=6,<7'"


def test_on_linux_pywebview_uses_gtk_or_qt(desktop: doctor.Machine) -> None:
    packages = PACKAGES | {"pywebview": "6.2.1"}
    machine = replace(desktop, version=packages.get)
    assert "pywebview" in doctor.can_run(doctor.examine(machine))
    bare = replace(machine, version=without(packages, "PyGObject"))
    assert lacks(bare, "pywebview") == ["GTK or Qt"]
    assert mend(bare, "GTK or Qt") == "/venv/bin/python -m pip install 'pywebview[pyside6]>=6,<7'"
    with_qt = without(packages, "PyGObject")
    machine = replace(bare, version=lambda name: {"PySide6": "6.12", "QtPy": "2.4"}.get(name) or with_qt(name))
    assert "pywebview" in doctor.can_run(doctor.examine(machine))


def test_a_front_end_that_is_not_built_names_the_commands(desktop: doctor.Machine, demo: Path) -> None:
    (demo / "ui" / "dist" / "index.html").unlink()
    assert mend(desktop, "front end") == f"cd {demo / 'ui'} && npm ci && npm run build"


def test_a_wheel_without_the_front_end_says_why(desktop: doctor.Machine, demo: Path) -> None:
    (demo / "ui" / "dist" / "index.html").unlink()
    (demo / "front-end-missing.txt").write_text("npm is not on the PATH\n", encoding="utf-8")
    (finding,) = [f for f in doctor.examine(desktop) if f.what == "front end"]
    assert "npm is not on the PATH" in finding.detail


def test_an_installation_without_the_demo_says_so(desktop: doctor.Machine) -> None:
    assert lacks(replace(desktop, demo=None), "demo") == ["demo"]


@pytest.mark.parametrize(
    ("said", "old"), [("v18.19.1\n", True), ("v20.19.0\n", False), ("v24.1.0\n", False), ("?", True)]
)
def test_an_old_node_is_named_with_the_release_needed(desktop: doctor.Machine, said: str, old: bool) -> None:
    machine = replace(desktop, answer=answers(node=said))
    assert lacks(machine, "development") == (["node"] if old else [])


@pytest.mark.parametrize("name", doctor.CHROMIUMS)
def test_any_browser_of_the_family_will_do(desktop: doctor.Machine, name: str) -> None:
    machine = replace(desktop, program={**PROGRAMS, "chromium": None, name: f"/opt/{name}"}.get)
    assert lacks(machine, "development") == []


def test_tools_for_development_never_stop_a_runtime(desktop: doctor.Machine) -> None:
    machine = replace(desktop, program={}.get)
    assert doctor.can_run(doctor.examine(machine)) == ["web", "webkitgtk"]
    assert lacks(machine, "development") == ["node", "npm", "Chromium"]


def test_the_report_has_a_line_per_finding_and_its_mending_below(desktop: doctor.Machine) -> None:
    out = io.StringIO()
    status = doctor.report(doctor.examine(replace(desktop, environ={}, version=without(PACKAGES, "watchfiles"))), out)
    lines = out.getvalue().splitlines()
    assert status == 0
    assert "webkitgtk: cannot run" in lines
    at = next(i for i, line in enumerate(lines) if "watchfiles" in line)
    assert lines[at].split() == ["missing", "watchfiles", "not", "installed"]
    assert lines[at + 1].strip() == "-> /venv/bin/python -m pip install 'watchfiles'"
    assert lines[-1] == "Runtimes that can run here: web"


def test_the_columns_line_up(desktop: doctor.Machine) -> None:
    out = io.StringIO()
    doctor.report([f for f in doctor.examine(desktop) if f.ok], out)
    details = {f.detail for f in doctor.examine(desktop) if f.ok}
    starts = {line.index(d) for line in out.getvalue().splitlines() for d in details if line.endswith(f"  {d}")}
    assert len(starts) == 1


def test_a_machine_that_can_run_nothing_fails(desktop: doctor.Machine) -> None:
    out = io.StringIO()
    machine = replace(desktop, version={}.get)
    assert doctor.report(doctor.examine(machine), out) == 1
    assert out.getvalue().endswith("No runtime can run here.\n")


def test_the_report_is_told_to_programs_too(desktop: doctor.Machine) -> None:
    out = io.StringIO()
    machine = replace(desktop, environ={})
    assert doctor.report(doctor.examine(machine), out, as_json=True) == 0
    told = json.loads(out.getvalue())
    assert told["runtimes"] == doctor.can_run(doctor.examine(machine))
    assert [doctor.Finding(**finding) for finding in told["findings"]] == doctor.examine(machine)


def test_this_machine_is_examined_without_a_window(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":12345")  # would fail if anything opened it
    findings = doctor.examine()
    assert {f.area for f in findings} == {*doctor.RUNTIMES, "demo", "development"}
    assert "web" in doctor.can_run(findings)


def test_a_script_that_only_starts_a_snap_is_no_browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stub = tmp_path / "chromium-browser"
    stub.write_text('#!/bin/sh\nexec /snap/bin/chromium "$@"\n', encoding="utf-8")
    stub.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert doctor.this_machine().program("chromium-browser") is None
