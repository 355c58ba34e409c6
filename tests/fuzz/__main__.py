"""Fuzz the decoders for longer, guided by what they execute: `python -m tests.fuzz [TARGET...] [--seconds N]`.

An input that breaks a decoder is put into `corpus/<target>`, where the tests find it from then on. It needs `atheris`.
"""

from __future__ import annotations

import argparse
import hashlib
import multiprocessing
import sys
import tempfile
from pathlib import Path

from tests.fuzz.targets import CORPUS, TARGETS

_LONGEST = 2000  # bytes of an input


def _fuzz(name: str, seconds: int, folder: str) -> None:
    """Run one target in this process, which libFuzzer ends."""
    import atheris

    target = TARGETS[name]
    # What is imported already is instrumented as well: the fuzzer then sees which branches an input takes.
    atheris.instrument_all()

    def one(data: bytes) -> None:
        try:
            target(data)
        except BaseException:
            found = CORPUS / name / f"crash-{hashlib.sha256(data).hexdigest()[:12]}"
            found.write_bytes(data)
            raise

    options = [
        f"-max_total_time={seconds}",
        f"-max_len={_LONGEST}",
        "-timeout=10",
        "-verbosity=0",
        f"-artifact_prefix={folder}/",
    ]
    atheris.Setup([sys.argv[0], *options, folder, str(CORPUS / name)], one)
    atheris.Fuzz()


def main(arguments: list[str]) -> int:
    """Fuzz the targets one after the other, and return 1 if one of them broke.

    Args:
        arguments: Names of targets, none for all, and options.
    """
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("targets", nargs="*", choices=[*TARGETS, []], metavar="TARGET", help=", ".join(TARGETS))
    parser.add_argument("--seconds", type=int, default=60, help="how long each target runs")
    options = parser.parse_args(arguments)
    broken = []
    for name in options.targets or TARGETS:
        with tempfile.TemporaryDirectory() as folder:
            process = multiprocessing.get_context("spawn").Process(target=_fuzz, args=(name, options.seconds, folder))
            process.start()
            process.join()
            inputs = sum(1 for _ in Path(folder).iterdir())
        sys.stdout.write(f"{name}: {'broken' if process.exitcode else 'fine'}, {inputs} inputs led to new places\n")
        sys.stdout.flush()
        if process.exitcode:
            broken.append(name)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
