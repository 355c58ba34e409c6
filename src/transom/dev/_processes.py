"""Processes that are ended with everything that they started."""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import suppress

__all__ = ["end_group"]


def end_group(process: subprocess.Popen[bytes], seconds: float) -> int:
    """End a process that leads a group: politely, after `seconds` by force, and then what is left of its group.

    Returns:
        Its exit status.
    """
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
    status = process.wait()
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    return status
