"""Everything of Tauri's module `ipc`, under its names: what a command, a handler or a message system of one's own works with.

| Tauri | here |
|---|---|
| an enum of two variants (`InvokeBody`, `InvokeResponseBody`) | one class or type whose value tells which it is |
| a trait (`CommandArg`, `IpcResponse`, `ScopeObject`) | a protocol: a class has the method, and needs no base class |
| a borrowed and an owned form | one form |
"""

from __future__ import annotations

from .acl import (
    Capability,
    CapabilityBuilder,
    CommandScope,
    GlobalScope,
    Origin,
    RuntimeAuthority,
    RuntimeCapability,
    ScopeObject,
    ScopeObjectMatch,
    ScopeValue,
)
from .calls import Invoke, InvokeHandler, InvokeMessage, InvokeResolver, Request
from .commands import CommandArg, CommandItem
from .core import ChannelInterceptor
from .handles import InvokeResponder, OwnedInvokeResponder
from .values import (
    CallbackFn,
    Channel,
    InvokeError,
    InvokeResponse,
    InvokeResponseBody,
    IpcResponse,
    JavaScriptChannelId,
    Response,
)
from .wire import InvokeBody, InvokeRequest, SerializeOptions, format_callback, serialize_js

__all__ = [
    "CallbackFn",
    "Capability",
    "CapabilityBuilder",
    "Channel",
    "ChannelInterceptor",
    "CommandArg",
    "CommandItem",
    "CommandScope",
    "GlobalScope",
    "Invoke",
    "InvokeBody",
    "InvokeError",
    "InvokeHandler",
    "InvokeMessage",
    "InvokeRequest",
    "InvokeResolver",
    "InvokeResponder",
    "InvokeResponse",
    "InvokeResponseBody",
    "IpcResponse",
    "JavaScriptChannelId",
    "Origin",
    "OwnedInvokeResponder",
    "Request",
    "Response",
    "RuntimeAuthority",
    "RuntimeCapability",
    "ScopeObject",
    "ScopeObjectMatch",
    "ScopeValue",
    "SerializeOptions",
    "format_callback",
    "serialize_js",
]
