"""Every text that transom says when something is wrong, read from its own source."""

from ._error_text import ErrorText, Raiser
from ._meanings import MEANINGS
from ._package import error_texts

__all__ = ["MEANINGS", "ErrorText", "Raiser", "error_texts"]
