"""All explanations, and the one of an error."""

from __future__ import annotations

from ._calling import CALLING
from ._explanation import Explanation, parts_of
from ._files import FILES
from ._running import RUNNING
from ._starting import STARTING

__all__ = ["EXPLANATIONS", "explanation_of"]

EXPLANATIONS: tuple[Explanation, ...] = (*FILES, *STARTING, *CALLING, *RUNNING)
"""All of them, in the order of the documentation. Add here to explain another error, in the table of its kind."""


def explanation_of(text: str) -> Explanation | None:
    """Return the explanation of an error.

    Args:
        text: Its text, which may have more around it, or the name of an explanation.

    Returns:
        The explanation whose text has the most letters in common; `None` if no error says this.
    """
    named = next((explanation for explanation in EXPLANATIONS if explanation.name == text), None)
    found = [explanation for explanation in EXPLANATIONS if explanation.matches(text)]
    return named or max(found, key=lambda explanation: len("".join(parts_of(explanation.text))), default=None)
