from __future__ import annotations

from typing import Any

import msgspec
import pytest

from transom.values import InvokeResponseBody, IpcResponse, Response, encode_body, may_hold_buffers


class Picture(msgspec.Struct):
    """Would cross as an object, and wants to cross as the bytes of a file."""

    pixels: str

    def ipc_body(self) -> Response:
        return Response(self.pixels.encode())


class Framed(Picture):
    def ipc_body(self) -> InvokeResponseBody:  # type: ignore[override]
        return encode_body({"frame": self.pixels})


class Endless:
    def ipc_body(self) -> Any:
        return self


def test_a_type_says_itself_what_crosses_for_it() -> None:
    assert isinstance(Picture("ab"), IpcResponse)
    assert encode_body(Picture("ab")).deserialize() == b"ab"
    assert encode_body(Framed("ab")).deserialize() == {"frame": "ab"}


def test_a_result_of_such_a_type_is_never_taken_for_a_plain_one() -> None:
    assert may_hold_buffers(Picture)
    assert may_hold_buffers(list[Picture])


def test_an_encoded_body_crosses_as_it_is() -> None:
    body = encode_body({"a": b"x"})
    assert encode_body(body) is body


def test_an_encoded_body_of_text_is_refused_where_it_is_sent() -> None:
    with pytest.raises(TypeError, match="must be bytes, got str"):
        encode_body(InvokeResponseBody('{"a":1}'))  # type: ignore[arg-type]


def test_a_type_that_says_itself_is_refused() -> None:
    with pytest.raises(TypeError, match="holds itself"):
        encode_body(Endless())


@pytest.mark.parametrize("json", [b"", b"{", b"nope", b'"\xff"', b"1 2"])
def test_a_body_that_is_no_json_is_refused_before_it_spoils_a_frame(json: bytes) -> None:
    with pytest.raises(TypeError, match="the JSON of an InvokeResponseBody cannot be read"):
        encode_body(InvokeResponseBody(json))
