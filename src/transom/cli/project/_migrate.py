"""`transom migrate`: a project of Tauri to transom: its configuration, and Python stubs for what its pages call."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from ...acl import OFFICIAL_PLUGINS
from ...config import migrate_config, parse_config
from ...errors import ConfigError
from ...project import find_config, read_file
from ..stubs import Source, module_of, sources_of
from ._program import OLD_CONFIGURATION, PACKAGE_PREFIX, STUBS, imported_packages, named_plugins

__all__ = ["migrate"]


def migrate(folder: Path) -> tuple[list[Path], list[str]]:
    """Write what a project of Tauri lacks; no file is replaced.

    These are a `tauri.conf.json` and a capability of Tauri 2 for a project of Tauri 1, whose own file is kept under another
    name, and `commands.py` with a stub for each command that its front end calls.

    Args:
        folder: The project's folder.

    Returns:
        The files that were written, and sentences that say what is left to do.

    Raises:
        ConfigError: The configuration is missing or wrong, a file of Tauri 2 is there already, or one cannot be written.
    """
    path = find_config(folder)
    raw = read_file(path)
    is_old = parse_config(raw, str(path)).generation == "1.x"
    written, steps = _migrate_configuration(path, raw) if is_old else ([], [])
    if not is_old:
        steps.append(f"{path} is a configuration of Tauri 2, and is used as it is")
    sources = sources_of(folder)
    more, left = _write_stubs(folder, sources)
    return [*written, *more], [*steps, *left, *_plugins(path.parent, sources)]


def _migrate_configuration(path: Path, raw: bytes) -> tuple[list[Path], list[str]]:
    if path.suffix != ".json":
        raise ConfigError(
            "only a tauri.conf.json of Tauri 1 can be translated; write this file as JSON", file=str(path)
        )
    old, capability = path.with_name(OLD_CONFIGURATION), path.parent / "capabilities" / "migrated.json"
    made = migrate_config(raw, str(path))
    for file in (old, capability):
        if file.exists():
            raise ConfigError("it is there already, and is not replaced; move it away and try again", file=str(file))
    try:
        capability.parent.mkdir(exist_ok=True)
        capability.write_text(json.dumps(made.capability, indent=2) + "\n", "utf-8")
        path.rename(old)
        path.write_text(json.dumps(made.config, indent=2) + "\n", "utf-8")
    except OSError as error:
        capability.unlink(missing_ok=True)
        if old.exists():
            old.replace(path)
        raise ConfigError(f"the files cannot be written: {error.strerror}", file=str(path)) from None
    steps = [f"not translated: {name}" for name in made.untranslated]
    named = (each if isinstance(each, str) else each["identifier"] for each in made.capability["permissions"])
    plugins = sorted({name.partition(":")[0] for name in named} - {"core"})
    if plugins:
        steps.append(f"the permissions need these plugins, so add them to the program: {', '.join(plugins)}")
    steps.append(
        'pages still speak Tauri 1: until the front end uses @tauri-apps/api 2, add `.client("1.x")` to the builder'
    )
    steps.append(
        f"every other plugin of the program now needs a permission, such as `store:default` in {capability.name}"
    )
    return [old, path, capability], steps


def _write_stubs(folder: Path, sources: Sequence[Source]) -> tuple[list[Path], list[str]]:
    text, names = module_of(sources)
    if not names:
        return [], ["no call of a command was found in the front end"]
    file = folder / STUBS
    program = f"use them with `from commands import handler` and `Builder().invoke_handler(handler)`{_maker(folder)}"
    try:
        with file.open("x", encoding="utf-8") as stubs:
            stubs.write(text)
    except FileExistsError:
        return [], [f"{file} already exists and was not changed; pages call these commands: {', '.join(names)}"]
    except OSError as error:
        raise ConfigError(f"the stubs cannot be written: {error.strerror}", file=str(file)) from None
    count = "the one command" if len(names) == 1 else f"each of the {len(names)} commands"
    return [file], [f"{file} has a stub for {count} that pages call; fill in what they do, and {program}"]


def _maker(folder: Path) -> str:
    is_there = any(
        (folder / name).is_file() for name in ("app.py", "main.py", "src-python/app.py", "src-python/main.py")
    )
    return "" if is_there else "; `transom init` makes a program with them and with the plugins that pages use"


def _plugins(folder: Path, sources: Sequence[Source]) -> list[str]:
    """Say which packages of plugins the front end imports that no capability names, and which transom does not have."""
    packages = imported_packages(sources)
    names = {package.removeprefix(PACKAGE_PREFIX) for package in packages if package.startswith(PACKAGE_PREFIX)}
    known = sorted((names & OFFICIAL_PLUGINS.keys()) - named_plugins(folder))
    missing = sorted(package for package in packages if package.removeprefix(PACKAGE_PREFIX) not in OFFICIAL_PLUGINS)
    steps = [f"`transom plugin add {name}`: the front end uses {PACKAGE_PREFIX}{name}" for name in known]
    return steps + [f"transom has no plugin for {package}; write one with `transom plugin new`" for package in missing]
