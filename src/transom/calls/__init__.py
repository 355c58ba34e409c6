"""One call: its message, its resolver, and the spine that gives every call exactly one answer."""

from ._dispatcher import Dispatcher
from ._invoke import Invoke, InvokeHandler, InvokeMessage, Request
from ._resolver import InvokeResolver

__all__ = ["Dispatcher", "Invoke", "InvokeHandler", "InvokeMessage", "InvokeResolver", "Request"]
