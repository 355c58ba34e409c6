"""How soon a bundle shows its page, and how large it is, beside the same page on pywebview."""

from ._run import Start, measure, table

__all__ = ["Start", "measure", "table"]
