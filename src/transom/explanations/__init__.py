"""What the errors that people meet mean, and what mends them: for `transom explain` and the pages of the documentation."""

from ._explanation import Explanation, parts_of
from ._find import EXPLANATIONS, explanation_of, text_of
from ._page import page_of

__all__ = ["EXPLANATIONS", "Explanation", "explanation_of", "page_of", "parts_of", "text_of"]
