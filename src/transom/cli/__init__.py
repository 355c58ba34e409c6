"""The command line: `transom new`, `transom dev`, `transom bindings` and the other verbs."""

from ._main import main

__all__ = ["main"]
