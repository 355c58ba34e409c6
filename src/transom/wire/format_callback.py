"""JavaScript source that calls a callback of the page (Tauri: `tauri::ipc::format_callback`).

transom's own link never writes source: these functions are for a message system of one's own; see `Builder.invoke_system`.
"""

from __future__ import annotations

from typing import Any

from ..values import CallbackFn, InvokeResponseBody, check_json, encode_body
from ._serialize_js import js_literal

__all__ = ["format", "format_raw", "format_result", "format_result_raw"]

# Tauri: parsing a text is faster than reading a literal from here on. https://v8.dev/blog/cost-of-javascript-2019#json
_MIN_JSON_PARSE_LENGTH = 10_240
# Tauri: the longest string of V8.
_MAX_JSON_STRING_LENGTH = 2**30 - 2


def format(function: CallbackFn, value: Any) -> str:  # noqa: A001 - Tauri: the name
    """Return the source that calls a callback with a value.

    Raises:
        TypeError: The value cannot cross the wire, or holds buffers, which source cannot carry.
    """
    return format_raw(function, _json_of(encode_body(value)))


def format_raw(function: CallbackFn, json: str) -> str:
    """Return the source that calls a callback with a JSON text.

    Raises:
        ValueError: The text is no JSON.
    """
    try:
        check_json(json)
    except ValueError as error:
        raise ValueError(f"the text for callback {int(function)} is not JSON: {error}") from None
    return f"window.__TAURI_INTERNALS__.runCallback({int(function)}, {_literal(json)})"


def format_result(is_ok: bool, value: Any, success: CallbackFn, error: CallbackFn) -> str:
    """Return the source that calls one of two callbacks with a value; see `format`."""
    return format(success if is_ok else error, value)


def format_result_raw(is_ok: bool, json: str, success: CallbackFn, error: CallbackFn) -> str:
    """Return the source that calls one of two callbacks with a JSON text; see `format_raw`."""
    return format_raw(success if is_ok else error, json)


def _json_of(body: InvokeResponseBody) -> str:
    if body.buffers:
        raise TypeError("JavaScript source cannot carry bytes; send them through a command or a Channel")
    return body.json.decode()


def _literal(json: str) -> str:
    long = _MIN_JSON_PARSE_LENGTH < len(json.encode()) < _MAX_JSON_STRING_LENGTH
    return js_literal(json, parse=long and json.lstrip()[:1] in ("{", "["))
