"""`plugin:os|*`, and the object that the npm package reads without a call."""

from __future__ import annotations

import json

from ...commands import command, generate_handler
from ...core import Plugin, PluginBuilder
from . import _facts

__all__ = ["init"]


@command
async def platform() -> str:
    """Return the operating system."""
    return _facts.platform()


@command
async def version() -> str:
    """Return the operating system's version."""
    return _facts.version()


@command
async def os_type() -> str:
    """Return the kind of operating system."""
    return _facts.os_type()


@command
async def family() -> str:
    """Return `windows` or `unix`."""
    return _facts.family()


@command
async def arch() -> str:
    """Return the processor's architecture."""
    return _facts.arch()


@command
async def exe_extension() -> str:
    """Return the extension of programs."""
    return _facts.exe_extension()


@command
async def locale() -> str | None:
    """Return the user's language."""
    return _facts.locale()


@command
async def hostname() -> str | None:
    """Return the machine's name."""
    return _facts.hostname()


def init() -> Plugin:
    """Return the plugin; `os:default` allows everything but the host name, as in Tauri."""
    facts = {
        "eol": _facts.eol(),
        "platform": _facts.platform(),
        "version": _facts.version(),
        "family": _facts.family(),
        "os_type": _facts.os_type(),
        "arch": _facts.arch(),
        "exe_extension": _facts.exe_extension(),
    }
    named = ("arch", "exe-extension", "family", "locale", "os-type", "platform", "version")
    return (
        PluginBuilder("os")
        .js_init_script(
            f"Object.defineProperty(window, '__TAURI_OS_PLUGIN_INTERNALS__', {{ value: Object.freeze({json.dumps(facts)}) }});"
        )
        .invoke_handler(generate_handler(platform, version, os_type, family, arch, exe_extension, locale, hostname))
        .permissions(default=tuple(f"allow-{name}" for name in named))
        .build()
    )
