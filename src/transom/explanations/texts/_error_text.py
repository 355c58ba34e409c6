"""The form of a text that says that something is wrong."""

from __future__ import annotations

import re
from functools import cached_property
from typing import NamedTuple

from ._meanings import meaning_of

__all__ = ["ErrorText", "Raiser"]

_LEAST_LETTERS = 8  # of a text that can be told from others


class Raiser(NamedTuple):
    """Where a text is: the dotted name of the module below `transom`, and the function in it; empty outside of one."""

    module: str
    function: str

    def __str__(self) -> str:
        return f"{self.module}.{self.function}" if self.function else self.module


class ErrorText:
    """A text that says that something is wrong.

    Attributes:
        text: It, with `<...>` in the place of what differs.
        kind: The name of the exception's class; `log`, `terminal`, `browser` or `answer` for a text of the log, of the
            command line, of the browser's console, or of an answer by HTTP.
        raisers: Where it is.
    """

    def __init__(self, text: str, kind: str, raisers: tuple[Raiser, ...]) -> None:
        self.text = text
        self.kind = kind
        self.raisers = raisers

    def __repr__(self) -> str:
        return f"ErrorText({self.text!r}, {self.kind!r})"

    @property
    def letters(self) -> int:
        """How many letters of the text never differ."""
        return sum(map(str.isalpha, re.sub(r"<[^<>]*>", "", self.text)))

    @property
    def meaning(self) -> str:
        """What the text does not say itself; empty if it says all."""
        return meaning_of(self.text)

    def matches(self, said: str) -> bool:
        """Tell whether an error that says this, with more around it, can be of this text."""
        return self.letters >= _LEAST_LETTERS and self._form.search(_plain(said)) is not None

    @cached_property
    def _form(self) -> re.Pattern[str]:
        parts = [re.escape(part) for part in re.split(r"<[^<>]*>", _plain(self.text))]
        return re.compile(".*?".join(parts).strip())


def _plain(text: str) -> str:
    """Return a text without quotes, which `%r` writes, and on one line."""
    return " ".join(re.sub(r"[`'\"]", "", text).split())
