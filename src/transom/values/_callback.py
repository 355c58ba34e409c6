"""Callbacks of the page, by the number that `transformCallback` gave them."""

from __future__ import annotations

from ..errors import RequestError

__all__ = ["CallbackFn"]


class CallbackFn(int):
    """The number of a page's callback, as `transformCallback` returned it (Tauri: `ipc::CallbackFn`)."""

    __slots__ = ()
    MAX = 2**32 - 1

    @classmethod
    def parse(cls, value: object) -> CallbackFn:
        """Return the callback of a number from the page.

        Raises:
            RequestError: The value is no unsigned 32-bit number.
        """
        if type(value) is int and 0 <= value <= cls.MAX:
            return cls(value)
        raise RequestError(f"expected the number of a callback, from 0 to {cls.MAX}, got `{value}`")

    def __repr__(self) -> str:
        return f"CallbackFn({int(self)})"
