"""The demo as users install it; `scripts/try_package` bundles this with the demo's own files.

`atlas FILE.atlas` scans the folder that the file names; `atlas --check` drives the demo; `atlas --update` installs the update
that the server of the configuration has.
"""

import argparse
import sys
import threading
from pathlib import Path

from atlas.app import build, context
from transom import AppHandle
from transom.plugins import updater


def main() -> int:
    """Run the demo and return its exit status."""
    parser = argparse.ArgumentParser(prog="atlas")
    parser.add_argument("path", nargs="?", type=Path, help="a folder, or a file that names one")
    parser.add_argument("--check", action="store_true", help="drive the application automatically and report")
    parser.add_argument("--update", action="store_true", help="install the update that there is, and end")
    parser.add_argument(
        "--ready", type=Path, help="write version and folder into this file when the page is there, and end"
    )
    options = parser.parse_args()
    folder = options.path
    if folder is not None and folder.is_file():
        folder = Path(folder.read_text("utf-8").strip())
    builder = build(folder, check=options.check).plugin(updater.init())

    def loaded(webview, payload):
        if payload.event == "finished" and options.ready is not None:
            options.ready.write_text(f"{webview.app_handle().package_info().version} {folder}\n")
            webview.app_handle().exit(0)

    def update(app: AppHandle) -> None:
        found = updater.check(app)
        if found is None:
            print("there is no update", flush=True)
        else:
            with found.download() as package:
                found.install(package)
            print(f"installed {found.version}", flush=True)
        app.exit(0)

    def setup(app: AppHandle) -> None:
        if options.update:
            threading.Thread(target=update, args=(app,), daemon=True).start()

    return builder.on_page_load(loaded).setup(setup).run(context(Path(__file__).parent))


sys.exit(main())
