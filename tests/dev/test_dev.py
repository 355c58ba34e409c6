"""`transom dev` from outside: real processes, real files."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conformance.application import Program
from tests.requirements import ROOT, needs_linux
from tests.server.engines import until
from transom.dev import LINK

PROGRAM = """
import os
from transom import Builder, generate_context
ANSWER = 1

def setup(app):
    print("answer", ANSWER, os.getpid(), flush=True)

Builder().setup(setup).run(generate_context())
"""


class Dev:
    """A `transom dev` whose application prints a line at its start."""

    def __init__(self, project: Path, *arguments: str, runtime: str = "mock", display: str | None = None) -> None:
        self.project = project
        self.file = project / "app.py"
        self.page = project / "ui" / "index.html"
        command = [sys.executable, "-m", "transom.cli", "dev", str(self.file), *arguments]
        environment = {"TRANSOM_RUNTIME": runtime, "DISPLAY": display, "WAYLAND_DISPLAY": None}
        self.program = Program(command, {**environment, "PYTHONPATH": str(ROOT / "src")})

    def started(self) -> tuple[int, int]:
        """Wait for the next start, and return the answer of the code and the process."""
        word, answer, pid = self.program.line().split()
        assert word == "answer"
        return int(answer), int(pid)

    def change(self, before: str, after: str, file: Path | None = None) -> None:
        """Replace a text in a file as editors do: in a new file, which takes the name of the old one."""
        file = file or self.file
        text = file.read_text("utf-8")
        assert before in text
        new = file.with_suffix(".new")
        new.write_text(text.replace(before, after), "utf-8")
        new.replace(file)

    def said(self, text: str) -> None:
        """Wait until it has said this on stderr."""
        self.program.wait_for_error(text)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "app.py").write_text(PROGRAM, "utf-8")
    (folder / "index.html").write_text("<!doctype html>", "utf-8")
    write_config(folder)
    return folder


def write_config(folder: Path, **build: object) -> None:
    allowed = {"identifier": "c", "windows": ["*"], "permissions": ["core:default", "core:window:allow-close"]}
    (folder / "capabilities").mkdir(exist_ok=True)
    (folder / "capabilities" / "c.json").write_text(json.dumps(allowed), "utf-8")
    config = {
        "identifier": "org.example.dev",
        "build": {"frontendDist": ".", **build},
        "app": {"windows": [{"title": "Dev window"}]},
    }
    (folder / "tauri.conf.json").write_text(json.dumps(config), "utf-8")


@pytest.fixture
def dev(project: Path) -> Iterator[Dev]:
    dev = Dev(project)
    with dev.program:
        yield dev


def is_gone(pid: int, seconds: float = 0) -> bool:
    """Tell whether a process has ended within this time; nobody may have asked for its status yet."""
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([process], [], [], seconds)[0])
    finally:
        os.close(process)


def test_a_change_starts_the_new_code_when_the_old_is_gone(dev: Dev) -> None:
    answer, first = dev.started()
    assert answer == 1
    # Twice within a second and of one size: Python's own cache would take the second for the first.
    for number in (2, 3):
        dev.change(f"ANSWER = {number - 1}", f"ANSWER = {number}")
        answer, pid = dev.started()
        assert answer == number
        assert pid != first
        assert is_gone(first)
        first = pid


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("ANSWER = (", "SyntaxError"),
        ("ANSWER = missing", "NameError: name 'missing' is not defined"),
        ("import missing; ANSWER = 1", "ModuleNotFoundError: No module named 'missing'"),
        ("raise SystemExit('no licence'); ANSWER = 1", "no licence"),
    ],
)
def test_code_that_fails_leaves_the_old_back_end_as_it_is(dev: Dev, fault: str, said: str) -> None:
    _, first = dev.started()
    dev.change("ANSWER = 1", fault)
    dev.said(said)
    dev.said("the back end before it goes on")
    assert not is_gone(first)
    dev.change(fault, "ANSWER = 2")
    assert dev.started()[0] == 2
    assert is_gone(first)


def test_a_traceback_shows_the_authors_code_only(dev: Dev) -> None:
    dev.started()
    dev.change("ANSWER = 1", "ANSWER = missing")
    dev.said("the back end before it goes on")
    text = "".join(dev.program.errors)
    assert "runpy" not in text
    assert "_program.py" not in text
    assert f'File "{dev.file}", line 4' in text


def test_a_change_while_new_code_hangs_starts_the_newest(dev: Dev) -> None:
    dev.started()
    dev.change("ANSWER = 1", "print('hangs', flush=True); __import__('threading').Event().wait(); ANSWER = 1")
    assert dev.program.line() == "hangs\n"
    dev.change("print('hangs', flush=True); __import__('threading').Event().wait(); ANSWER = 1", "ANSWER = 4")
    assert dev.started()[0] == 4


def test_a_changed_configuration_starts_the_back_end_again_and_a_test_does_not(dev: Dev) -> None:
    _, first = dev.started()
    (dev.project / "test_app.py").write_text("", "utf-8")
    dev.change('"identifier": "org.example.dev"', '"identifier": "org.example.other"', dev.project / "tauri.conf.json")
    assert dev.started()[1] != first
    dev.said("runs the new code")
    assert "".join(dev.program.errors).count("runs the new code") == 1


def test_a_file_in_a_new_folder_counts(dev: Dev) -> None:
    dev.started()
    dev.change("ANSWER = 1", "from package import ANSWER")
    dev.said("No module named 'package'")
    folder = dev.project / "package"
    folder.mkdir()
    (folder / "__init__.py").write_text("ANSWER = 5", "utf-8")
    while True:  # the folder and its file are one change or two
        answer, _ = dev.started()
        if answer == 5:
            break
    dev.change("ANSWER = 5", "ANSWER = 6", folder / "__init__.py")
    assert dev.started()[0] == 6


def test_a_crash_waits_for_the_next_change(dev: Dev) -> None:
    _, first = dev.started()
    os.kill(first, 9)
    dev.said("it starts again when a file is saved")
    dev.change("ANSWER = 1", "ANSWER = 2")
    assert dev.started()[0] == 2


def test_a_setup_that_fails_waits_for_the_next_change(dev: Dev) -> None:
    dev.started()
    dev.change("ANSWER = 1", "ANSWER = 1 + missing() if __name__ == '__main__' and __import__('sys') else 0")
    dev.said("NameError")
    dev.change("ANSWER = 1 + missing() if __name__ == '__main__' and __import__('sys') else 0", "ANSWER = 2")
    assert dev.started()[0] == 2
    dev.change('print("answer"', 'raise ValueError("setup"); print("answer"')
    dev.said("ValueError: setup")
    dev.change('raise ValueError("setup"); ', "")
    assert dev.started()[0] == 2


def test_an_application_that_ends_by_itself_ends_the_loop_with_its_status(project: Path) -> None:
    (project / "app.py").write_text(PROGRAM + "", "utf-8")
    text = PROGRAM.replace("flush=True)", "flush=True)\n    app.exit(7)")
    (project / "app.py").write_text(text, "utf-8")
    dev = Dev(project)
    with dev.program:
        _, pid = dev.started()
        assert dev.program.status() == 7
        assert is_gone(pid)


def test_a_restart_runs_the_program_again(project: Path) -> None:
    text = PROGRAM.replace("flush=True)", "flush=True)\n    __import__('pathlib').Path('again').exists() or again(app)")
    text = text.replace("Builder()", "def again(app):\n    open('again', 'w').close()\n    app.restart()\n\nBuilder()")
    (project / "app.py").write_text(text.replace("'again'", repr(str(project / "again"))), "utf-8")
    dev = Dev(project)
    with dev.program:
        _, first = dev.started()
        _, second = dev.started()
        assert first != second


@pytest.mark.parametrize("killed", [False, True])
def test_the_end_of_the_loop_ends_everything_that_it_started(project: Path, killed: bool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = (
        f'echo \\$\\$ > {project}/shell.pid; {sys.executable} -c "import os, socket, time; '
        f"open('{project}/server.pid', 'w').write(str(os.getpid())); "
        f"s = socket.create_server(('127.0.0.1', {port})); time.sleep(600)\""
    ).replace("\\$", "$")
    write_config(project, devUrl=f"http://127.0.0.1:{port}", beforeDevCommand=server)
    dev = Dev(project)
    with dev.program:
        _, pid = dev.started()
        pids = [pid, *(int((project / f"{name}.pid").read_text()) for name in ("shell", "server"))]
        assert not any(map(is_gone, pids))
        if killed:
            dev.program.process.kill()
        else:
            assert dev.program.end() == 143
        assert all(is_gone(pid, 10) for pid in pids)


def test_a_front_end_that_fails_is_named(project: Path) -> None:
    write_config(project, devUrl="http://127.0.0.1:9", beforeDevCommand="exit 3")
    dev = Dev(project)
    with dev.program:
        assert dev.program.status() == 1
    assert "build.beforeDevCommand ended with exit status 3 before http://127.0.0.1:9 answered" in "".join(
        dev.program.errors
    )


def test_packages_that_are_not_installed_are_named(project: Path) -> None:
    (project / "package.json").write_text('{"scripts": {"dev": "vite"}}', "utf-8")
    write_config(project, devUrl="http://127.0.0.1:9", beforeDevCommand="exit 127")
    for hint in (f"its packages are not installed: run `npm install` in {project}", "its own message is above"):
        dev = Dev(project)
        with dev.program:
            assert dev.program.status() == 1
        assert hint in "".join(dev.program.errors)
        (project.parent / "node_modules").mkdir(exist_ok=True)
        (project.parent / "package.json").write_text('{"workspaces": ["project"]}', "utf-8")


def test_an_address_that_does_not_answer_is_named(project: Path) -> None:
    write_config(project, devUrl="http://127.0.0.1:9")
    dev = Dev(project, "--timeout", "0")
    with dev.program:
        assert dev.program.status() == 1
    assert "build.devUrl http://127.0.0.1:9 did not answer within 0 s" in "".join(dev.program.errors)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_wait_for_the_front_end(project: Path, number: int) -> None:
    write_config(project, devUrl="http://127.0.0.1:9", beforeDevCommand="exec sleep 600")
    dev = Dev(project)
    with dev.program:
        dev.said("waiting for http://127.0.0.1:9")
        dev.program.process.send_signal(number)
        assert dev.program.status() == 128 + number


def test_a_command_that_is_waited_for_runs_before_the_application(project: Path) -> None:
    script = {"script": "echo built > built.txt", "cwd": "..", "wait": True}
    write_config(project, beforeDevCommand=script)
    dev = Dev(project)
    with dev.program:
        dev.started()
        assert (project.parent / "built.txt").read_text("utf-8") == "built\n"


def test_programs_that_the_application_starts_do_not_get_the_connection(project: Path) -> None:
    text = PROGRAM.replace('print("answer"', f'print({LINK!r} in os.environ, flush=True)\n    print("answer"')
    (project / "app.py").write_text(text, "utf-8")
    dev = Dev(project)
    with dev.program:
        assert dev.program.line() == "False\n"
        dev.started()


def test_the_bindings_follow_the_commands(project: Path) -> None:
    commands = "from transom import command, generate_handler\n@command\ndef one() -> int:\n    return 1\n"
    text = commands + PROGRAM.replace("Builder()", "Builder().invoke_handler(generate_handler(one))")
    (project / "app.py").write_text(text, "utf-8")
    out = project / "src" / "bindings.ts"
    dev = Dev(project, "--bindings", str(out))
    with dev.program:
        dev.started()
        assert "one(): Promise<number>" in out.read_text("utf-8")
        dev.change("def one() -> int", "def one() -> str")
        dev.started()
        assert "one(): Promise<string>" in out.read_text("utf-8")


def test_many_changes_leave_no_open_files(dev: Dev) -> None:
    dev.started()
    descriptors = Path(f"/proc/{dev.program.process.pid}/fd")
    counts = []
    for number in range(1, 5):
        dev.change(f"ANSWER = {number}", f"ANSWER = {number + 1}")
        dev.started()
        counts.append(len(list(descriptors.iterdir())))
    assert counts[-1] <= counts[0] + 1  # a change may be about to close its own


def _spares(dev: Dev) -> list[int]:
    """Return the processes of the loop that wait for the next change."""
    parent = dev.program.process.pid
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text("ascii").split()
    return [int(pid) for pid in children if b"\0--spare\0" in Path(f"/proc/{pid}/cmdline").read_bytes()]


def test_the_next_back_end_has_imported_transom_before_the_change(dev: Dev) -> None:
    needs_linux()
    dev.started()
    until(lambda: _spares(dev))
    [spare] = _spares(dev)
    dev.change("ANSWER = 1", "ANSWER = 2")
    assert dev.started() == (2, spare)
    until(lambda: _spares(dev) not in ([], [spare]))
    [other] = set(_spares(dev)) - {spare}
    os.kill(other, 9)
    until(lambda: is_gone(other))
    dev.change("ANSWER = 2", "ANSWER = 3")
    answer, third = dev.started()
    assert answer == 3
    assert third not in (spare, other)
    until(lambda: set(_spares(dev)) - {third})
    left = _spares(dev)
    assert dev.program.end() == 143
    assert all(is_gone(pid, 10) for pid in left)
