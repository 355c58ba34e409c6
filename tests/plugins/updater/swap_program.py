"""An installed program that replaces itself; started as `program FOLDER VERB`, with nothing but the standard library.

Its folder has the file `version`, and `behaviour`: `page` confirms, `crash` and `quit` end before that. Each start adds a
line to the file `log` beside the folder. With `KILL_AT=n` the process kills itself before the n-th step that changes the
disk or starts a program; `KILL_IN` says in which version.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

STEPS = {os: ("rename", "fsync", "unlink", "rmdir"), subprocess: ("Popen",)}


def _load() -> Any:
    path = Path(__file__).parents[3] / "src" / "transom" / "plugins" / "updater" / "_swap.py"
    spec = importlib.util.spec_from_file_location("swap", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["swap"] = module
    spec.loader.exec_module(module)
    return module


def _kill_at(number: int, swap: Any, mark: Path) -> None:
    left = number

    def before(function: Any) -> Any:
        def step(*args: Any, **kwargs: Any) -> Any:
            nonlocal left
            left -= 1
            if left == 0:
                mark.touch()
                os.kill(os.getpid(), signal.SIGKILL)
            return function(*args, **kwargs)

        return step

    for module, names in STEPS.items():
        for name in names:
            setattr(module, name, before(getattr(module, name)))
    swap.exchange = before(swap.exchange)


def main() -> None:
    folder, verb = Path(sys.argv[1]), sys.argv[2]
    swap = _load()
    version = (folder / "version").read_text()
    if os.environ.get("KILL_IN") == version:
        _kill_at(int(os.environ["KILL_AT"]), swap, folder.parent / "killed")
    if verb == "stage":
        new, behaviour = sys.argv[3:]

        def fill(made: Path) -> None:
            shutil.copytree(folder, made, dirs_exist_ok=True)
            (made / "version").write_text(new)
            (made / "behaviour").write_text(behaviour)

        swap.stage(folder, new, fill)
        return
    if os.environ.pop(swap.CHILD, None) is None:
        swap.begin(folder, [sys.executable, *sys.orig_argv[1:]], os.environ)
    swap.use(folder)
    with (folder.parent / "log").open("a") as log:
        log.write(f"{version}\n")
    behaviour = (folder / "behaviour").read_text()
    if behaviour == "crash":
        sys.exit(3)
    if behaviour == "page":
        swap.confirm(folder)


main()
