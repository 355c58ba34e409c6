"""`transom info`: what a machine and a project have."""

from __future__ import annotations

import platform
from pathlib import Path
from typing import Any

from ...project import has_config, load_access, load_config
from .. import _doctor

__all__ = ["info"]


def info(folder: Path) -> dict[str, Any]:
    """Return facts about this machine and a project: JSON values.

    Args:
        folder: The project's folder; without a configuration in it, `project` is `None`.

    Raises:
        ConfigError: The project's files are wrong.
    """
    machine = _doctor.this_machine()
    findings = _doctor.examine()
    return {
        "transom": machine.version("transom"),
        "python": platform.python_version(),
        "system": platform.platform(),
        "runtimes": {name: name in _doctor.can_run(findings) for name in _doctor.RUNTIMES},
        "packages": {name: machine.version(name) for name in _PACKAGES},
        "project": _project(folder) if has_config(folder) else None,
    }


_PACKAGES = ("msgspec", "starlette", "uvicorn", "websockets", "PyGObject", "pydantic", "watchfiles")


def _project(folder: Path) -> dict[str, Any]:
    config = load_config(folder)
    access = load_access(config)
    built = config.frontend
    parts = built if isinstance(built, tuple) else () if built is None else (built / "index.html",)
    return {
        "configuration": config.file,
        "identifier": config.identifier,
        "name": config.product_name,
        "version": config.version,
        "devUrl": config.build.dev_url,
        "frontendDist": [str(path) for path in built] if isinstance(built, tuple) else built and str(built),
        "isBuilt": bool(parts) and all(path.exists() for path in parts),
        "windows": [window.label for window in config.app.windows],
        "capabilities": {
            source.capability.identifier: [
                entry if isinstance(entry, str) else entry.identifier for entry in source.capability.permissions
            ]
            for source in access.capabilities
        },
        "plugins": sorted(config.plugins),
        "withoutEffect": list(config.unused),
    }
