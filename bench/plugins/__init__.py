"""How fast the official plugins move data: files, stores, the output of programs, and downloads."""

from ._run import Figure, Limits, measure, table

__all__ = ["Figure", "Limits", "measure", "table"]
