"""The command line: `transom demo`, `transom doctor`."""

from ._main import main

__all__ = ["main"]
