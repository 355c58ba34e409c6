"""Answers of calls, encoded: what a promise resolves or rejects with."""

from __future__ import annotations

from typing import Any

from ._payload import InvokeResponseBody, encode_body, encode_json

__all__ = ["InvokeError", "InvokeResponse", "text_of"]


class InvokeError:
    """The value that a call rejects with (Tauri: `ipc::InvokeError`). In a command, raise `CommandError` instead.

    Args:
        value: Any value that can cross the wire; the text of the encoder's error where it cannot.
    """

    __slots__ = ("body",)

    def __init__(self, value: Any) -> None:
        try:
            self.body = encode_body(value)
        except Exception as error:  # noqa: BLE001 - an author's encoder may raise anything
            self.body = InvokeResponseBody(encode_json(text_of(error)))

    @classmethod
    def from_error(cls, error: BaseException) -> InvokeError:
        """Return the text of an exception as an error."""
        return cls(text_of(error))

    @classmethod
    def from_anyhow(cls, error: BaseException) -> InvokeError:
        """Return the texts of an exception and of its causes, joined by `: ` (Rust: `{:#}` of an `anyhow::Error`)."""
        chain: list[BaseException] = []
        cause: BaseException | None = error
        # `raise error from error` makes one its own cause.
        while cause is not None and all(cause is not one for one in chain):
            chain.append(cause)
            cause = cause.__cause__
        return cls(": ".join(map(text_of, chain)))

    @property
    def value(self) -> Any:
        """The plain value."""
        return self.body.deserialize()


class InvokeResponse:
    """The answer of a call, encoded: `InvokeResponse.ok(value)` or `InvokeResponse.err(value)`.

    Attributes:
        is_ok: Whether the promise resolves.
        body: What it resolves or rejects with.
    """

    __slots__ = ("body", "is_ok")

    def __init__(self, is_ok: bool, body: InvokeResponseBody) -> None:
        self.is_ok = is_ok
        self.body = body

    @classmethod
    def ok(cls, value: Any = None) -> InvokeResponse:
        """Return the answer that resolves with a value.

        Raises:
            TypeError: The value cannot cross the wire.
        """
        return cls(True, encode_body(value))

    @classmethod
    def err(cls, error: Any) -> InvokeResponse:
        """Return the answer that rejects with an `InvokeError`, or with any value that can cross the wire."""
        return cls(False, (error if isinstance(error, InvokeError) else InvokeError(error)).body)

    def __repr__(self) -> str:
        return f"<InvokeResponse {'ok' if self.is_ok else 'err'} {self.body.json[:80]!r}>"


def text_of(error: BaseException) -> str:
    """Return the text of an error as it can be sent: names of files may hold what is no Unicode."""
    try:
        return str(error).encode("utf-8", "backslashreplace").decode()
    except Exception:  # noqa: BLE001 - a broken `__str__` must not cost the call its answer
        return "(its text cannot be shown)"
