"""The permissions of four core plugins, declared as an application declares them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from transom.acl import RuntimeAuthority
from transom.acl.manifests._manifest import Manifest, with_manifest
from transom.acl.manifests._manifest import core_manifests as first_manifests

__all__ = ["CORE_COMMANDS", "core_authority", "core_manifests"]

CORE_COMMANDS: Mapping[str, tuple[str, ...]] = {
    "core:event": ("emit", "emit_to", "listen", "unlisten"),
    "core:resources": ("close",),
    "core:stream": ("pull",),
    "core:window": ("close", "destroy"),
}


def core_authority(**options: Any) -> RuntimeAuthority:
    """Return an authority that knows the plugins, with all their commands in `core:default`."""
    authority = RuntimeAuthority(**options)
    for plugin, commands in CORE_COMMANDS.items():
        authority.declare(plugin, commands=commands, default=_allowing(commands))
    return authority


def core_manifests() -> dict[str, Manifest]:
    """Return the manifests of the same plugins."""
    manifests = first_manifests()
    for plugin, commands in CORE_COMMANDS.items():
        manifests = with_manifest(manifests, plugin, Manifest(commands=commands, default=_allowing(commands)))
    return manifests


def _allowing(commands: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"allow-{command.replace('_', '-')}" for command in commands)
