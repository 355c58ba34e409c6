"""Fuzz one decoder in this process, which libFuzzer ends: `python -m tests.fuzz.one TARGET SECONDS FOLDER`."""

from __future__ import annotations

import hashlib
import sys

__all__ = ["fuzz"]

_LONGEST = 2000  # bytes of an input


def fuzz(name: str, seconds: str, folder: str) -> None:
    """Run a target until the time is over or it breaks; an input that breaks it goes into its corpus.

    Args:
        name: The target.
        seconds: How long.
        folder: Where the inputs go that led to new places.
    """
    import atheris

    # The fuzzer sees which branches of these an input takes.
    with atheris.instrument_imports(include=["transom"]):
        from tests.fuzz.targets import CORPUS, TARGETS
    target = TARGETS[name]

    def one(data: bytes) -> None:
        try:
            target(data)
        except BaseException:
            (CORPUS / name / f"broke-{hashlib.sha256(data).hexdigest()[:12]}").write_bytes(data)
            raise

    options = (f"-max_total_time={seconds}", f"-max_len={_LONGEST}", "-timeout=10", f"-artifact_prefix={folder}/")
    atheris.Setup([sys.argv[0], *options, folder, str(CORPUS / name)], one)
    atheris.Fuzz()


if __name__ == "__main__":
    fuzz(*sys.argv[1:])
