from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest

from tests.mock_app import Running, running
from tests.plugins.guests import Guests, guests
from tests.requirements import needs_linux
from transom.app import Builder
from transom.children import ChildGuard
from transom.errors import CommandError, ConfigError
from transom.plugins import shell
from transom.plugins.shell._child import Environment, start
from transom.plugins.shell._encoding import MAX_LINE, Lines
from transom.plugins.shell._scope import Argument, Entry, arguments_of
from transom.runtimes._mock import MockRejection

needs_linux()
PACKAGE = "@tauri-apps/plugin-shell"
SCOPE = [
    {"name": "echo", "cmd": "echo", "args": True},
    {"name": "count", "cmd": "seq", "args": ["1", {"validator": "[0-9]+"}]},
    {"name": "python", "cmd": sys.executable, "args": True},
    {"name": "true", "cmd": "true"},
    {"name": "missing", "cmd": "no-such-program"},
]
PERMISSIONS: list[Any] = [
    "shell:default",
    ("shell:allow-execute", SCOPE, []),
    ("shell:allow-spawn", SCOPE, []),
    "shell:allow-stdin-write",
    "shell:allow-kill",
]
# A program that starts another and tells its process id, and that of itself.
FAMILY = (
    "import os, subprocess, sys, time; child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']);"
    " print(os.getpid(), child.pid, flush=True); time.sleep(600)"
)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guests]:
    with guests(tmp_path_factory.mktemp("shell"), shell.init(), permissions=PERMISSIONS, packages=[PACKAGE]) as page:
        yield page


def execute(page: Guests, program: str, *args: Any, options: Any = None) -> Any:
    given = ", ".join(map(json.dumps, (program, args, options or {})))
    return page.run(PACKAGE, f"return await plugin.Command.create({given}).execute()")


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def gone(*pids: int) -> bool:
    """Wait until processes have ended."""
    until = time.monotonic() + 10
    while any(map(alive, pids)):
        if time.monotonic() > until:
            return False
        os.sched_yield()
    return True


# Execute


def test_a_program_gets_its_arguments_and_no_shell_reads_them(page: Guests) -> None:
    nasty = ["$(id)", "`id`", ";id", "|id", "a b", "'\"", "*", "~", "$HOME", "\n", "", "--", "ü"]
    script = "import json, sys; print(json.dumps(sys.argv[1:]))"
    result = execute(page, "python", "-c", script, *nasty)
    assert json.loads(result.pop("stdout")) == nasty
    assert result == {"code": 0, "signal": None, "stderr": ""}


def test_a_status_a_signal_and_stderr_are_told(page: Guests) -> None:
    script = "import sys; sys.stderr.write('why'); sys.exit(3)"
    assert execute(page, "python", "-c", script) == {"code": 3, "signal": None, "stdout": "", "stderr": "why"}
    script = "import os; os.kill(os.getpid(), 15)"
    assert execute(page, "python", "-c", script) == {"code": None, "signal": 15, "stdout": "", "stderr": ""}


def test_text_has_an_encoding_and_raw_has_bytes(page: Guests) -> None:
    script = "import sys; sys.stdout.buffer.write(bytes([0xe4, 10]))"
    assert execute(page, "python", "-c", script, options={"encoding": "windows-1252"})["stdout"] == "ä\n"
    raw = f"await plugin.Command.create('python', ['-c', {json.dumps(script)}], {{ encoding: 'raw' }}).execute()"
    seen = page.run(
        PACKAGE, f"const {{ stdout, stderr }} = {raw}; return [stdout.constructor.name, [...stdout], stderr.length];"
    )
    assert seen == ["Uint8Array", [0xE4, 10], 0]
    for options, said in (({}, "invalid utf-8"), ({"encoding": "hex"}, "unknown encoding hex")):
        command = f"plugin.Command.create('python', ['-c', {json.dumps(script)}], {json.dumps(options)})"
        assert page.fails(PACKAGE, f"await {command}.execute()").startswith(said)


def test_environment_and_folder_are_the_pages_choice_but_not_the_code_that_runs(page: Guests, tmp_path: Path) -> None:
    script = "import os; print(os.environ.get('COLOR'), 'HOME' in os.environ, os.getcwd())"
    options = {"env": {"COLOR": "red"}, "cwd": str(tmp_path)}
    assert execute(page, "python", "-c", script, options=options)["stdout"] == f"red True {tmp_path}\n"
    assert execute(page, "python", "-c", script, options={"env": None})["stdout"].startswith("None False ")
    for name in (
        "LD_PRELOAD",
        "PATH",
        "path",
        "PYTHONSTARTUP",
        "BASH_ENV",
        "HOME",
        "XDG_CONFIG_HOME",
        "MAKEFLAGS",
        "A=B",
        "",
    ):
        options = {"env": {name: "x"}}
        said = page.fails(PACKAGE, f"await plugin.Command.create('true', [], {json.dumps(options)}).execute()")
        assert "decides which code" in said or "is not a valid environment variable" in said
    said = page.fails(PACKAGE, "await plugin.Command.create('true', [], {cwd: '/no/such/folder'}).execute()")
    assert said == "the working directory /no/such/folder does not exist; make it first"
    said = page.fails(PACKAGE, r"await plugin.Command.create('true', [], {cwd: 'a\0b'}).execute()")
    assert said == "the program could not be started: embedded null byte"


def test_a_program_is_a_name_of_the_scope_and_never_a_path(page: Guests) -> None:
    for name in ("ls", "/bin/ls", sys.executable, "echo ", "ECHO", ""):
        said = page.fails(PACKAGE, f"await plugin.Command.create({json.dumps(name)}, []).execute()")
        assert said.startswith(f"program not allowed on the configured shell scope: {name}; ")
    assert "is not installed" in page.fails(PACKAGE, "await plugin.Command.create('missing').execute()")
    said = page.fails(PACKAGE, "await plugin.Command.sidecar('echo').execute()")
    assert said.startswith("program not allowed on the configured shell scope: echo; ")


def test_the_scopes_arguments_count_and_the_pages_are_checked(page: Guests) -> None:
    assert execute(page, "count", "9", "3", "100")["stdout"] == "1\n2\n3\n"
    for wrong in ("3; id", "3\n", "-3", "", "x"):
        said = page.fails(PACKAGE, f"await plugin.Command.create('count', ['1', {json.dumps(wrong)}]).execute()")
        assert said == "Scoped command argument at position 1 was found, but failed regex validation [0-9]+"
    said = page.fails(PACKAGE, "await plugin.Command.create('count', ['1']).execute()")
    assert said.endswith("must match regex validation [0-9]+ but it was not found")
    assert execute(page, "true", "surplus")["code"] == 0


# Spawn


def test_lines_come_in_order_and_the_end_after_them(page: Guests) -> None:
    script = """
      const seen = [];
      const command = plugin.Command.create('count', ['1', '2000']);
      command.stdout.on('data', (line) => seen.push(line));
      const ended = new Promise((resolve) => command.on('close', resolve));
      const child = await command.spawn();
      return [typeof child.pid, await ended, seen.length, seen[0], seen[1999]];
    """
    assert page.run(PACKAGE, script) == ["number", {"code": 0, "signal": None}, 2000, "1\n", "2000\n"]


def test_a_program_reads_what_the_page_writes(page: Guests) -> None:
    script = """
      const echo = "import sys; [print(line.strip().upper(), flush=True) for line in sys.stdin if line != 'end\\\\n' or sys.exit()]";
      const command = plugin.Command.create('python', ['-c', echo]);
      const ended = new Promise((resolve) => command.on('close', resolve));
      const lines = [];
      const got = new Promise((resolve) => command.stdout.on('data', (line) => lines.push(line) === 2 && resolve()));
      const child = await command.spawn();
      await child.write('one\\n');
      await child.write([116, 119, 111, 10]);
      await got;
      await child.write('end\\n');
      await ended;
      await child.write('too late');
      await child.kill();
      return lines;
    """
    assert page.run(PACKAGE, script) == ["ONE\n", "TWO\n"]
    said = page.fails(
        PACKAGE,
        "const command = plugin.Command.create('python', ['-c', 'input()']);"
        " const child = await command.spawn(); try { await child.write([256]); } finally { await child.kill(); }",
    )
    assert said.startswith("invalid args `buffer` for command `stdin_write`")


def test_what_is_not_text_is_an_error_event_or_raw(page: Guests) -> None:
    script = """
      const bytes = "import sys; sys.stdout.buffer.write(bytes([255, 10])); print('fine')";
      const run = async (options) => {
        const seen = [];
        const command = plugin.Command.create('python', ['-c', bytes], options);
        command.stdout.on('data', (line) => seen.push(line));
        command.on('error', (error) => seen.push('error: ' + error));
        const ended = new Promise((resolve) => command.on('close', resolve));
        await command.spawn();
        await ended;
        return seen;
      };
      return [await run({}), (await run({ encoding: 'raw' })).flatMap((data) => [...data]), await run({ encoding: 'latin1' })];
    """
    said = "error: invalid utf-8 sequence of 1 bytes from index 0"
    assert page.run(PACKAGE, script) == [[said, "fine\n"], [255, 10, *b"fine\n"], ["ÿ\n", "fine\n"]]


