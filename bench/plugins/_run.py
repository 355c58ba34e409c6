"""Runs the application and a server of files, and makes a table of what its page reports."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from bench._run import HIDDEN, display, end, lines_of
from bench._systems import ROOT, NotMeasured, bundle, pytauri_python

__all__ = ["Figure", "Limits", "measure", "measure_tauri", "table"]

HERE = Path(__file__).parent
_SILENCE = 120.0  # seconds without a figure


class Limits(msgspec.Struct, frozen=True):
    """How much is measured.

    Attributes:
        largest: Bytes of the largest file.
        scale: A factor for every count.
    """

    largest: int = 256 << 20
    scale: float = 1.0


class Figure(msgspec.Struct, frozen=True):
    """What one workload took.

    Attributes:
        name: Its name.
        count: How often it was done.
        bytes: How many bytes it moved altogether; 0 where that does not matter.
        ms: How long that took.
    """

    name: str
    count: int
    bytes: int
    ms: float


def measure(limits: Limits) -> list[Figure]:
    """Run all workloads in a window of WebKitGTK.

    Raises:
        NotMeasured: The machine lacks something, or a workload failed.
    """

    def prepare(folder: Path) -> Sequence[str]:
        shutil.copy(HERE / "tauri.conf.json", folder)
        return [sys.executable, "-m", "bench.plugins._program"]

    return _measured(prepare, limits)


def measure_tauri(limits: Limits) -> list[Figure]:
    """Run the workloads of `fs` and `shell` with Tauri's own plugins, as pytauri brings them.

    Raises:
        NotMeasured: pytauri cannot be installed or started here, or a workload failed.
    """
    python = pytauri_python()
    return _measured(lambda _: [str(python), str(HERE / "_pytauri.py")], limits)


def _measured(prepare: Callable[[Path], Sequence[str]], limits: Limits) -> list[Figure]:
    """Run the page in the program that `prepare` returns, after filling a folder for it."""
    environment = {name: value for name, value in os.environ.items() if name not in HIDDEN}
    with TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as name, display() as shown:
        folder = Path(name)
        (folder / "dist").mkdir()
        (folder / "files").mkdir()
        bundle(HERE, folder)
        environment |= {**shown, "XDG_DATA_HOME": str(folder / "data"), "XDG_CACHE_HOME": str(folder / "cache")}
        program = prepare(folder)
        with _files_served(folder / "files") as url:
            return _figures([*program, str(folder), url, str(limits.largest), str(limits.scale)], environment)


def _figures(command: Sequence[str], environment: dict[str, str]) -> list[Figure]:
    figures = []
    program = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment, start_new_session=True
    )
    try:
        assert program.stdout is not None
        for line in lines_of(program.stdout, lambda: time.perf_counter() + _SILENCE):
            message = json.loads(line)
            if "error" in message:
                raise NotMeasured(message["error"])
            figures.append(msgspec.convert(message, Figure))
    finally:
        end(program)
    if not figures or not figures[-1].name.startswith("shell_raw"):
        raise NotMeasured("the application ended early, or was silent for too long")
    return figures


@contextmanager
def _files_served(folder: Path) -> Iterator[str]:
    """Serve the files of a folder in another process; yield the address."""
    command = [sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", str(folder)]
    server = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True
    )
    try:
        assert server.stdout is not None
        said = re.search(r"port (\d+)", server.stdout.readline())
        if said is None:
            raise NotMeasured("the server of files did not start")
        yield f"http://127.0.0.1:{said[1]}"
    finally:
        end(server)


def table(figures: Sequence[Figure], peer: Sequence[Figure] = ()) -> str:
    """Return the figures as a table of Markdown, beside those of Tauri's plugins if there are any."""
    others = {figure.name: figure for figure in peer}
    head = "| workload | ms each | MiB/s |" + (" Tauri, ms each | Tauri, MiB/s |" if peer else "")
    lines = [head, "|---|---|---|" + ("---|---|" if peer else "")]
    for figure in figures:
        cells = _cells(figure) + (_cells(others.get(figure.name)) if peer else [])
        lines.append(f"| `{figure.name}` | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _cells(figure: Figure | None) -> list[str]:
    if figure is None:
        return ["", ""]
    rate = f"{figure.bytes / (1 << 20) / (figure.ms / 1000):.0f}" if figure.bytes and figure.ms else ""
    return [f"{figure.ms / figure.count:.2f}", rate]
