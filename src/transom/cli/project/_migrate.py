"""`transom migrate`: the files of Tauri 2 for a project of Tauri 1."""

from __future__ import annotations

import json
from pathlib import Path

from ...config import migrate_config
from ...errors import ConfigError
from ...project import find_config, read_file

__all__ = ["migrate"]

_OLD = "tauri.conf.v1.json"


def migrate(folder: Path) -> tuple[list[Path], list[str]]:
    """Write a `tauri.conf.json` and a capability of Tauri 2; the file of Tauri 1 is kept under another name.

    Args:
        folder: The project's folder.

    Returns:
        The files that were written, and sentences that say what is left to do.

    Raises:
        ConfigError: The configuration is not one of Tauri 1, it is wrong, a file is there already, or one cannot be written.
    """
    path = find_config(folder)
    if path.suffix != ".json":
        raise ConfigError(
            "only a tauri.conf.json of Tauri 1 can be translated; write this file as JSON", file=str(path)
        )
    old, capability = path.with_name(_OLD), path.parent / "capabilities" / "migrated.json"
    made = migrate_config(read_file(path), str(path))
    for file in (old, capability):
        if file.exists():
            raise ConfigError("it is there already, and is not replaced; move it away and try again", file=str(file))
    try:
        capability.parent.mkdir(exist_ok=True)
        capability.write_text(json.dumps(made.capability, indent=2) + "\n", "utf-8")
        path.rename(old)
        path.write_text(json.dumps(made.config, indent=2) + "\n", "utf-8")
    except OSError as error:
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
