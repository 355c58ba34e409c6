"""Bundles one page on transom and on pywebview, and times each from its start to the first call of the page."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from bench._run import HIDDEN, display, lines_of, start
from bench._systems import ROOT, NotMeasured
from transom.bundler import build
from transom.project import load_config

__all__ = ["Start", "measure", "table"]

_SILENCE = 60.0  # seconds without the page's call
_PAGE = """<!doctype html><meta charset="utf-8"><h1>A page</h1><script>
  const tauri = window.__TAURI_INTERNALS__;
  if (tauri) tauri.invoke('ready');
  else addEventListener('pywebviewready', () => pywebview.api.ready());
</script>"""
_TRANSOM = """
from transom import Builder, command, generate_context, generate_handler

@command
async def ready() -> None:
    print("ready", flush=True)

if __name__ == "__main__":
    Builder().invoke_handler(generate_handler(ready)).run(generate_context())
"""
_PYWEBVIEW = """
from pathlib import Path
import webview

class Api:
    def ready(self):
        print("ready", flush=True)

if __name__ == "__main__":
    page = (Path(__file__).parent / "ui" / "index.html").read_text()
    webview.create_window("Bench", html=page, js_api=Api())
    webview.start(gui="gtk")
"""


class Start(msgspec.Struct, frozen=True):
    """The starts of one program.

    Attributes:
        name: What it is.
        ms: The time of each start until the page's first call arrived.
        megabytes: The size of the folder; `None` for a program that Python runs from its source.
        package: The size of the deb package in MB; `None` without one.
    """

    name: str
    ms: tuple[float, ...]
    megabytes: float | None = None
    package: float | None = None


def measure(rounds: int) -> list[Start]:
    """Make both bundles, and start all four programs this many times, one after the other in every round.

    Raises:
        NotMeasured: The machine lacks something, or a page did not call.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True)))
        environment = {name: value for name, value in os.environ.items() if name not in HIDDEN}
        environment |= stack.enter_context(display())
        environment |= {"TRANSOM_RUNTIME": "webkitgtk", "PYTHONPATH": str(ROOT / "src")}
        ours, frozen, deb = _bundle_transom(folder / "transom")
        theirs, other = _bundle_pywebview(folder / "pywebview")
        commands = {
            "transom, from source": [sys.executable, str(ours)],
            "transom, bundle": [str(frozen / "bench")],
            "pywebview, from source": [sys.executable, str(theirs)],
            "pywebview, PyInstaller": [str(other / "app")],
        }
        times: dict[str, list[float]] = {name: [] for name in commands}
        for number in range(rounds + 1):
            for name, command in commands.items():
                took = _time_of(command, environment)
                if number > 0:  # the first start reads from the disk
                    times[name].append(took)
        sizes = {"transom, bundle": (frozen, deb), "pywebview, PyInstaller": (other, None)}
        return [_figure(name, ms, *sizes.get(name, (None, None))) for name, ms in times.items()]


def _figure(name: str, ms: Sequence[float], folder: Path | None, package: Path | None) -> Start:
    return Start(
        name,
        tuple(ms),
        None if folder is None else _size(folder) / 1e6,
        None if package is None else package.stat().st_size / 1e6,
    )


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def _write(folder: Path, program: str) -> Path:
    (folder / "ui").mkdir(parents=True)
    (folder / "ui" / "index.html").write_text(_PAGE, "utf-8")
    file = folder / "app.py"
    file.write_text(program, "utf-8")
    return file


def _bundle_transom(folder: Path) -> tuple[Path, Path, Path]:
    program = _write(folder, _TRANSOM)
    config = {
        "productName": "bench",
        "identifier": "org.example.bench",
        "build": {"frontendDist": "ui"},
        "app": {"windows": [{"title": "Bench"}]},
    }
    (folder / "tauri.conf.json").write_text(json.dumps(config), "utf-8")
    frozen, deb = build(load_config(folder), program, ("dir", "deb"), say=lambda _: None)
    return program, frozen, deb


def _bundle_pywebview(folder: Path) -> tuple[Path, Path]:
    program = _write(folder, _PYWEBVIEW)
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR", "--add-data", "ui:ui"]
    done = subprocess.run([*command, program.name], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise NotMeasured(f"PyInstaller could not bundle pywebview: {done.stderr.strip()[-300:]}")
    return program, folder / "dist" / "app"


def _time_of(command: Sequence[str], environment: dict[str, str]) -> float:
    """Start a program and return how many ms its page took to call."""
    begin = time.perf_counter()
    with ExitStack() as stack:
        process = start(stack, command, environment)
        assert process.stdout is not None
        if "ready" not in lines_of(process.stdout, lambda: begin + _SILENCE):
            raise NotMeasured(f"the page of {' '.join(command)} did not call")
        return (time.perf_counter() - begin) * 1000


def table(starts: Sequence[Start]) -> str:
    """Return the figures as a table of Markdown."""
    lines = [
        "| program | starts | median, ms | fastest-slowest, ms | folder, MB | deb, MB |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {one.name} | {len(one.ms)} | {statistics.median(one.ms):.0f} | {min(one.ms):.0f}-{max(one.ms):.0f} "
        f"| {'' if one.megabytes is None else f'{one.megabytes:.1f}'} | {'' if one.package is None else f'{one.package:.1f}'} |"
        for one in starts
    ]
    return "\n".join(lines)
