"""Start the program anew with its arguments."""

from __future__ import annotations

import atexit
import logging
import os
import subprocess
import sys
from typing import NoReturn

__all__ = ["restart_program"]


def restart_program() -> NoReturn:
    """Replace this program by a new one with the same arguments, after what is to be done at its end.

    Raises:
        OSError: The system does not let it start.
    """
    frozen = getattr(sys, "frozen", False)  # an executable that holds Python, where `sys.argv` is all there is
    command = [sys.executable, *(sys.argv[1:] if frozen else sys.orig_argv[1:])]
    atexit._run_exitfuncs()  # noqa: SLF001 - `exec` does not come back to do it
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:  # a program without a console
            stream.flush()
    if os.name == "posix":
        os.execv(sys.executable, command)  # noqa: S606 - the same program
    # There `exec` is the same as this, but its status is lost to whoever waits for the program.
    subprocess.Popen(command)  # noqa: S603 - the same program
    sys.exit(0)
