"""Content security policies."""

from ._csp import apply_csp, parse_csp

__all__ = ["apply_csp", "parse_csp"]
