"""`transom explain`: what an error means, and what mends it."""

from __future__ import annotations

import re

from ..explanations import EXPLANATIONS, explanation_of, page_of

__all__ = ["explain"]

_LINK = re.compile(r"\[([^\]]+)\]\(\.\./([^)]+)\)")


def explain(text: str) -> tuple[str, int]:
    """Return what is said of an error, and the exit status.

    Args:
        text: Its text, or the name of its explanation; empty for a list of all.
    """
    if not text:
        width = max(len(explanation.name) for explanation in EXPLANATIONS)
        return "\n".join(f"{this.name:{width}}  {this.text}" for this in EXPLANATIONS), 0
    found = explanation_of(text)
    if found is None:
        return "transom: no explanation has this name or this text; `transom explain` lists all", 1
    return _LINK.sub(r"\1 (docs/\2)", page_of(found)).rstrip(), 0
