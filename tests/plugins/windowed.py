"""Guest packages of Tauri's plugins, unmodified, in a window of WebKitGTK: a program, and what starts it from a test.

`python -m tests.plugins.windowed FOLDER` runs the application that `windowed` has written into the folder.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.requirements import NODE_MODULES, ROOT, needs_node, needs_npm_package, needs_webkitgtk
from transom.app import Builder, generate_context
from transom.commands import command, generate_handler
from transom.handles import AppHandle

__all__ = ["windowed"]

_LIMIT = 60  # seconds
_PAGE = """
import { invoke } from '@tauri-apps/api/core';
import * as plugin from '%s';
const outside = (...command) => invoke('outside', { command });
(async () => { %s })().then((value) => invoke('report', { value: value ?? null }), (error) => invoke('report', { error: String(error) }));
"""


def windowed(
    folder: Path,
    display: str,
    package: str,
    script: str,
    *,
    permissions: Sequence[Any],
    config: dict[str, Any] | None = None,
    environ: dict[str, str] | None = None,
    before: Sequence[str] = (),
    also: Sequence[str] = (),
) -> Any:
    """Run the body of an async function in the page of an application with a plugin; return its result.

    In it, `plugin` has the package's exports, and `outside(program, ...)` runs a program and returns what it prints.

    Args:
        folder: Where the application is written.
        display: Name of the X display.
        package: The npm package, `@tauri-apps/plugin-<name>`.
        script: The script.
        permissions: What the page may do, as in a capability file.
        config: `plugins` of the configuration.
        environ: More variables of the environment.
        before: Program and arguments that run the application, such as `dbus-run-session --`.
        also: Names of more plugins that the application has; the script imports their packages itself.
    """
    needs_webkitgtk()
    needs_npm_package("esbuild")
    needs_npm_package(package)
    (folder / "capabilities").mkdir(parents=True)
    (folder / "dist").mkdir()
    capability = {"identifier": "main", "windows": ["*"], "permissions": permissions}
    (folder / "capabilities" / "main.json").write_text(json.dumps(capability))
    (folder / "tauri.conf.json").write_text(
        json.dumps(
            {
                "productName": "Windowed",
                "identifier": "app.transom.windowed",
                "build": {"frontendDist": "dist"},
                "app": {"windows": [{"title": "Windowed"}]},
                "plugins": config or {},
            }
        )
    )
    (folder / "dist" / "index.html").write_text(
        "<!doctype html><title>w</title><script type=module src=page.js></script>"
    )
    (folder / "page.js").write_text(_PAGE % (package, script))
    bundle = [needs_node(), NODE_MODULES.parent / "bundle_page.mjs", folder / "page.js", folder / "dist" / "page.js"]
    subprocess.run(bundle, check=True, timeout=_LIMIT)
    done = subprocess.run(
        [*before, sys.executable, "-m", "tests.plugins.windowed", folder, package.partition("plugin-")[2], *also],
        cwd=ROOT,
        env={
            **os.environ,
            "DISPLAY": display,
            "GDK_BACKEND": "x11",
            "NO_AT_BRIDGE": "1",
            "PYTHONPATH": "src",
            **(environ or {}),
        },
        capture_output=True,
        text=True,
        timeout=2 * _LIMIT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "CRITICAL" not in done.stderr, done.stderr
    reported = json.loads(done.stdout.splitlines()[-1])
    assert "error" not in reported, reported["error"]
    return reported["value"]


def main(folder: Path, names: Sequence[str]) -> int:
    @command
    def outside(command: list[str]) -> str:
        return subprocess.run(command, capture_output=True, text=True, timeout=_LIMIT, check=True).stdout

    @command
    def report(app: AppHandle, value: Any = None, error: str | None = None) -> None:
        sys.stdout.write(json.dumps({"value": value} if error is None else {"error": error}) + "\n")
        sys.stdout.flush()
        app.exit()

    def too_late() -> None:
        sys.stdout.write(json.dumps({"error": "too late"}) + "\n")
        sys.stdout.flush()
        os._exit(1)

    timer = threading.Timer(_LIMIT, too_late)
    timer.daemon = True
    timer.start()
    builder = Builder().invoke_handler(generate_handler(outside, report))
    for name in names:
        builder.plugin(import_module(f"transom.plugins.{name.replace('-', '_')}").init())
    return builder.run(generate_context(folder), "webkitgtk")


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2:]))