SPAWN = """
  const command = plugin.Command.create('python', ['-c', SCRIPT]);
  const first = new Promise((resolve) => command.stdout.on('data', resolve));
  globalThis.ended = new Promise((resolve) => command.on('close', resolve));
  globalThis.child = await command.spawn();
  return await first;
""".replace("SCRIPT", json.dumps(FAMILY))


def test_kill_ends_the_program_and_what_it_started(page: Guests) -> None:
    pids = [int(pid) for pid in page.run(PACKAGE, SPAWN).split()]
    assert all(map(alive, pids))
    assert page.run(PACKAGE, "await child.kill(); return await ended") == {"code": None, "signal": 9}
    assert gone(*pids)


def test_the_end_of_the_page_ends_its_programs(tmp_path: Path) -> None:
    with guests(tmp_path, shell.init(), permissions=PERMISSIONS, packages=[PACKAGE]) as page:
        pids = [int(pid) for pid in page.run(PACKAGE, SPAWN).split()]
        assert all(map(alive, pids))
    assert gone(*pids)


_KILLED = """
import json, os, sys
from tests.mock_app import running
from transom.app import Builder
from transom.plugins import shell
with running(builder=Builder().plugin(shell.init())) as application:
    application.app.add_capability(sys.argv[1])
    args = {"program": "family", "args": [], "onEvent": "__CHANNEL__:7"}
    application.page.invoke("plugin:shell|spawn", args)
    sys.stdin.read()
"""


