"""The protocol of types that encode themselves as a result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from ._payload import InvokeResponseBody, Response

__all__ = ["IpcResponse"]


@runtime_checkable
class IpcResponse(Protocol):
    """A type that says itself what crosses the wire for it (Tauri: the trait `ipc::IpcResponse`).

    Such a value can be returned, rejected with, sent through a channel or emitted. Inside another value it is not supported.
    """

    def ipc_body(self) -> InvokeResponseBody | Response:
        """Return what the page gets: a `Response`, or the body that `encode_body` made of another value.

        Raises:
            TypeError: The value cannot cross the wire.
        """
        ...
