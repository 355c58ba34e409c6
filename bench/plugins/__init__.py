"""How fast the official plugins move data: files, stores, the output of programs, and downloads."""

from ._run import Figure, Limits, measure, measure_tauri, table

__all__ = ["Figure", "Limits", "measure", "measure_tauri", "table"]
