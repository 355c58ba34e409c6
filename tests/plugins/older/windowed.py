"""Projects of Tauri 1 with the unmodified npm package 1.6.0, in a window of WebKitGTK: a program, and what starts it from a test.

`python -m tests.plugins.older.windowed` runs the application that `run_v1` has written into `$OLDER_PROJECT`.
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
from typing import Any, NamedTuple

from tests.requirements import NODE_MODULES, ROOT, needs_npm_package, needs_webkitgtk
from transom import AppHandle, Builder, command, generate_context, generate_handler
from transom.plugins import log

__all__ = ["PLUGINS", "Outcome", "run_v1"]

_LIMIT = 60  # seconds
PLUGINS = (
    "autostart cli clipboard-manager dialog fs global-shortcut http log notification os process shell sql store".split()
)
# Options of plugins, where they have to be told something.
OPTIONS: dict[str, dict[str, Any]] = {
    "log": {"targets": (log.Target("stderr"), log.Target("log_dir"), log.Target("webview"))}
}
_PAGE = """
import * as app from '@tauri-apps/api/app';
import * as cli from '@tauri-apps/api/cli';
import * as clipboard from '@tauri-apps/api/clipboard';
import * as dialog from '@tauri-apps/api/dialog';
import * as event from '@tauri-apps/api/event';
import * as fs from '@tauri-apps/api/fs';
import * as globalShortcut from '@tauri-apps/api/globalShortcut';
import * as http from '@tauri-apps/api/http';
import * as notification from '@tauri-apps/api/notification';
import * as os from '@tauri-apps/api/os';
import * as path from '@tauri-apps/api/path';
import * as process from '@tauri-apps/api/process';
import * as shell from '@tauri-apps/api/shell';
import { invoke } from '@tauri-apps/api/tauri';
import * as windows from '@tauri-apps/api/window';

const given = %s;
const outside = (...command) => invoke('outside', { command });
const rejection = (promise) => promise.then((value) => ({ value: value ?? null }), String);
/** Wait until a list has a number of items. */
const until = async (list, count) => {
  for (const end = Date.now() + 20_000; list.length < count && Date.now() < end;) await new Promise((resolve) => setTimeout(resolve, 20));
  return list;
};
(async () => { %s })().then((value) => invoke('report', { value: value ?? null }), (error) => invoke('report', { error: String(error) }));
"""


class Outcome(NamedTuple):
    """What came of a run: what the page's script returned, what the program wrote, and its exit status."""

    value: Any
    log: str
    status: int


def run_v1(
    folder: Path,
    display: str,
    script: str,
    *,
    allowlist: dict[str, Any],
    given: Any = None,
    environ: dict[str, str] | None = None,
    before: Sequence[str | Path] = (),
    body: str = "",
    with_plugins: Sequence[str] = PLUGINS,
    program: str = "tests.plugins.older.windowed",
    arguments: Sequence[str] = (),
) -> Outcome:
    """Run the body of an async function in the page of a project of Tauri 1.

    In it, the modules of the package have their names (`fs`, `dialog`, ..., `windows` for `window`), `given` is that of the
    arguments, and `outside(program, ...)` runs a program and returns what it prints.

    Args:
        folder: Where the project is written.
        display: Name of the X display.
        script: The script; what it returns is the outcome's value, if the application does not end before.
        allowlist: `tauri.allowlist` of the project's configuration.
        given: A JSON value for the script.
        environ: More variables of the environment.
        before: Program and arguments that run the application, such as `dbus-run-session --`.
        body: HTML of the page.
        with_plugins: The plugins that the application adds.
        program: The module that runs the application.
        arguments: Those of the program.
    """
    needs_webkitgtk()
    needs_npm_package("esbuild")
    package = needs_npm_package("tauri-api-1.6")
    (folder / "dist").mkdir(parents=True)
    configuration = {
        "package": {"productName": "Older", "version": "1.2.3"},
        "build": {"distDir": "../dist", "devPath": "../dist"},
        "tauri": {
            "allowlist": allowlist,
            "cli": {"description": "Older", "args": [{"name": "level", "short": "l", "takesValue": True}]},
            "bundle": {"identifier": "app.transom.older", "active": False},
            "windows": [{"title": "Older window", "width": 400, "height": 300}],
        },
    }
    (folder / "src-tauri").mkdir()
    (folder / "src-tauri" / "tauri.conf.json").write_text(json.dumps(configuration))
    page = f"<!doctype html><title>o</title>{body}<script type=module src=page.js></script>"
    (folder / "dist" / "index.html").write_text(page)
    (folder / "page.js").write_text(_PAGE % (json.dumps(given), script))
    esbuild = NODE_MODULES / ".bin" / "esbuild"
    bundle = [esbuild, folder / "page.js", "--bundle", "--format=esm", "--log-level=error"]
    subprocess.run([*bundle, f"--outfile={folder / 'dist' / 'page.js'}", f"--alias:@tauri-apps/api={package}"], check=True, timeout=_LIMIT)  # fmt: skip
    home = folder / "home"
    home.mkdir()
    done = subprocess.run(
        [*before, sys.executable, "-m", program, *arguments],
        cwd=ROOT,
        env={
            **os.environ,
            "OLDER_PROJECT": str(folder),
            "OLDER_PLUGINS": " ".join(with_plugins),
            "DISPLAY": display,
            "GDK_BACKEND": "x11",
            "NO_AT_BRIDGE": "1",
            "PYTHONPATH": "src",
            "HOME": str(home),
            "LANGUAGE": "C",
            "GSETTINGS_BACKEND": "memory",
            **{f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CONFIG", "DATA", "CACHE")},
            **(environ or {}),
        },
        capture_output=True,
        text=True,
        timeout=2 * _LIMIT,
        check=False,
    )
    assert "CRITICAL" not in done.stderr, done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    reported = json.loads(lines[-1]) if lines else {}
    assert "error" not in reported, f"{reported['error']}\n{done.stderr}"
    return Outcome(reported.get("value"), done.stderr, done.returncode)


@command
def outside(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, timeout=_LIMIT, check=True).stdout


@command
def report(app: AppHandle, value: Any = None, error: str | None = None) -> None:
    sys.stdout.write(json.dumps({"value": value} if error is None else {"error": error}) + "\n")
    sys.stdout.flush()
    app.exit()


def build() -> Builder:
    """Return the builder of the application; its time is limited."""

    def too_late() -> None:
        sys.stdout.write(json.dumps({"error": "too late"}) + "\n")
        sys.stdout.flush()
        os._exit(1)

    timer = threading.Timer(_LIMIT, too_late)
    timer.daemon = True
    timer.start()
    builder = Builder().invoke_handler(generate_handler(outside, report))
    for name in os.environ["OLDER_PLUGINS"].split():
        plugin = import_module(f"transom.plugins.{name.replace('-', '_')}")
        builder.plugin(plugin.init(**OPTIONS.get(name, {})))
    return builder


def main() -> int:
    return build().run(generate_context(Path(os.environ["OLDER_PROJECT"]) / "src-tauri"), "webkitgtk")


if __name__ == "__main__":
    sys.exit(main())
