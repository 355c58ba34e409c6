"""Both ends of the protocol between a page and its back end, without I/O: what crosses the link, not how it travels."""

from ._binary import BinaryBatch, Chunk, PackAssembler, batch_frame, chunk_frame, parse_binary
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
from ._event import EventTarget, TargetKind, check_event_name, check_label, heard_by, hears
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
from ._oversized import fitting
from ._pack_queue import PackQueue, Part
from ._request import InvokeBody, InvokeRequest, frame_of
from ._scripts import global_api_script, initialization_script
from ._serialize_js import SerializeOptions, serialize_js

__all__ = [
    "MAX_BUFFERS",
    "Acknowledge",
    "BinaryBatch",
    "Cancel",
    "Chunk",
    "EventTarget",
    "Forget",
    "Frame",
    "Incoming",
    "InvokeBody",
    "InvokeFrame",
    "InvokeRequest",
    "Outbox",
    "Pack",
    "PackAssembler",
    "PackQueue",
    "Part",
    "SerializeOptions",
    "Span",
    "TargetKind",
    "batch_frame",
    "channel_end",
    "channel_message",
    "channel_messages",
    "check_event_name",
    "check_label",
    "check_spans",
    "chunk_frame",
    "decode_batch",
    "event_listeners",
    "event_message",
    "fitting",
    "frame_of",
    "global_api_script",
    "heard_by",
    "hears",
    "initialization_script",
    "listening",
    "one_by_one",
    "page_operation",
    "parse_binary",
    "place_buffers",
    "reject",
    "resolve",
    "run_callback",
    "serialize_js",
]
