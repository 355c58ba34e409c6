"""`transom dev`: run an application, and start its back end again when its code changes."""

from __future__ import annotations

import os
from pathlib import Path

from ..dev import DevOptions, Supervisor
from ..errors import AuthorError
from ..project import load_config
from ._bindings import Wanted

__all__ = ["program_of", "run"]

_PROGRAMS = ("app.py", "main.py", "src-python/app.py", "src-python/main.py")


def run(
    program: Path | None,
    module: str | None,
    arguments: list[str],
    *,
    project: Path | None,
    runtime: str | None,
    watch: list[Path],
    bindings: Path | None,
    with_result: bool = False,
    seconds: float,
    restart: bool,
    inspect: bool = False,
) -> int:
    """Run the developer's loop and return the exit status of the application.

    Args:
        program: The program; `None` for the first of the usual ones that the project has.
        module: The module to run in place of a program, as `python -m` does.
        arguments: The program's arguments.
        project: The folder of the configuration; `None` for the program's, or the current one.
        runtime: The name of the runtime; `None` leaves it to the application.
        watch: More folders whose files are followed.
        bindings: A TypeScript module that is written anew at every start; `None` for none.
        with_result: Whether its functions return a `Result`.
        seconds: How long the front end's server may take to answer.
        restart: Whether each back end makes windows of its own.
        inspect: Whether the inspector is shown.

    Raises:
        AuthorError: There is no program, the configuration is wrong, or the front end's server does not start.
    """
    if os.name != "posix":
        raise AuthorError("transom dev needs Linux or macOS so far; run the program itself with TRANSOM_DEV=1")
    folder = project or (Path() if module or program is None else program.parent)
    command = ("-m", module, *arguments) if module else (str(program_of(program, folder)), *arguments)
    config = load_config(folder.resolve())
    environment = {} if runtime is None else {"TRANSOM_RUNTIME": runtime}
    if bindings is not None:
        environment["TRANSOM_DEV_BINDINGS"] = Wanted(bindings, result=with_result).for_application()
    more = [config.folder / path for path in config.build.additional_watch_folders]
    options = DevOptions(
        command=command,
        folders=tuple(dict.fromkeys(path.resolve() for path in (folder, config.folder, *more, *watch))),
        environment=environment,
        seconds=seconds,
        restart=restart,
        inspect=inspect,
    )
    return Supervisor(config, options).run()


def program_of(program: Path | None, folder: Path) -> Path:
    """Return the program that runs the application.

    Raises:
        AuthorError: It does not exist.
    """
    if program is not None:
        if program.is_file():
            return program
        if program.is_dir():
            raise AuthorError(
                f"{program} is a folder; run transom in it, or name the program, such as {program / 'app.py'}"
            )
        raise AuthorError(f"there is no program {program}; name the file that runs the application")
    for name in _PROGRAMS:
        if (folder / name).is_file():
            return folder / name
    raise AuthorError(
        f"{folder.resolve()} has none of {', '.join(_PROGRAMS)}; name the file that runs the application, or make a project "
        "with `transom new NAME`"
    )
