"""The commands of the command line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from ..errors import AuthorError
from ._new import TEMPLATES, new

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return the exit status: 2 for wrong arguments, 1 for a problem with the machine or the project.

    Args:
        arguments: The arguments after `transom`; `None` uses `sys.argv`.
    """
    options = _parser().parse_args(arguments)
    try:
        status: int = options.run(options)
    except AuthorError as error:
        print(f"transom: {error}", file=sys.stderr)
        return 1
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="transom", description="Tauri's command system for Python.")
    verbs = parser.add_subparsers(required=True, metavar="COMMAND")
    demo = verbs.add_parser("demo", help="run the demo, a disk atlas that shows what uses the space in a folder")
    demo.add_argument(
        "folder", nargs="?", type=Path, help="the folder to scan (default: ask, offering the home folder)"
    )
    demo.add_argument(
        "--runtime", choices=("webkitgtk", "web"), help="default: a window if one can be shown, else a browser"
    )
    demo.add_argument("--port", type=int, default=0, help="port of the web runtime (default: a free one)")
    demo.add_argument(
        "--check", action="store_true", help="drive the demo automatically, on every runtime of this machine"
    )
    demo.add_argument("--driven", action="store_true", help=argparse.SUPPRESS)
    demo.set_defaults(run=_demo)
    new = verbs.add_parser(
        "new",
        help="make a project that runs",
        epilog="example: transom new word-count --template vanilla",
    )
    new.add_argument(
        "folder", type=Path, metavar="NAME", help="the project's folder, which is made; its name is the project's"
    )
    new.add_argument(
        "--template",
        choices=tuple(TEMPLATES),
        default="single",
        help="; ".join(f"{name}: {what}" for name, what in TEMPLATES.items()) + " (default: single)",
    )
    new.set_defaults(run=_new)
    doctor = verbs.add_parser("doctor", help="list what each runtime needs and what is missing on this machine")
    doctor.set_defaults(run=_doctor)
    return parser


def _demo(options: argparse.Namespace) -> int:
    from ..cli import _check, _demo

    if options.check:
        return _check.check(options.runtime, sys.stdout)
    return _demo.run(options.folder, options.runtime, options.port, driven=options.driven)


def _new(options: argparse.Namespace) -> int:

    for path in new(options.folder, options.template):
        print(f"  {options.folder / path}")
    steps = ["npm install", "npm run build"] if options.template.endswith("-ts") else []
    print(f"\nNow run:\n  cd {options.folder}")
    for step in (*steps, "python app.py"):
        print(f"  {step}")
    return 0


def _doctor(_options: argparse.Namespace) -> int:
    from ..cli import _doctor

    return _doctor.run()
