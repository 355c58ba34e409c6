"""`transom bindings`: write the TypeScript of an application's commands."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from ..app import BINDINGS
from ..errors import AuthorError

__all__ = ["run"]


def run(program: Path, out: Path, *, check: bool) -> int:
    """Write the module of an application, or compare it with what is there; return the exit status.

    Args:
        program: The application's program. It is run up to `App.run`, which then only describes its commands.
        out: The module.
        check: Write nothing; return 1 if the module is not what would be written.

    Raises:
        AuthorError: The program does not exist, fails or runs no application, or the module cannot be written.
    """
    text = _bindings_of(program)
    try:
        if not check:
            out.parent.mkdir(parents=True, exist_ok=True)
            out.write_text(text, "utf-8")
            print(f"wrote {out}")
            return 0
        current = out.read_text("utf-8") if out.is_file() else None
    except OSError as error:
        raise AuthorError(f"{out}: {error.strerror}") from None
    if current == text:
        return 0
    why = "does not exist" if current is None else "is not what the commands are now"
    print(f"{out} {why}; run: transom bindings {program} --out {out}", file=sys.stderr)
    return 1


def _bindings_of(program: Path) -> str:
    if not program.is_file():
        raise AuthorError(
            f"there is no program {program}; name the one that runs the application: transom bindings PROGRAM"
        )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bindings.ts"
        done = subprocess.run([sys.executable, program], env={**os.environ, BINDINGS: str(file)}, check=False)
        if done.returncode != 0:
            raise AuthorError(f"{program} failed with exit status {done.returncode}; its own message is above")
        if not file.is_file():
            raise AuthorError(f"{program} ended without running an application; it must call App.run or Builder.run")
        return file.read_text("utf-8")
