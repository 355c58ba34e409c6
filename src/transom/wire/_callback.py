"""Callbacks of the page, by the number that `transformCallback` gave them."""

from __future__ import annotations

__all__ = ["CallbackFn"]


class CallbackFn(int):
    """What `transformCallback` returned in the page: the number of a callback (Tauri: `ipc::CallbackFn`)."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"CallbackFn({int(self)})"
