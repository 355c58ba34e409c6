"""The demo as users install it; `scripts/try_package` bundles this with the demo's own files.

`atlas FILE.atlas` scans the folder that the file names; `atlas --check` drives the demo; `atlas --update` installs the update
that the server of the configuration has, and restarts; without one it ends.
"""

import argparse
import sys
import threading
from pathlib import Path

from atlas.app import build, context
from transom import AppHandle, CommandError
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
        if payload.event != "finished":
            return
        app = webview.app_handle()
        if options.ready is not None:
            options.ready.write_text(f"{app.package_info().version} {folder}\n")
            app.exit(0)
        elif options.update:  # the page is there, so that the version that runs is confirmed
            threading.Thread(target=update, args=(app,), daemon=True).start()

    def update(app: AppHandle) -> None:
        found = updater.check(app)
        if found is None:
            print("there is no update", flush=True)
            app.exit(0)
            return
        try:
            with found.download() as package:
                found.install(package)
        except CommandError as error:
            print(error, flush=True)
            app.exit(1)
        else:
            print(f"installed {found.version}", flush=True)
            app.restart()

    return builder.on_page_load(loaded).run(context(Path(__file__).parent))


sys.exit(main())
