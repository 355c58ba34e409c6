"""Programs that die with this process, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from contextlib import suppress

__all__ = ["ChildGuard"]

# Reads the groups from its input, which the system closes when this process is gone, and ends those that are left then.
_WATCH = """trap '' HUP INT TERM
while read -r what pid; do
  kept=
  for each in $groups; do [ "$each" = "$pid" ] || kept="$kept $each"; done
  groups=$kept
  [ "$what" = + ] && groups="$groups $pid"
done
for each in $groups; do kill -s KILL -- "-$each"; done 2>/dev/null"""


class ChildGuard:
    """Ends programs with everything that they started when this process ends, even if it is killed by SIGKILL. Any thread.

    A small shell in a session of its own waits at a pipe until this process is gone. It is started for the first program. A
    program that leaves its process group, as a daemon does, is not ended. On Windows nothing is watched.
    """

    def __init__(self) -> None:
        self._groups: set[int] = set()
        self._shell: subprocess.Popen[bytes] | None = None
        self._closed = False
        self._lock = threading.Lock()

    def watch(self, pid: int) -> None:
        """Watch a program.

        Args:
            pid: Its process id. It leads its process group: start it with `start_new_session=True`, or `process_group=0`.

        Raises:
            OSError: The shell cannot be started.
        """
        if os.name != "posix":
            return
        with self._lock:
            if self._closed:
                _kill(pid)
                return
            self._groups.add(pid)
            if self._shell is None or not self._say(self._shell, f"+ {pid}\n"):
                self._begin()

    def forget(self, pid: int) -> None:
        """Leave a program alone from now on, because it has ended. One that is not watched is ignored."""
        with self._lock:
            if pid in self._groups:
                self._groups.discard(pid)
                if self._shell is not None:
                    self._say(self._shell, f"- {pid}\n")

    def close(self) -> None:
        """End every program that is watched now or later, and the shell."""
        with self._lock:
            self._closed = True
            for pid in self._groups:
                _kill(pid)
            self._groups.clear()
            shell, self._shell = self._shell, None
        if shell is not None:
            self._end(shell)

    def _begin(self) -> None:
        if self._shell is not None:
            self._end(self._shell)  # somebody killed it
        nothing = subprocess.DEVNULL
        shell = subprocess.Popen(  # noqa: S603 - our own words
            ["/bin/sh", "-c", _WATCH], stdin=subprocess.PIPE, stdout=nothing, stderr=nothing, start_new_session=True
        )
        self._shell = shell
        assert shell.stdin is not None
        os.set_blocking(shell.stdin.fileno(), False)  # a shell that was stopped must not stop this process
        self._say(shell, "".join(f"+ {pid}\n" for pid in self._groups))

    @staticmethod
    def _say(shell: subprocess.Popen[bytes], text: str) -> bool:
        assert shell.stdin is not None
        try:
            os.write(shell.stdin.fileno(), text.encode())
        except OSError:
            return False
        return True

    @staticmethod
    def _end(shell: subprocess.Popen[bytes]) -> None:
        assert shell.stdin is not None
        shell.kill()  # nothing is left that it would end
        shell.stdin.close()
        shell.wait()


def _kill(group: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)
