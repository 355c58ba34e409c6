"""Channel ids as the npm `Channel` class writes them."""

from __future__ import annotations

from typing import Protocol, TypeVar

from ..errors import RequestError
from ._callback import CallbackFn

__all__ = ["JavaScriptChannelId"]

_PREFIX = "__CHANNEL__:"
_MAX_DIGITS = 10
_C_co = TypeVar("_C_co", covariant=True)


class _Webview(Protocol[_C_co]):
    """An object that can open a channel: a `Webview` or a `WebviewWindow`."""

    def channel(self, callback: int) -> _C_co: ...


class JavaScriptChannelId(int):
    """The id of a channel that was made in the page; usable as a type inside argument models."""

    @classmethod
    def from_str(cls, text: str) -> JavaScriptChannelId:
        """Return the id in a text of the form `__CHANNEL__:ID` (Tauri: `FromStr`, with its two sentences).

        Raises:
            RequestError: The text does not begin with `__CHANNEL__:`, or the id is no unsigned 32-bit number.
        """
        if not text.startswith(_PREFIX):
            raise RequestError("invalid channel string")
        digits = text[len(_PREFIX) :]
        # Python reads no number of thousands of digits, and says so in another way.
        if not (digits.isascii() and digits.isdigit() and len(digits) <= _MAX_DIGITS and int(digits) <= CallbackFn.MAX):
            raise RequestError("invalid channel ID")
        return cls(digits)

    @classmethod
    def parse(cls, value: object) -> JavaScriptChannelId:
        """Return the id in an argument.

        Raises:
            RequestError: The value is no text, or not of the form `__CHANNEL__:ID`.
        """
        try:
            if isinstance(value, str):
                return cls.from_str(value)
        except RequestError:
            pass
        # Tauri: the sentence of crates/tauri/src/ipc/channel.rs, which front ends may show.
        raise RequestError(f"invalid channel value `{value}`, expected a string in the `{_PREFIX}ID` format")

    def channel_on(self, webview: _Webview[_C_co]) -> _C_co:
        """Return the `Channel` to the page that is in this webview, as a `Channel` parameter would be.

        Raises:
            WindowError: The webview has no page.
        """
        return webview.channel(self)

    def __to_ipc__(self) -> str:
        return f"{_PREFIX}{int(self)}"
