"""`transom acl record`: run an application, note what its pages call, and write the smallest capability for that."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

import msgspec

from ...acl import RecordedCall
from ...core import RECORD
from ...errors import ConfigError
from ...project import load_config
from ._project import command_of, find_script

__all__ = ["record"]


def record(folder: Path, script: Path | None, output: Path | None, arguments: Sequence[str], out: TextIO) -> int:
    """Run an application with every command allowed to its local pages, and write a capability for each window.

    Nothing is written over: a file that exists is left as it is, and the capability is printed instead.

    Args:
        folder: The project's folder.
        script: The program that runs the application; `None` for `app.py` or `main.py` in the folder.
        output: The folder for the files; `None` for `capabilities` beside `tauri.conf.json`.
        arguments: The program's arguments.
        out: Where to print.

    Returns:
        The exit status of the program.

    Raises:
        ConfigError: There is no program, or it ran no application.
    """
    config = load_config(folder)
    script = script or find_script(folder)
    if script is None:
        raise ConfigError(f"there is no `app.py` or `main.py` in {folder}; name the program with --app")
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "calls.json"
        environment = {**os.environ, RECORD: str(file), "TRANSOM_DEV": "1"}
        print(
            "use every feature of the application, then close it; until then, its pages may call every command",
            file=out,
        )
        out.flush()
        try:
            status = subprocess.run(
                [*command_of(script, environment), *arguments], env=environment, check=False
            ).returncode
        except KeyboardInterrupt:
            status = 130
        if not file.exists():
            raise ConfigError(
                f"{script} ran no application to its end, so nothing was recorded; it must call App.run or Builder.run"
            )
        calls = msgspec.json.decode(file.read_bytes(), type=list[RecordedCall])
    _write(calls, output or config.folder / "capabilities", out)
    return status


def _write(calls: Sequence[RecordedCall], folder: Path, out: TextIO) -> None:
    for window in dict.fromkeys(call.window for call in calls):
        permissions = sorted({call.permission for call in calls if call.window == window and call.permission})
        if not permissions:
            continue
        identifier = f"recorded-{window}".replace("/", "-").replace(":", "-")
        table = {"identifier": identifier, "windows": [window], "permissions": permissions}
        text = msgspec.json.format(msgspec.json.encode(table), indent=2).decode() + "\n"
        path = folder / f"{identifier}.json"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
        except OSError as error:  # it exists, or cannot be written: what was recorded must not be lost
            why = "exists" if isinstance(error, FileExistsError) else f"cannot be written ({error.strerror})"
            print(f"{path} {why}; this is what was recorded now:\n{text}", file=out)
        else:
            print(f"wrote {path}: {', '.join(permissions)}", file=out)
    scoped = sorted({call.permission for call in calls if call.permission and call.scoped})
    if scoped:
        print(
            f"give these permissions their scopes again, which a recording cannot know: {', '.join(scoped)}", file=out
        )
