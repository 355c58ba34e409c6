"""An application that runs the scripts that a test sends it, in the page of its first window.

`python -m tests.desktop.application FOLDER [PLUGIN]...` runs on the runtime in $DESKTOP_RUNTIME and has these official
plugins: each line of stdin is a script, the body of an `async` function in which the package `@tauri-apps/api` is `api`;
each line of stdout is `{"value": ...}`, or `{"error": ...}` with what it rejected with.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from importlib import import_module
from pathlib import Path
from typing import Any

from transom.app import Builder, generate_context
from transom.commands import command, generate_handler
from transom.handles import AppHandle
from transom.plugins import core_plugins

OTHER = {"label": "other", "title": "Other", "x": 700, "y": 500, "width": 200, "height": 150, "focus": False}
PAGE = "<!doctype html><meta charset=utf-8><title>Desktop</title><body style='background: white'>"


def write_project(folder: Path, icon: str | None = None, **window: Any) -> None:
    """Write the project that the application runs; its icon is a file in the folder."""
    (folder / "dist").mkdir(parents=True, exist_ok=True)
    (folder / "dist" / "index.html").write_text(PAGE, "utf-8")
    options = {"title": "Desktop", "width": 400, "height": 300, **window}
    config = {
        "productName": "desktop-tests",
        "identifier": "app.transom.desktop",
        "build": {"frontendDist": "dist"},
        "app": {"withGlobalTauri": True, "windows": [options, OTHER]},
        "bundle": {"icon": [] if icon is None else [icon]},
    }
    (folder / "tauri.conf.json").write_text(json.dumps(config), "utf-8")


@command
async def said(text: str) -> None:
    """Print what a script has come to."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _script(body: str) -> str:
    return f"""
      (async () => {{
        const api = window.__TAURI__;
        const say = (outcome) => api.core.invoke('said', {{ text: JSON.stringify(outcome) }});
        try {{
          say({{ value: (await (async () => {{ {body} }})()) ?? null }});
        }} catch (error) {{
          say({{ error: error instanceof Error ? String(error) : error }});
        }}
      }})();"""


def _obey(app: AppHandle) -> None:
    for line in sys.stdin:
        window = app.get_webview_window("main")
        assert window is not None
        window.eval(_script(json.loads(line)))
    app.exit()


def _set_up(app: AppHandle) -> None:
    permissions = [f"{name}:default" for name in sys.argv[2:]]
    permissions += [
        f"core:{plugin.name}:allow-{name.replace('_', '-')}"
        for plugin in core_plugins()
        for name in plugin.commands or ()
    ]
    app.add_capability(json.dumps({"identifier": "all", "windows": ["*"], "permissions": permissions}))
    threading.Thread(target=_obey, args=(app,), daemon=True).start()


def main() -> None:
    """Run the application."""
    context = generate_context(Path(sys.argv[1]))
    builder = Builder().invoke_handler(generate_handler(said)).setup(_set_up)
    for name in sys.argv[2:]:
        builder.plugin(import_module(f"transom.plugins.{name.replace('-', '_')}").init())
    builder.run(context, os.environ.get("DESKTOP_RUNTIME", "webkitgtk"))


if __name__ == "__main__":
    main()
