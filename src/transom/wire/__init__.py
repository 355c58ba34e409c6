"""Both ends of the protocol between a page and its back end, without I/O: what crosses the link, not how it travels."""

from . import format_callback
from ._annotation import bare, fields_of, parts_of
from ._binary import BinaryBatch, Chunk, PackAssembler, batch_frame, chunk_frame, parse_binary
from ._buffer_types import may_hold_buffers
from ._callback import CallbackFn
from ._channel import JavaScriptChannelId
from ._down import (
    channel_end,
    channel_message,
    channel_messages,
    event_listeners,
    event_message,
    listening,
    one_by_one,
    page_operation,
    reject,
    resolve,
    run_callback,
)
from ._event import EventTarget, check_event_name, check_label, hears
from ._foreign import check_foreign, decode_foreign, decode_pydantic, is_foreign, is_pydantic, pydantic_adapter
from ._ipc_response import IpcResponse
from ._message import (
    MAX_BUFFERS,
    Acknowledge,
    Cancel,
    Forget,
    Incoming,
    InvokeFrame,
    Span,
    check_spans,
    decode_batch,
    place_buffers,
)
from ._outbox import Frame, Outbox, Pack
from ._pack_queue import PackQueue, Part
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
from ._scripts import global_api_script, initialization_script
from ._serialize_js import SerializeOptions, serialize_js
from ._tagged import TaggedUnion, make_tagged, split_tagged, types_in_tagged
from ._typed_array import BUFFER_TYPES, Buffer, described

__all__ = [
    "BUFFER_TYPES",
    "MAX_BUFFERS",
    "Acknowledge",
    "BinaryBatch",
    "Buffer",
    "CallbackFn",
    "Cancel",
    "Chunk",
    "EventTarget",
    "Forget",
    "Frame",
    "Incoming",
    "InvokeFrame",
    "InvokeResponseBody",
    "IpcResponse",
    "JavaScriptChannelId",
    "LiftedBuffer",
    "Outbox",
    "Pack",
    "PackAssembler",
    "PackQueue",
    "Part",
    "Response",
    "SerializeOptions",
    "Span",
    "TaggedUnion",
    "bare",
    "batch_frame",
    "bytes_of",
    "channel_end",
    "channel_message",
    "channel_messages",
    "check_event_name",
    "check_foreign",
    "check_json",
    "check_label",
    "check_spans",
    "chunk_frame",
    "decode_batch",
    "decode_foreign",
    "decode_json",
    "decode_pydantic",
    "described",
    "encode_body",
    "encode_json",
    "encode_parts",
    "event_listeners",
    "event_message",
    "fields_of",
    "format_callback",
    "global_api_script",
    "hears",
    "initialization_script",
    "is_foreign",
    "is_pydantic",
    "listening",
    "make_tagged",
    "may_hold_buffers",
    "one_by_one",
    "page_operation",
    "parse_binary",
    "parts_of",
    "place_buffers",
    "pydantic_adapter",
    "reject",
    "resolve",
    "run_callback",
    "serialize_js",
    "split_tagged",
    "types_in_tagged",
]