def test_programs_and_what_they_started_end_with_an_application_that_is_killed(tmp_path: Path) -> None:
    told = tmp_path / "told"
    # What it starts has lost its parent already, and the pipes of its output: only its group can be found.
    script = (
        f"import subprocess; subprocess.run([{sys.executable!r}, '-c', {FAMILY!r}], stdout=open({str(told)!r}, 'w'))"
    )
    entry = {"name": "family", "cmd": sys.executable, "args": ["-c", script]}
    capability = {
        "identifier": "a",
        "windows": ["*"],
        "permissions": [{"identifier": "shell:allow-spawn", "allow": [entry]}],
    }
    with subprocess.Popen(
        [sys.executable, "-c", _KILLED, json.dumps(capability)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as application:
        assert application.stdout is not None
        while not (told.is_file() and told.read_text().endswith("\n")):
            os.sched_yield()
        pids = [int(pid) for pid in told.read_text().split()]
        assert all(map(alive, pids))
        application.send_signal(signal.SIGKILL)
    assert gone(*pids)


def test_a_page_cannot_reach_the_programs_of_another(page: Guests) -> None:
    with subprocess.Popen(["sleep", "600"]) as other:
        page.run(PACKAGE, f"await new plugin.Child({other.pid}).kill(); await new plugin.Child({other.pid}).write('x')")
        assert other.poll() is None
        other.kill()


# Open


@pytest.fixture
def application() -> Iterator[Running]:
    with running(builder=Builder().plugin(shell.init())) as application:
        application.app.add_capability('{"identifier": "a", "windows": ["main"], "permissions": ["shell:default"]}')
        yield application


@pytest.mark.parametrize(
    "path", ["file:///etc/passwd", "/bin/sh", "-x", "javascript:alert(1)", "https://", "ftp://a/b"]
)
def test_open_takes_what_the_rule_covers(application: Running, path: str) -> None:
    with pytest.raises(MockRejection, match="failed regex validation"):
        application.page.invoke("plugin:shell|open", {"path": path})


def test_open_knows_its_programs(application: Running) -> None:
    with pytest.raises(MockRejection, match="unknown program sh"):
        application.page.invoke("plugin:shell|open", {"path": "https://a.example", "with": "sh"})


def test_open_on_the_web_runtime_is_the_browsers(page: Guests) -> None:
    page.run(PACKAGE, "await plugin.open('https://example.org/')")
    assert page.run(PACKAGE, "return opened.pop()") == ["https://example.org/", "_blank"]


@pytest.mark.parametrize(("given", "takes"), [("issue-[0-9]+:x", ["issue-1:x"]), (False, []), (True, ["tel:123"])])
def test_the_configuration_says_what_open_takes(given: Any, takes: list[str]) -> None:
    rule = shell._plugin.OpenRule(shell._plugin.ShellConfig(open=given))
    for path in takes:
        rule.check(path)
    for path in ("issue-1:xy", "zissue-1:x", "file:///a"):
        with pytest.raises(CommandError):
            rule.check(path)


def test_a_wrong_rule_is_an_error_of_the_author() -> None:
    with pytest.raises(ConfigError, match=r"plugins\.shell\.open in the configuration"):
        shell._plugin.OpenRule(shell._plugin.ShellConfig(open="("))


# Scope


def test_a_validator_is_about_the_whole_argument() -> None:
    rule = Entry(name="a", cmd="a", args=(Argument("a|b"),))
    assert arguments_of(rule, ["b"]) == ["b"]
    for wrong in ("ab", "xb", "a\n", "b c"):
        with pytest.raises(CommandError):
            arguments_of(rule, [wrong])
    assert arguments_of(Entry(name="a", cmd="a", args=(Argument("b", raw=True),)), ["xby"]) == ["xby"]


def test_too_many_arguments_and_what_the_system_cannot_pass_are_refused() -> None:
    anything = Entry(name="a", cmd="a", args=True)
    for wrong in (["x"] * 2000, ["a\0b"], ["x" * 200_000]):
        with pytest.raises(CommandError):
            arguments_of(anything, wrong)


@pytest.mark.parametrize(
    "raw", [{"name": "a"}, {"name": "a", "cmd": "a", "args": [{"validator": "("}]}, {"name": "a", "cmd": "a", "x": 1}]
)
def test_a_wrong_entry_is_an_error(application: Running, raw: Any) -> None:
    capability = {
        "identifier": "b",
        "windows": ["main"],
        "permissions": [{"identifier": "shell:allow-execute", "allow": [raw]}],
    }
    application.app.add_capability(json.dumps(capability))
    with pytest.raises(MockRejection):
        application.page.invoke("plugin:shell|execute", {"program": "a", "args": []})


def test_a_program_that_nobody_follows_any_more_is_ended_and_not_watched_for_ever() -> None:
    class Guard(ChildGuard):
        forgotten: ClassVar[list[int]] = []

        def forget(self, pid: int) -> None:
            super().forget(pid)
            self.forgotten.append(pid)

    async def run() -> int:
        guard = Guard()
        child = await start("cat", [], Environment(), guard)
        child.release()  # as at the end of a call that was cancelled
        assert Guard.forgotten == [child.pid]
        await child.process.wait()
        guard.close()
        return child.pid

    assert gone(asyncio.run(run()))


# Lines


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_lines_are_cut_after_their_ends_however_they_arrive(size: int) -> None:
    text = b"one\ntwo\r\nthree\n\nlast"
    lines = Lines()
    parts = [part for start in range(0, len(text), size) for part in lines.feed(text[start : start + size])]
    assert b"".join([*parts, *lines.end()]) == text
    assert parts[0] == b"one\n"


def test_a_carriage_return_ends_a_line_of_progress() -> None:
    lines = Lines()
    assert list(lines.feed(b"10%\r20%\r3")) == [b"10%\r", b"20%\r"]
    assert list(lines.end()) == [b"3"]


def test_many_carriage_returns_are_cut_in_one_pass() -> None:
    assert sum(1 for _ in Lines().feed(b"\r" * (2 << 20))) == 2 << 20  # minutes, were the rest copied for each


def test_a_line_without_an_end_does_not_grow_without_bound() -> None:
    lines = Lines()
    parts = list(lines.feed("ü".encode() * MAX_LINE))
    assert len(parts) == 1
    assert len(parts[0]) <= MAX_LINE
    parts[0].decode()
    odd = Lines()
    [part] = odd.feed(b"x" + "ü".encode() * (MAX_LINE - 1))
    part.decode()


# Sidecars


def test_a_sidecar_is_beside_the_project_with_the_machines_name(tmp_path: Path) -> None:
    with guests(
        tmp_path,
        shell.init(),
        permissions=[("shell:allow-execute", [{"name": "bin/tool", "sidecar": True, "args": True}], [])],
        packages=[PACKAGE],
        bundle={"externalBin": ["bin/tool", "bin/other"]},
    ) as page:
        machine = subprocess.run(["uname", "-m"], capture_output=True, text=True, check=True).stdout.strip()
        assert "its file is missing" in page.fails(PACKAGE, "await plugin.Command.sidecar('bin/tool').execute()")
        tool = tmp_path / "bin" / f"tool-{machine}-unknown-linux-gnu"
        tool.parent.mkdir()
        tool.write_text('#!/bin/sh\necho "tool: $1"\n')
        tool.chmod(0o755)
        found = page.run(PACKAGE, "return await plugin.Command.sidecar('bin/tool', 'x').execute()")
        assert found["stdout"] == "tool: x\n"
        said = page.fails(PACKAGE, "await plugin.Command.sidecar('bin/other').execute()")
        assert said.startswith("program not allowed on the configured shell scope")
        with pytest.raises(CommandError, match="externalBin"):
            shell.sidecar(page.app, "missing")
