"""Both ends of the protocol between a page and its back end, without I/O: what crosses the link, not how it travels."""

from ._binary import BinaryBatch, Chunk, PackAssembler, batch_frame, chunk_frames, parse_binary
from ._callback import CallbackFn
from ._channel import JavaScriptChannelId
from ._down import (
    channel_end,
    channel_message,
    event_message,
    listening,
    page_operation,
    reject,
    resolve,
    run_callback,
)
from ._event import EventTarget, check_event_name, check_label, hears
from ._message import Acknowledge, Cancel, Forget, Incoming, InvokeFrame, Span, decode_batch, place_buffers
from ._outbox import Frame, Outbox, Pack
from ._payload import (
    Buffer,
    InvokeResponseBody,
    LiftedBuffer,
    Response,
    decode_json,
    encode_body,
    encode_json,
    may_hold_buffers,
)
from ._scripts import global_api_script, initialization_script

__all__ = [
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
    "JavaScriptChannelId",
    "LiftedBuffer",
    "Outbox",
    "Pack",
    "PackAssembler",
    "Response",
    "Span",
    "batch_frame",
    "channel_end",
    "channel_message",
    "check_event_name",
    "check_label",
    "chunk_frames",
    "decode_batch",
    "decode_json",
    "encode_body",
    "encode_json",
    "event_message",
    "global_api_script",
    "hears",
    "initialization_script",
    "listening",
    "may_hold_buffers",
    "page_operation",
    "parse_binary",
    "place_buffers",
    "reject",
    "resolve",
    "run_callback",
]
