"""Channels and cancellation of a call that runs in another process."""

from ._here import Crossing
from ._there import CallOfExecutor, run_there

__all__ = ["CallOfExecutor", "Crossing", "run_there"]
