"""The program of a project of Tauri whose commands `transom migrate` found."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from ...acl import OFFICIAL_PLUGINS, WITHOUT_PACKAGE
from ...project import load_config, read_capability_file
from ..stubs import Source, sources_of

__all__ = ["OLD_CONFIGURATION", "PACKAGE_PREFIX", "STUBS", "imported_packages", "named_plugins", "program_of"]

# The files that `transom migrate` writes, and that tell that a project was migrated.
STUBS = "commands.py"
OLD_CONFIGURATION = "tauri.conf.v1.json"
PACKAGE_PREFIX = "@tauri-apps/plugin-"

_TEST = """from __future__ import annotations

from app import builder
from transom import generate_context
from transom.testing import running


def test_the_application_starts() -> None:
    with running(builder(), generate_context()) as app:
        assert app.handle.config().identifier == "{identifier}"
"""


def imported_packages(sources: Sequence[Source]) -> set[str]:
    """Return the npm packages of plugins that a front end imports."""
    return {
        token.text
        for source in sources
        for tokens in source.parts
        for token in tokens
        if token.kind == "string" and re.fullmatch(r"@tauri-apps/plugin-[\w-]+|tauri-plugin-[\w-]+", token.text)
    }


def named_plugins(folder: Path) -> set[str]:
    """Return the plugins of which the capability files beside a configuration name a permission, and `core`.

    Args:
        folder: The folder of the configuration.

    Raises:
        ConfigError: A capability file cannot be read.
    """
    files = [file for file in (folder / "capabilities").glob("*") if file.suffix in (".json", ".json5", ".toml")]
    permissions = [
        permission
        for file in sorted(files)
        for source in read_capability_file(file)
        for permission in source.capability.permissions
    ]
    return {(each if isinstance(each, str) else each.identifier).partition(":")[0] for each in permissions}


def program_of(folder: Path, title: str) -> dict[str, str] | None:
    """Return `app.py` with the project's stubs and the plugins that its pages use, and its test; `None` without stubs.

    The plugins are those whose packages the front end imports and those of which a capability names a permission.

    Args:
        folder: The project's folder, which has a configuration.
        title: The application's name, for people.

    Raises:
        ConfigError: The configuration or a capability file cannot be read.
    """
    stubs = folder / STUBS
    if not stubs.is_file() or "\nhandler = " not in stubs.read_text("utf-8", errors="replace"):
        return None
    names = {package.removeprefix(PACKAGE_PREFIX) for package in imported_packages(sources_of(folder))}
    loaded = load_config(folder)
    names |= named_plugins(loaded.folder)
    modules = sorted(name.replace("-", "_") for name in names & (OFFICIAL_PLUGINS.keys() - WITHOUT_PACKAGE))
    calls = [f"plugin({module}.init())" for module in modules]
    if (loaded.folder / OLD_CONFIGURATION).exists():
        calls.insert(0, 'client("1.x")  # until the front end uses @tauri-apps/api 2')
    program = _text(title, modules, [*calls, "invoke_handler(handler)"])
    return {"app.py": program, "test_app.py": _TEST.replace("{identifier}", loaded.identifier)}


def _text(title: str, modules: Sequence[str], calls: Sequence[str]) -> str:
    plugins = f"from transom.plugins import {', '.join(modules)}\n" if modules else ""
    if len(plugins) > 120:
        plugins = "from transom.plugins import (\n" + "".join(f"    {module},\n" for module in modules) + ")\n"
    built = "Builder()" + "".join(f".{call}" for call in calls)
    if len(built) > 100 or "#" in built:
        built = "(\n        Builder()\n" + "".join(f"        .{call}\n" for call in calls) + "    )"
    return f'''"""{title}: run it with `python app.py`."""

from commands import handler

from transom import Builder, generate_context
{plugins}

def builder() -> Builder:
    """Return the application; the test makes one for each run."""
    return {built}


if __name__ == "__main__":
    builder().run(generate_context())
'''
