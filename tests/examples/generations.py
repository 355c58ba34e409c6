"""Builds the example with a window of each generation, with the npm packages of the tests."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

from tests.requirements import NODE_MODULES, ROOT, needs_npm_package

__all__ = ["EXAMPLE", "PACKAGES", "build_generations"]

EXAMPLE = ROOT / "examples" / "generations"
# Name in the example -> the same package of the tests.
PACKAGES = {"@tauri-apps/api": "@tauri-apps/api", "tauri": "tauri-0.15", "tauri-api-1": "tauri-api-1.6"}


def build_generations(folder: Path) -> Path:
    """Copy the example into a folder that does not exist yet, build it as its `npm run build` does, and return the folder."""
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("node_modules", "dist"))
    needs_npm_package("esbuild")
    modules = folder / "node_modules"
    (modules / "@tauri-apps").mkdir(parents=True)
    for name, package in PACKAGES.items():
        (modules / name).symlink_to(needs_npm_package(package), target_is_directory=True)
    build = json.loads((folder / "package.json").read_text("utf-8"))["scripts"]["build"]
    path = f"{NODE_MODULES / '.bin'}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(["sh", "-c", build], cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, text=True, timeout=120, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder
