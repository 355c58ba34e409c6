"""The form of an explanation."""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["Explanation", "parts_of"]


class Explanation(NamedTuple):
    """What an error means.

    Attributes:
        name: Its name, for `transom explain` and the address of its page.
        text: The part of its text to look for; `<...>` stands for something of the user's own.
        why: Why it comes, as a clause without a full stop.
        rule: The rule behind it, in whole sentences.
        fix: What mends it, as a clause without a full stop.
        example: Python or, for a file, JSON that leads to it; empty for none.
        mended: The same without the error.
        call: The page's call that leads to it, in JavaScript; empty if no call is needed.
        mended_call: The call that is right; empty if it is the same.
    """

    name: str
    text: str
    why: str
    rule: str
    fix: str
    example: str = ""
    mended: str = ""
    call: str = ""
    mended_call: str = ""

    def matches(self, text: str) -> bool:
        """Tell whether this explains an error with this text: whether all parts are in it, in their order."""
        plain = text.replace("`", "")
        at = 0
        for part in parts_of(self.text):
            at = plain.find(part, at)
            if at < 0:
                return False
            at += len(part)
        return True


def parts_of(text: str) -> list[str]:
    """Return the parts of a text between its placeholders, without backticks."""
    return [part for part in re.split(r"<[^<>]+>", text.replace("`", "")) if part.strip()]
