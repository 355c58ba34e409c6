"""How soon a page gets an answer of new Python code with `transom dev`."""

from ._run import Reload, measure, table

__all__ = ["Reload", "measure", "table"]
