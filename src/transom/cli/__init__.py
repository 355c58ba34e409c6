"""The command line: `transom demo` and `transom doctor`."""

from ._main import main

__all__ = ["main"]
