"""Bundles are made once, and what comes out of them runs without the Python that made them."""

from __future__ import annotations

import functools
import gzip
import json
import os
import shutil
import subprocess
import tarfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import msgspec
import pytest

from tests.bundler.project import add_sidecar, write_project
from tests.bundler.terminal import Terminal, commands_of_the_page
from tests.requirements import (
    needs_cryptography,
    needs_package_tools,
    needs_pyinstaller,
    needs_webkitgtk,
    needs_xdg_mime,
)
from tests.test_children import alive, gone
from transom.bundler import SecretKey, build, plan_of, sign_file
from transom.bundler._appimage import make_appimage
from transom.bundler._build import targets_of
from transom.bundler._freeze import _spec
from transom.bundler._rpm import make_rpm
from transom.errors import AuthorError, ConfigError
from transom.plugins.updater import Bundle
from transom.project import load_config

pytestmark = pytest.mark.timeout(600)  # PyInstaller takes half a minute, and minutes on a busy machine


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    """Return a terminal in which the commands of the page were run, but for the last, which starts the application."""
    needs_pyinstaller()
    needs_package_tools()
    needs_webkitgtk()
    terminal = Terminal(tmp_path_factory.mktemp("terminal"))
    install, new, build_it, add, _ = commands_of_the_page()
    terminal.run(install)
    terminal.run(new)
    project = terminal.folder / "sample-notes"
    assert (project / "app.py").is_file()
    shutil.rmtree(project)  # a program that tells the tests what it sees takes its place
    write_project(project)
    add_sidecar(project)
    terminal.run(build_it)
    terminal.run(add)
    return terminal


@pytest.fixture(scope="module")
def bundles(terminal: Terminal) -> dict[str, Path]:
    project = terminal.folder / "sample-notes"
    plan = plan_of(load_config(project), project / "app.py")
    made = {"dir": plan.into / "dir" / "sample-notes"}
    made |= {name: next((plan.into / name).iterdir()) for name in ("deb", "tar.gz")}
    made["rpm"] = make_rpm(plan, made["dir"])
    plan.program.unlink()  # a bundle that needs its source would fail below
    return made


def test_the_five_commands_of_the_page_install_an_application(
    terminal: Terminal, bundles: dict[str, Path], display: str, tmp_path: Path
) -> None:
    command = commands_of_the_page()[-1]
    program = shutil.which(command, path=terminal.root / "usr" / "bin")
    assert program is not None
    assert bundles.keys() == {"dir", "deb", "tar.gz", "rpm"}
    assert reports(Path(program), display, tmp_path / "report") == "from the page a note True"


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder, and yield its address."""
    handler = functools.partial(SimpleHTTPRequestHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def environment_of(report: Path, display: str) -> dict[str, str]:
    """Return the environment of a bundled application: nothing of this Python's."""
    home = report.parent / "home"
    home.mkdir(exist_ok=True)
    return {"PATH": "/usr/bin:/bin", "HOME": str(home), "DISPLAY": display, "TRANSOM_RUNTIME": "webkitgtk"}


