"""What the garbage collector does while an application runs."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["started_objects_kept_apart"]


@contextmanager
def started_objects_kept_apart() -> Iterator[None]:
    """Keep the collector from going again and again through what was there before the application ran.

    Its modules, classes and functions are never garbage, but without this every full run of the collector visits all of
    them: half the time of an event went there, and such a run holds up every window. Where the program has done so itself,
    nothing is changed.
    """
    if gc.get_freeze_count():
        yield
        return
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
