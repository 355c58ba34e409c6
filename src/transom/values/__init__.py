"""Values as they cross the wire, in both directions: encoded with raw buffers beside the JSON, decoded by type."""

from ._annotation import bare, fields_of, parts_of
from ._buffer_types import may_hold_buffers
from ._callback import CallbackFn
from ._channel import Channel
from ._channel_id import JavaScriptChannelId
from ._decode import (
    DECODE_ERRORS,
    allows_none,
    channel_of,
    check_types,
    convert,
    convert_argument,
    decode_as,
    decode_other,
    decode_plain,
    invalid_argument,
    sentence_of,
    wire_type,
)
from ._defaults import complete, needs_completion
from ._foreign import check_foreign, decode_foreign, decode_pydantic, is_foreign, is_pydantic, pydantic_adapter
from ._ipc_response import IpcResponse
from ._payload import (
    InvokeResponseBody,
    LiftedBuffer,
    Response,
    bytes_of,
    check_json,
    decode_json,
    encode_body,
    encode_json,
    encode_parts,
)
from ._response import InvokeError, InvokeResponse, text_of
from ._typed_array import BUFFER_TYPES, Buffer, described, typed_view
from .dpi import LogicalPosition, LogicalSize, PhysicalPosition, PhysicalSize, PixelUnit, Position, Rect, Size
from .tagged import TaggedUnion, make_tagged, split_tagged, types_in_tagged

__all__ = [
    "BUFFER_TYPES",
    "DECODE_ERRORS",
    "Buffer",
    "CallbackFn",
    "Channel",
    "InvokeError",
    "InvokeResponse",
    "InvokeResponseBody",
    "IpcResponse",
    "JavaScriptChannelId",
    "LiftedBuffer",
    "LogicalPosition",
    "LogicalSize",
    "PhysicalPosition",
    "PhysicalSize",
    "PixelUnit",
    "Position",
    "Rect",
    "Response",
    "Size",
    "TaggedUnion",
    "allows_none",
    "bare",
    "bytes_of",
    "channel_of",
    "check_foreign",
    "check_json",
    "check_types",
    "complete",
    "convert",
    "convert_argument",
    "decode_as",
    "decode_foreign",
    "decode_json",
    "decode_other",
    "decode_plain",
    "decode_pydantic",
    "described",
    "encode_body",
    "encode_json",
    "encode_parts",
    "fields_of",
    "invalid_argument",
    "is_foreign",
    "is_pydantic",
    "make_tagged",
    "may_hold_buffers",
    "needs_completion",
    "parts_of",
    "pydantic_adapter",
    "sentence_of",
    "split_tagged",
    "text_of",
    "typed_view",
    "types_in_tagged",
    "wire_type",
]
