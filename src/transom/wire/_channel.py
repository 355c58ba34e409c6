"""Channel ids as the npm `Channel` class writes them."""

from __future__ import annotations

from ..errors import RequestError

__all__ = ["JavaScriptChannelId"]

_PREFIX = "__CHANNEL__:"
_U32_MAX = 2**32 - 1


class JavaScriptChannelId(int):
    """The id of a channel that was made in the page; usable as a type inside argument models."""

    @classmethod
    def parse(cls, text: object) -> JavaScriptChannelId:
        """Return the id in a text of the form `__CHANNEL__:ID`.

        Raises:
            RequestError: The value is no such text, or the id is no unsigned 32-bit number.
        """
        if isinstance(text, str) and text.startswith(_PREFIX):
            digits = text[len(_PREFIX) :]
            if digits.isascii() and digits.isdigit() and int(digits) <= _U32_MAX:
                return cls(digits)
        # Tauri: the sentence of crates/tauri/src/ipc/channel.rs, which front ends may show.
        raise RequestError(f"invalid channel value `{text}`, expected a string in the `{_PREFIX}ID` format")
