"""An application with a tray icon, for `test_webkitgtk_tray.py`: `python -m tests.tray.tray_application FOLDER`.

It prints what happens, a JSON value a line, and does what it reads: lines of Python with `app`.
"""

from __future__ import annotations

import json
import sys
import threading
from pathlib import Path
from typing import Any

from tests.images import PIXELS
from transom import (
    AppHandle,
    Builder,
    CheckMenuItem,
    Context,
    Image,
    Menu,
    MenuBuilder,
    MenuEvent,
    MenuItem,
    SubmenuBuilder,
    TrayIcon,
    TrayIconBuilder,
    TrayIconEvent,
    command,
    generate_handler,
)
from transom.config import AppConfig, BuildConfig, Config, TrayIconConfig, WindowConfig


def say(value: Any) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


@command
def report(value: Any = None) -> None:
    say({"page": value})


def listen(app: AppHandle, scope: dict[str, Any]) -> None:
    for line in sys.stdin:
        exec(line, scope)
    app.exit()


def on_event(tray: TrayIcon, event: TrayIconEvent) -> None:
    say({"tray": tray.id, **event.to_js(), "rect": None})


def on_menu_event(app: AppHandle, event: MenuEvent) -> None:
    say({"menu": event.id})


def setup(app: AppHandle) -> None:
    scope = {
        "app": app,
        "say": say,
        "MenuItem": MenuItem,
        "Menu": Menu,
        "Image": Image,
        "TrayIconBuilder": TrayIconBuilder,
    }
    threading.Thread(target=listen, args=(app, scope), daemon=True).start()
    if app.config().app.windows:
        return
    menu = (
        MenuBuilder(app)
        .text("open", "&Open")
        .separator()
        .item(CheckMenuItem.with_id(app, "on", "On"))
        .item(SubmenuBuilder(app, "More").text("deep", "Deep").build())
        .item(MenuItem.with_id(app, "off", "Off", False))
        .quit()
        .build()
    )
    (
        TrayIconBuilder.with_id("main")
        .icon(Image(PIXELS, 2, 2))
        .tooltip("A tip")
        .title("A title")
        .menu(menu)
        .on_menu_event(on_menu_event)
        .on_tray_icon_event(on_event)
        .build(app)
    )


def main() -> int:
    folder = Path(sys.argv[1])
    page = (folder / "index.html").exists()
    config = Config(
        folder=folder,
        file="tauri.conf.json",
        identifier="org.example.tray",
        product_name="tray",
        app=AppConfig(
            windows=(WindowConfig(label="main", title="tray", width=300, height=200),) if page else (),
            tray_icon=TrayIconConfig(icon_path="icon.png", tooltip="From the file") if page else None,
        ),
        build=BuildConfig(frontend_dist="."),
    )
    builder = Builder().setup(setup).invoke_handler(generate_handler(report))
    return builder.run(Context(config=config), "webkitgtk")


if __name__ == "__main__":
    sys.exit(main())
