"""Run the application: `python -m atlas [FOLDER]`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .app import build, context


def main() -> int:
    """Parse the command line, run the application and return the exit status."""
    parser = argparse.ArgumentParser(prog="atlas", description="A disk atlas that shows what uses the space on a disk.")
    parser.add_argument(
        "folder", nargs="?", type=Path, help="the folder to scan (default: ask, offering the home folder)"
    )
    parser.add_argument("--runtime", help="webkitgtk or web (default: the best one that this machine supports)")
    parser.add_argument("--check", action="store_true", help="drive the application automatically and report")
    options = parser.parse_args()
    try:
        builder = build(options.folder, check=options.check)
    except NotADirectoryError as error:
        parser.error(str(error))
    return builder.run(context(), runtime=options.runtime)


if __name__ == "__main__":
    sys.exit(main())
