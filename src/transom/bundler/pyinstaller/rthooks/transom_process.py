"""Runs in a bundle before its program: gives programs it starts the user's libraries, and lets multiprocessing work."""


def _begin() -> None:
    import os
    import sys
    from pathlib import Path

    # PyInstaller's starter points it at the bundle; a browser or a shell would load the bundle's libraries.
    original = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    os.environ.pop("LD_LIBRARY_PATH", None)
    if original is not None:
        os.environ["LD_LIBRARY_PATH"] = original
    if (
        Path(sys.executable).parent == Path(getattr(sys, "_MEIPASS", "")).parent
    ):  # a folder, not one file that unpacks itself
        os.environ["PYINSTALLER_RESET_ENVIRONMENT"] = "1"  # the same program, started again, finds its libraries itself
    command = _code_of_multiprocessing(sys.argv[1:])
    if command is not None:
        _serve(command)
        sys.exit()


def _code_of_multiprocessing(words: list[str]) -> str | None:
    """Return what a process of multiprocessing is to run; `None` in the application itself."""
    if words[:1] == ["--multiprocessing-fork"]:  # `spawn`
        given = dict(word.split("=", 1) for word in words[1:])
        numbers = ", ".join(f"{name}={None if value == 'None' else int(value)}" for name, value in given.items())
        return f"from multiprocessing.spawn import spawn_main; spawn_main({numbers})"
    if len(words) >= 2 and words[-2] == "-c" and all(word.startswith("-") for word in words[:-1]):
        begins = tuple(f"from multiprocessing.{name} import main" for name in ("forkserver", "resource_tracker"))
        if words[-1].removeprefix("import sys; ").startswith(begins):
            return words[-1]
    return None


def _serve(command: str) -> None:
    import importlib.util
    from typing import Any

    process: Any = importlib.import_module("multiprocessing.process")
    spawn: Any = importlib.import_module("multiprocessing.spawn")

    def from_module(path: str) -> None:
        # The program's file is not in a bundle. Its hook has put it there as a module too.
        name = path.replace("\\", "/").rpartition("/")[2].rpartition(".")[0]
        if importlib.util.find_spec(name) is not None:
            spawn._fixup_main_from_name(name)  # noqa: SLF001 - what `spawn` itself does for modules

    process.ORIGINAL_DIR = None
    spawn._fixup_main_from_path = from_module  # noqa: SLF001 - there is no public way
    exec(command, {"__name__": "__main__"})  # noqa: S102 - the words of multiprocessing, checked above


_begin()
