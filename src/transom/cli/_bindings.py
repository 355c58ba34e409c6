"""`transom bindings`: write the TypeScript and the JSON Schema of an application's commands."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

from ..app import BINDINGS
from ..errors import AuthorError

__all__ = ["Wanted", "run"]


class Wanted(NamedTuple):
    """What is written.

    Attributes:
        module: The TypeScript module; `None` for none.
        schema: The file with JSON Schema; `None` for none.
        result: Whether the functions of the module return a `Result`.
    """

    module: Path | None
    schema: Path | None = None
    result: bool = False

    def for_application(self) -> str:
        """Return the text that tells an application to write the files."""
        files = {
            name: file and str(file.resolve()) for name, file in (("module", self.module), ("schema", self.schema))
        }
        return json.dumps({**files, "result": self.result})


def run(program: Path, wanted: Wanted, *, check: bool = False, watch: bool = False) -> int:
    """Write the files, or compare them with what is there; return the exit status.

    Args:
        program: The application's program. It is run up to `App.run`, which then only describes its commands.
        wanted: The files.
        check: Write nothing; return 1 if a file is not what would be written.
        watch: Write them again whenever a file of Python changes, until a signal comes.

    Raises:
        AuthorError: The program does not exist, fails or runs no application, a file cannot be written,
            or the package that follows files is missing.
    """
    if watch:
        return _watch(program, wanted)
    return _once(program, wanted, check=check)


def _once(program: Path, wanted: Wanted, *, check: bool) -> int:
    status = 0
    for file, text in _texts(program, wanted).items():
        try:
            current = file.read_text("utf-8", "replace") if file.is_file() else None
            if not check:
                if current != text:
                    file.parent.mkdir(parents=True, exist_ok=True)
                    file.write_text(text, "utf-8")
                print(f"wrote {file}", flush=True)
                continue
        except OSError as error:
            raise AuthorError(f"{file}: {error.strerror}") from None
        if current != text:
            why = "does not exist" if current is None else "is out of date"
            print(f"{file} {why}; run: {_command(program, wanted)}", file=sys.stderr)
            status = 1
    return status


def _command(program: Path, wanted: Wanted) -> str:
    words = ["transom", "bindings", str(program)]
    words += [] if wanted.module is None else ["--out", str(wanted.module)]
    words += [] if wanted.schema is None else ["--schema", str(wanted.schema)]
    return shlex.join(words + ["--result"] * wanted.result)


def _watch(program: Path, wanted: Wanted) -> int:
    from ..dev import Follower, kind_of  # only this option follows files

    changes: SimpleQueue[frozenset[Path]] = SimpleQueue()
    follower = Follower([program.resolve().parent], (), changes.put)
    follower.start()
    try:
        while True:
            try:
                _once(program, wanted, check=False)
            except AuthorError as error:  # the next change may mend it
                print(f"transom: {error}", file=sys.stderr, flush=True)
            while not any(kind_of(path, ()) == "back end" for path in changes.get()):
                pass
    except KeyboardInterrupt:
        return 0
    finally:
        follower.stop()


def _texts(program: Path, wanted: Wanted) -> dict[Path, str]:
    if not program.is_file():
        raise AuthorError(
            f"there is no program {program}; name the one that runs the application: transom bindings PROGRAM"
        )
    with tempfile.TemporaryDirectory() as folder:
        there = Wanted(
            wanted.module and Path(folder) / "module", wanted.schema and Path(folder) / "schema", wanted.result
        )
        environment = {**os.environ, BINDINGS: there.for_application()}
        done = subprocess.run([sys.executable, program], env=environment, check=False)
        if done.returncode != 0:
            raise AuthorError(f"{program} failed with exit status {done.returncode}; its own message is above")
        pairs = ((wanted.module, there.module), (wanted.schema, there.schema))
        made = {file: path for file, path in pairs if file is not None and path is not None}
        if not all(path.is_file() for path in made.values()):
            raise AuthorError(f"{program} ended without running an application; it must call App.run or Builder.run")
        return {file: path.read_text("utf-8") for file, path in made.items()}
