"""The Python side of Tauri 0.x: handlers of JSON text, promises by the names of their callbacks, and the module `event`."""

from . import event
from ._handler import AppBuilder, decode, execute_promise, execute_promise_sync, invoke_handler

__all__ = ["AppBuilder", "decode", "event", "execute_promise", "execute_promise_sync", "invoke_handler"]
