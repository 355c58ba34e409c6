"""Runs the author's program as `python program.py` would, and tells the supervisor how it failed.

It is started as `python -m transom.dev._program PROGRAM ARGUMENTS...`, or with `-m MODULE` in place of the program. With
`--spare` before them it imports what it is told to, and runs the program when it is told to.
"""

from __future__ import annotations

import atexit
import importlib
import os
import runpy
import sys
import threading
import traceback
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from ._link import LINK, DevLink
from ._messages import SPARE, Failed

__all__ = ["failure_of", "main", "run"]

_OWN = ("<frozen runpy>", "<frozen importlib", __file__)


def main(arguments: list[str]) -> None:
    """Run the program.

    Args:
        arguments: The program's path and its arguments, or `-m`, a module and its arguments; `--spare` may be before them.

    Raises:
        SystemExit: The program ended with this status, or failed: 1.
    """
    # Of the two connections to the supervisor this one tells of a failure; `App.run` takes the other.
    link = DevLink(os.dup(int(os.environ[LINK])))
    spare = arguments[0] == SPARE
    arguments = arguments[spare:]
    module = arguments[0] == "-m"
    sys.argv = arguments[1:] if module else arguments
    sys.path[0] = str(Path.cwd()) if module else str(Path(arguments[0]).resolve().parent)
    if spare:
        for prepare in link.wait_for_run():
            _import(prepare.modules)
    try:
        if module:
            runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
        else:
            runpy.run_path(arguments[0], run_name="__main__")
    except Exception as error:  # noqa: BLE001 - the supervisor shows it
        failed = failure_of(error)
        sys.stderr.write(failed.text)
        sys.stderr.flush()
        link.tell(failed)
        raise SystemExit(1) from None


def _import(modules: Iterable[str]) -> None:
    for name in modules:
        # One that cannot be imported here fails where the program needs it.
        with suppress(Exception):
            importlib.import_module(name)


def failure_of(error: BaseException) -> Failed:
    """Return how a program failed, without the frames of the machinery that ran it."""
    frames = error.__traceback__
    while frames is not None and frames.tb_frame.f_code.co_filename.startswith(_OWN):
        frames = frames.tb_next
    text = "".join(traceback.format_exception(type(error), error, frames))
    return Failed(text, _summary_of(error, frames))


def _summary_of(error: BaseException, frames: TracebackType | None) -> str:
    line = traceback.format_exception_only(error)[-1].strip()
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename}:{error.lineno}: {line}"
    entries = traceback.extract_tb(frames)
    return f"{entries[-1].filename}:{entries[-1].lineno}: {line}" if entries else line


def run(arguments: list[str]) -> None:
    """Run the program, and end this process as Python does, but for the memory.

    Python takes a quarter of a second to give back modules and objects one by one, and the next back end has to wait for
    that. `multiprocessing` ends its processes in the same way.

    Args:
        arguments: See `main`.
    """
    try:
        main(arguments)
    except SystemExit as ended:
        if not isinstance(ended.code, int | None):
            raise  # Python writes it to the terminal
        status = ended.code or 0
    else:
        status = 0
    threading._shutdown()  # type: ignore[attr-defined]  # noqa: SLF001 - waits for the program's own threads
    atexit._run_exitfuncs()  # noqa: SLF001 - there is no public name for it
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, OSError, ValueError):  # it is closed, or there is none
            stream.flush()
    os._exit(status)


if __name__ == "__main__":
    run(sys.argv[1:])
