"""An application whose windows come and go by themselves: `python -m tests.runtimes.pywebview_program FOLDER SCENARIO`.

Each line of stdout is a JSON value of what has happened.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import threading
import weakref
from importlib import import_module
from pathlib import Path
from typing import Any

from transom import WebviewWindowBuilder
from transom.app import Builder, generate_context
from transom.commands import command, generate_handler
from transom.events import RunEvent
from transom.handles import AppHandle, Window

PAGE = """<!doctype html><body style="margin: 0"><div data-tauri-drag-region style="height: 60px">drag</div><script>
const { invoke } = window.__TAURI__.core;
const count = Number(localStorage.getItem('count') ?? 0) + 1;
localStorage.setItem('count', count);
const { label } = window.__TAURI__.window.getCurrentWindow();
invoke('here', { label, count, address: location.href, code: performance.getEntries()[0].name.includes('token=') });
</script>"""


def write_project(folder: Path, **window: Any) -> None:
    """Write the project that the application runs."""
    (folder / "dist").mkdir(parents=True)
    (folder / "dist" / "index.html").write_text(PAGE, "utf-8")
    config = {
        "productName": "pywebview-tests",
        "identifier": "app.transom.pywebview",
        "build": {"frontendDist": "dist"},
        "app": {"withGlobalTauri": True, "windows": [{"title": "First", "width": 300, "height": 200, **window}]},
    }
    (folder / "tauri.conf.json").write_text(json.dumps(config), "utf-8")


def say(*value: Any) -> None:
    """Print what has happened."""
    sys.stdout.write(f"{json.dumps(value)}\n")
    sys.stdout.flush()


class Scenario:
    """What the application does when a page has come."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.pages = 0

    def page_came(self, window: Window) -> None:
        """Go on."""
        self.pages += 1
        app = window.app_handle()
        if self.name == "reload" and self.pages == 1:
            webview = window.get_webview(window.label)
            assert webview is not None
            webview.reload()
        elif self.name == "again" and self.pages == 1:
            window.close()
        elif self.name == "collected" and self.pages == 1:
            WebviewWindowBuilder(app, "second").title("Second").build()
        elif self.name == "collected":
            say("freed", collected_after_close(app, window))
            app.exit(7)
        elif self.name != "stays":
            app.exit(7)

    def happened(self, app: AppHandle, event: Any) -> None:
        """Keep the application when its last window has gone, and make another."""
        match event:
            case RunEvent.ExitRequested(code=None, api=api) if self.name == "again":
                api.prevent_exit()
                say("no window")
                threading.Thread(target=self._again, args=(app,)).start()

    def _again(self, app: AppHandle) -> None:
        WebviewWindowBuilder(app, "second").title("Second").build()


def collected_after_close(app: AppHandle, window: Window) -> list[str]:
    """Close a window, run Python's collector on this thread, and return which of its objects that has freed."""
    view = next(
        view
        for view in import_module(f"webview.platforms.{os.environ['PYWEBVIEW_GUI']}").BrowserView.instances.values()
        if view.pywebview_window.title == "Second"
    )
    closed = view.pywebview_window.events.closed
    freed: list[str] = []
    page = view.webview.page() if hasattr(view.webview, "page") else None
    for part in (view, view.webview, page, getattr(page, "nav_handler", None)):
        if part is not None:
            weakref.finalize(part, freed.append, type(part).__name__).atexit = False
    del view, page, part
    gc.disable()
    window.close()
    closed.wait(20)
    for _ in range(3):
        turn = threading.Event()
        app.run_on_main_thread(turn.set)  # the loop goes on after the window
        turn.wait(20)
    gc.collect()
    return freed


def main() -> None:
    """Run the application."""
    scenario = Scenario(sys.argv[2])

    @command
    def here(window: Window, label: str, count: int, address: str, code: bool) -> None:
        say("page", window.label, label, count, "token" in address or code)
        scenario.page_came(window)

    context = generate_context(Path(sys.argv[1]))
    application = Builder().invoke_handler(generate_handler(here)).build(context, "pywebview")
    sys.exit(application.run(scenario.happened))


if __name__ == "__main__":
    main()