def reports(program: Path, display: str, report: Path, environment: Mapping[str, str] | None = None) -> str:
    """Start a bundled application without this Python's environment, and return what its page reported."""
    done = subprocess.run(
        [program, report],
        env={**environment_of(report, display), **(environment or {})},
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


def test_processes_of_a_folder_run_its_functions_and_end_with_it_when_it_is_killed(
    bundles: dict[str, Path], display: str, tmp_path: Path
) -> None:
    report = tmp_path / "report"
    environment = {**environment_of(report, display), "SAMPLE_STAYS": "1"}
    with subprocess.Popen([bundles["dir"] / "sample-notes", report], env=environment) as application:
        while not (report.is_file() and report.read_text()):
            assert application.poll() is None
            os.sched_yield()
        told = json.loads(report.read_text())
        leader, started, libraries = told["sidecar"].split()
        pids = [int(leader), int(started), *(told[method]["pid"] for method in ("fork", "spawn", "forkserver"))]
        assert [told[method]["square"] for method in ("fork", "spawn", "forkserver")] == [49, 49, 49]
        assert libraries == "none"  # else the system's programs would load the bundle's
        assert len({application.pid, *pids}) == 6
        assert all(map(alive, pids))
        application.kill()
    assert gone(*pids)
    # The fork server, and what cleans up after it.
    assert gone(*(int(path.parent.name) for path in Path("/proc").glob("[0-9]*/exe") if runs(path, bundles["dir"])))


def runs(link: Path, folder: Path) -> bool:
    try:
        return link.readlink().is_relative_to(folder)
    except OSError:  # it has ended
        return False


def test_the_folder_brings_no_library_of_webkitgtk_and_nothing_for_developers(bundles: dict[str, Path]) -> None:
    from PyInstaller.archive.readers import CArchiveReader

    names = {path.name for path in bundles["dir"].rglob("*")}
    assert not {"libgtk-3.so.0", "libglib-2.0.so.0", "libwebkit2gtk-4.1.so.0", "gi_typelibs", "share"} & names
    assert not {"templates", "numpy", "cryptography", "psycopg", "pydantic", "psutil", "trio", "inspector"} & names
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
    assert f"Icon={home}/sample-notes.png" in entry.read_text().splitlines()
    ask = ["xdg-mime", "query", "default", "application/x-sample-note"]
    done = subprocess.run(ask, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert done.stdout.strip() == entry.name
    assert "application/x-sample-note:*.snote" in (tmp_path / "data" / "mime" / "globs2").read_text()
    subprocess.run([home / "install.sh", "--remove"], env=environment, check=True, timeout=60)
    left = [path.name for path in (tmp_path / "data").rglob("*") if path.is_file() and b"sample" in path.read_bytes()]
    assert left == []
    assert not entry.exists()


def test_the_folder_of_an_appimage_runs(
    bundles: dict[str, Path], terminal: Terminal, display: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # In place of appimagetool: what the real one packs is kept, and what it makes is not run.
    tool = tmp_path / "tools" / "appimagetool"
    tool.parent.mkdir()
    tool.write_text(f'#!/bin/sh\ncp -a "$2" "{tmp_path}/folder" && touch "$3"\n')
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tool.parent}{os.pathsep}{os.environ['PATH']}")
    project = terminal.folder / "sample-notes"
    image = make_appimage(plan_of(load_config(project), project / "app.py", tmp_path), bundles["dir"])
    environment = {"APPIMAGE": str(image), "APPDIR": str(tmp_path / "folder")}
    assert (
        reports(tmp_path / "folder" / "AppRun", display, tmp_path / "report", environment)
        == "from the page a note True"
    )


def updated(app: Path, into: Path, version: str, key: SecretKey, url: str) -> None:
    """Write the archive of another version of a folder, its signature and the manifest into the folder of a server."""
    config = app / "_internal" / "tauri.conf.json"
    config.write_text(config.read_text().replace('"1.2.0"', f'"{version}"'))
    found = Bundle.read(app)
    assert found is not None
    msgspec.structs.replace(found, version=version).write(app)
    package = into / "package.tar.gz"
    with tarfile.open(package, "w:gz", compresslevel=1) as archive:
        archive.add(app, "sample-notes")
    source = {"url": f"{url}/package.tar.gz", "signature": sign_file(key, package).read_text()}
    (into / "latest.json").write_text(json.dumps({"version": version, "platforms": {"linux-x86_64-dir": source}}))


def test_a_folder_is_updated_and_taken_back_when_the_new_one_cannot_start(
    bundles: dict[str, Path], display: str, tmp_path: Path
) -> None:
    needs_cryptography()
    app, new, site, log = tmp_path / "apps" / "notes", tmp_path / "new", tmp_path / "site", tmp_path / "log"
    site.mkdir()
    shutil.copytree(bundles["dir"], app, symlinks=True)
    key = SecretKey.generate()
    with served(site) as url:
        config = json.loads((app / "_internal" / "tauri.conf.json").read_text())
        config["plugins"]["updater"] = {
            "pubkey": key.public_text(),
            "endpoints": [f"{url}/latest.json"],
            "dangerousInsecureTransportProtocol": True,
        }
        (app / "_internal" / "tauri.conf.json").write_text(json.dumps(config))
        shutil.copytree(app, new, symlinks=True)
        updated(new, site, "1.3.0", key, url)
        for library in (new / "_internal").glob("libpython*"):
            library.unlink()
        broken = site / "broken"
        broken.mkdir()
        updated(new, broken, "1.4.0", key, f"{url}/broken")
        environment = {"SAMPLE_UPDATES": str(log)}
        reports(app / "sample-notes", display, tmp_path / "report", environment)
        assert log.read_text().split() == ["1.2.0", "1.3.0"]
        assert [path.name for path in app.parent.iterdir()] == ["notes"]
        (broken / "latest.json").replace(site / "latest.json")
        log.unlink()
        reports(app / "sample-notes", display, tmp_path / "report", environment)
        assert log.read_text().split() == ["1.3.0", "1.3.0"]  # 1.4.0 never came to its page
        assert {path.name for path in app.parent.iterdir()} == {"notes", ".notes.update.json"}


# Without PyInstaller


def test_what_others_take_where_it_is_installed_is_left_out_unless_the_program_names_it(tmp_path: Path) -> None:
    program = write_project(tmp_path / "project")
    environment = tmp_path / "project" / "env" / "lib"
    environment.mkdir(parents=True)
    (environment.parent / "pyvenv.cfg").touch()
    (environment / "a.py").write_text("import trio\n")
    project = plan_of(load_config(program.parent), program)
    assert "excludes=['trio']" in _spec(project)
    (program.parent / "work").mkdir()
    (program.parent / "work" / "a.py").write_text("anyio.run(main, backend='trio')\n")
    assert "excludes=[]" in _spec(project)


@pytest.mark.parametrize(
    ("wanted", "text"),
    [
        (["msi"], "a bundle of the format msi is made on Windows: `transom build --ci`"),
        (["dmg"], "a bundle of the format dmg is made on macOS"),
        (
            ["zip"],
            r"transom cannot make a bundle of the format zip; there are dir, deb, rpm, tar.gz, appimage, flatpak, wheel, sdist, container",
        ),
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
    program = write_project(tmp_path, linux=linux)
    (tmp_path / "note.txt").unlink()  # so that it ends before PyInstaller
    lines: list[str] = []
    with pytest.raises(ConfigError, match="bundle.resources"):
        build(load_config(tmp_path), program, ("dir",), say=lines.append)
    assert [line.removesuffix(" has no effect yet") for line in lines] == [
        "bundle.linux.appimage",
        "bundle.linux.deb.desktopTemplate",
    ]


def test_updates_need_the_key_that_applications_know(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    needs_cryptography()
    program = write_project(tmp_path, createUpdaterArtifacts=True)
    file = tmp_path / "tauri.conf.json"
    config = json.loads(file.read_text())
    config["plugins"]["updater"] = {"pubkey": SecretKey.generate().public_text()}
    file.write_text(json.dumps(config))
    monkeypatch.delenv("TAURI_SIGNING_PRIVATE_KEY_PATH", raising=False)
    monkeypatch.delenv("TAURI_SIGNING_PRIVATE_KEY_PASSWORD", raising=False)
    for text, said in (("", "needs the private key"), (SecretKey.generate().text(), "would refuse the updates")):
        monkeypatch.setenv("TAURI_SIGNING_PRIVATE_KEY", text)
        with pytest.raises(AuthorError, match=said):
            build(load_config(tmp_path), program, ("dir",), say=lambda _: None)
    config["plugins"]["updater"] = {"pubkey": "PASTE THE KEY HERE"}
    file.write_text(json.dumps(config))
    with pytest.raises(ConfigError, match=r"plugins\.updater\.pubkey: the text is not base64"):
        build(load_config(tmp_path), program, ("dir",), say=lambda _: None)
    assert not (tmp_path / "target").exists()


def test_a_command_that_fails_ends_the_build_before_anything_is_made(tmp_path: Path) -> None:
    program = write_project(tmp_path)
    file = tmp_path / "tauri.conf.json"
    file.write_text(
        file.read_text().replace('"frontendDist": "ui"', '"frontendDist": "ui", "beforeBuildCommand": "exit 3"')
    )
    with pytest.raises(AuthorError, match="build.beforeBuildCommand failed with status 3: exit 3"):
        build(load_config(tmp_path), program, ("dir",), say=lambda _: None)
    assert not (tmp_path / "target").exists()
