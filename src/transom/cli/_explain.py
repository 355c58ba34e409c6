"""`transom explain`: what an error means, and what mends it."""

from __future__ import annotations

import re

from ..explanations import EXPLANATIONS, explanation_of, page_of, text_of

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
        return _of_all_texts(text)
    return _LINK.sub(r"\1 (docs/\2)", page_of(found)).rstrip(), 0


def _of_all_texts(said: str) -> tuple[str, int]:
    found = text_of(said)
    if found is None:
        return (
            "transom: no error has this name or text; `transom explain` lists the names, and docs/error-texts.md every text",
            1,
        )
    rows = {
        "Kind": found.kind,
        "From": ", ".join(f"transom.{place}" for place in found.raisers),
        "Meaning": found.meaning,
    }
    return "\n".join([found.text, "", *(f"{name}: {value}" for name, value in rows.items() if value)]), 0
