"""Runs `transom dev`, changes the program again and again, and times the first answer of each new code in the page."""

from __future__ import annotations

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from bench._run import HIDDEN, display, lines_of, start
from bench._systems import ROOT, NotMeasured, browser_command

__all__ = ["Reload", "measure", "table"]

RUNTIMES = ("webkitgtk", "web")
PAUSE = 2.0
"""Seconds between two changes: people do not save more often."""
_TITLE = "Reload benchmark"
_SILENCE = 60.0  # seconds without an answer
_ADDRESS = re.compile(r" is at (http://\S+)$")
_PROGRAM = """
from transom import Builder, command, generate_context, generate_handler

ANSWER = 0

@command
def answer() -> int:
    return ANSWER

@command
async def say(value: int) -> None:
    print("answer", value, flush=True)

Builder().invoke_handler(generate_handler(answer, say)).run(generate_context())
"""
# In a window the document stays and is told by `transom:back`; in a browser it is loaded again.
_PAGE = """<!doctype html><script>
  const { invoke } = window.__TAURI_INTERNALS__;
  const ask = async () => invoke('say', { value: await invoke('answer') });
  addEventListener('transom:back', ask);
  ask();
</script>"""


class Reload(msgspec.Struct, frozen=True):
    """The changes on one runtime.

    Attributes:
        runtime: Its name.
        ms: For each change, the time from before the file was saved until its answer had gone through the page.
        same_window: Whether the window's number stayed the same; `None` in a browser.
    """

    runtime: str
    ms: tuple[float, ...]
    same_window: bool | None


def measure(changes: int, pause: float = PAUSE) -> list[Reload]:
    """Change a program this many times on each runtime.

    Args:
        changes: How many times.
        pause: Seconds between two changes.

    Raises:
        NotMeasured: The machine lacks something, or an answer did not come.
    """
    return [_measure(runtime, changes, pause) for runtime in RUNTIMES]


def _measure(runtime: str, changes: int, pause: float) -> Reload:
    environment = {name: value for name, value in os.environ.items() if name not in HIDDEN}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True)))
        program = _write_project(folder)
        if runtime == "webkitgtk":
            environment |= stack.enter_context(display())
        environment |= {"TRANSOM_RUNTIME": runtime, "PYTHONPATH": str(ROOT / "src")}
        dev = start(stack, [sys.executable, "-m", "transom.cli", "dev", str(program)], environment)
        stack.callback(_ask_to_end, dev)
        assert dev.stdout is not None
        lines = lines_of(dev.stdout, lambda: time.perf_counter() + _SILENCE)
        if runtime == "web":
            address = next((found[1] for line in lines if (found := _ADDRESS.search(line))), None)
            if address is None:
                raise NotMeasured("transom dev printed no address")
            browser = start(stack, [*browser_command(folder / "browser"), address], environment)
            stack.callback(_ask_to_end, browser)
        _wait_for(lines, 0)
        window = _window(environment) if runtime == "webkitgtk" else None
        times = [_change(program, lines, number, pause) for number in range(1, changes + 1)]
        same = None if window is None else _window(environment) == window
    return Reload(runtime, tuple(times), same)


def _write_project(folder: Path) -> Path:
    (folder / "ui").mkdir()
    (folder / "browser").mkdir()
    (folder / "ui" / "index.html").write_text(_PAGE, "utf-8")
    config = {
        "identifier": "org.example.reload",
        "build": {"frontendDist": "ui"},
        "app": {"windows": [{"title": _TITLE}]},
    }
    (folder / "tauri.conf.json").write_text(json.dumps(config), "utf-8")
    program = folder / "app.py"
    program.write_text(_PROGRAM, "utf-8")
    return program


def _ask_to_end(process: subprocess.Popen[str]) -> None:
    """End a program as a user would, and wait a little for it."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(10)


def _change(program: Path, lines: Iterator[str], number: int, pause: float) -> float:
    """Save new code as editors do, and return how many ms its first answer took."""
    text = program.read_text("utf-8").replace(f"ANSWER = {number - 1}", f"ANSWER = {number}")
    new = program.with_suffix(".new")
    time.sleep(pause)
    begin = time.perf_counter()
    new.write_text(text, "utf-8")
    new.replace(program)
    _wait_for(lines, number)
    return (time.perf_counter() - begin) * 1000


def _wait_for(lines: Iterator[str], number: int) -> None:
    if f"answer {number}" not in lines:
        raise NotMeasured(f"answer {number} did not come")


def _window(environment: dict[str, str]) -> str:
    if shutil.which("xwininfo") is None:
        raise NotMeasured("there is no xwininfo: apt-get install x11-utils")
    command = ["xwininfo", "-root", "-tree"]
    tree = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=30)
    found = re.findall(rf'(0x[0-9a-f]+) "{_TITLE}"', tree.stdout)
    if len(found) != 1:
        raise NotMeasured(f"{len(found)} windows have the title instead of one")
    return str(found[0])


def table(reloads: Sequence[Reload]) -> str:
    """Return the figures as a table of Markdown."""
    lines = ["| runtime | changes | median, ms | fastest-slowest, ms | window |", "|---|---|---|---|---|"]
    window = {None: "", True: "the same", False: "ANOTHER"}
    lines += [
        f"| {one.runtime} | {len(one.ms)} | {statistics.median(one.ms):.0f} | {min(one.ms):.0f}-{max(one.ms):.0f} "
        f"| {window[one.same_window]} |"
        for one in reloads
    ]
    return "\n".join(lines)
