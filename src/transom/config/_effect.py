"""Which fields of a `tauri.conf.json` transom uses, so that the others can be named where an author would wait for them."""

from __future__ import annotations

from typing import Any

__all__ = ["UNUSED", "USED", "unused_fields"]

# Dotted paths, each with everything below it. A field of the schema is in one of the two tables.
# The fields of `app.windows` depend on the runtime, which says itself which of them it uses.
USED = frozenset(
    {
        "$schema",
        "app.security.assetProtocol",
        "app.security.capabilities",
        "app.security.csp",
        "app.security.devCsp",
        "app.security.freezePrototype",
        "app.security.headers",
        "app.security.pattern",
        "app.trayIcon",
        "app.windows",
        "app.withGlobalTauri",
        "build.additionalWatchFolders",
        "build.beforeBuildCommand",
        "build.beforeBundleCommand",
        "build.beforeDevCommand",
        "build.devUrl",
        "build.frontendDist",
        "bundle",
        "identifier",
        "mainBinaryName",
        "plugins",
        "productName",
        "version",
    }
)
# Move a path to the table above when transom begins to use the field.
UNUSED = frozenset(
    {
        "app.appDirectoriesOverride",
        "app.enableGTKAppId",
        "app.macOSPrivateApi",
        "app.security.dangerousDisableAssetCspModification",
        "build.features",
        "build.removeUnusedCommands",
        "build.runner",
        "build.windows",
    }
)


def unused_fields(data: dict[str, Any], path: str = "") -> list[str]:
    """Return the dotted paths of fields that are set and have no effect, in the order of the file.

    A field that is `null`, `false` or empty is not named: leaving it out would mean the same.

    Args:
        data: The decoded file, which is valid.
        path: The path of `data`, with a dot at its end; empty for the whole file.
    """
    found: list[str] = []
    for name, value in data.items():
        if f"{path}{name}" in UNUSED:
            found += [f"{path}{name}"] if value not in (None, False, "", [], {}) else []
        elif isinstance(value, dict) and f"{path}{name}" not in USED:
            found += unused_fields(value, f"{path}{name}.")
    return found
