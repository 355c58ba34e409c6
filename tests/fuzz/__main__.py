"""Fuzz the decoders for longer, guided by what they execute: `python -m tests.fuzz [TARGET...] [--seconds N]`.

An input that breaks a decoder is put into `corpus/<target>`, where the tests find it from then on. It needs `atheris`.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.fuzz.targets import TARGETS


def main(arguments: list[str]) -> int:
    """Fuzz the targets one after the other, and return 1 if one of them broke.

    Args:
        arguments: Names of targets, none for all, and options.
    """
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"{', '.join(TARGETS)}; all if none is named")
    parser.add_argument("--seconds", type=int, default=60, help="how long each target runs")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.targets if name not in TARGETS]
    if unknown:
        parser.error(f"there is no target {', '.join(unknown)}")
    broken = 0
    for name in options.targets or TARGETS:
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "tests.fuzz.one", name, str(options.seconds), folder]
            done = subprocess.run(command, stderr=subprocess.PIPE, text=True, errors="replace", check=False)
            inputs = sum(1 for _ in Path(folder).iterdir())
        if done.returncode:
            broken += 1
            sys.stdout.write(done.stderr[-3000:])
        sys.stdout.write(f"{name}: {'broken' if done.returncode else 'fine'}, {inputs} inputs led to new places\n")
        sys.stdout.flush()
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
