"""An application for `test_webkitgtk_drag.py`: `python -m tests.webviews.drag_application FOLDER [OPTIONS]`.

It prints what its page and its hooks report, a JSON value a line, and ends with its input. `OPTIONS` are JSON.
"""

from __future__ import annotations

import json
import sys
import threading
from pathlib import Path
from typing import Any

import msgspec

from transom import AppHandle, Builder, Context, Window, WindowEvent, command, generate_handler
from transom.config import AppConfig, BuildConfig, Config, WindowConfig
from transom.ipc import CapabilityBuilder


def say(value: Any) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


@command
def report(value: Any = None) -> None:
    say(value)


def heard(window: Window, event: WindowEvent) -> None:
    if isinstance(event, WindowEvent.DragDrop):
        say(
            ["python", repr(type(event.event).__name__).strip("'"), [str(p) for p in getattr(event.event, "paths", ())]]
        )


def wait(app: AppHandle) -> None:
    sys.stdin.read()
    app.exit()


def setup(app: AppHandle) -> None:
    app.add_capability(CapabilityBuilder("drag").window("*").permission("core:window:allow-start-dragging"))
    threading.Thread(target=wait, args=(app,), daemon=True).start()


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    options = json.loads(sys.argv[2]) if len(sys.argv) > 2 else {}
    look = {"label": "main", "title": "Dragged", "x": 100, "y": 100, "width": 400, "height": 300} | options
    config = Config(
        folder=folder,
        file="tauri.conf.json",
        identifier="org.example.drag",
        app=AppConfig(windows=(msgspec.convert(look, WindowConfig),)),
        build=BuildConfig(frontend_dist="."),
    )
    builder = Builder().setup(setup).on_window_event(heard).invoke_handler(generate_handler(report))
    sys.exit(builder.run(Context(config=config), "webkitgtk"))
