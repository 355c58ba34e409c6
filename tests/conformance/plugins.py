"""The application for the guest packages of the official plugins: `plugins.py PROJECT RUNTIME`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from transom import Builder, command, generate_context, generate_handler
from transom.handles import AppHandle
from transom.plugins import dialog, fs, store

PERMISSIONS = [
    "core:app:allow-exit",
    "dialog:default",
    "fs:default",
    "fs:read-all",
    "fs:write-all",
    "fs:allow-size",
    "fs:allow-start-accessing-security-scoped-resource",
    "fs:allow-stop-accessing-security-scoped-resource",
    "fs:scope-appdata-recursive",
    "store:default",
]


@command
async def report(name: str, ok: bool, detail: str) -> None:
    """Print the outcome of one check."""
    print(json.dumps({"name": name, "ok": ok, "detail": detail}), flush=True)  # noqa: T201 - the test reads it


@command
async def finished() -> None:
    """Print that no more outcomes come."""
    print(json.dumps({"finished": True}), flush=True)  # noqa: T201 - the test reads it


def allow(app: AppHandle) -> None:
    """Give the page its permissions."""
    app.add_capability(json.dumps({"identifier": "all", "windows": ["*"], "permissions": PERMISSIONS}))


if __name__ == "__main__":
    project, runtime = sys.argv[1:]
    builder = Builder().invoke_handler(generate_handler(report, finished)).setup(allow)
    for plugin in (dialog, fs, store):
        builder.plugin(plugin.init())
    sys.exit(builder.web(open_browser=False).run(generate_context(Path(project)), runtime))
