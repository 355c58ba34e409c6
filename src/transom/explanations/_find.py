"""All explanations, and the one of an error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._calling import CALLING
from ._explanation import Explanation, parts_of
from ._files import FILES
from ._running import RUNNING
from ._starting import STARTING
from .subjects import ACCESS, DEFINING, DEVELOPING, EVENTS, PLUGINS, SERVING, SHIPPING, VALUES, WINDOWS

if TYPE_CHECKING:
    from .texts import ErrorText

__all__ = ["EXPLANATIONS", "explanation_of", "text_of"]

EXPLANATIONS: tuple[Explanation, ...] = (
    *FILES,
    *ACCESS,
    *STARTING,
    *DEFINING,
    *PLUGINS,
    *CALLING,
    *VALUES,
    *RUNNING,
    *EVENTS,
    *WINDOWS,
    *SERVING,
    *SHIPPING,
    *DEVELOPING,
)
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


def text_of(said: str) -> ErrorText | None:
    """Return the text of an error as it is in the source, with its class, and where it is raised.

    Args:
        said: What the error says, which may have more around it.

    Returns:
        The longest text that fits; `None` if transom says nothing like this.
    """
    from .texts import error_texts  # it reads the source, which a program that fails need not

    return max(
        (text for text in error_texts(said=said) if text.matches(said)), key=lambda text: text.letters, default=None
    )
