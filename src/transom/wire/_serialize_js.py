"""Values as JavaScript source, for scripts that run in every page before its own."""

from __future__ import annotations

from typing import Any

import msgspec

from ..values import encode_json

__all__ = ["SerializeOptions", "js_literal", "script_safe", "serialize_js"]


class SerializeOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How a value is written as source (Tauri: `ipc::SerializeOptions`).

    Attributes:
        freeze: Wrap an object or an array in `Object.freeze(...)`, so that no script changes it.
    """

    freeze: bool = False


def serialize_js(value: Any, options: SerializeOptions | None = None) -> str:
    """Return a value as a JavaScript expression that can stand in any script, also inside an HTML document.

    Args:
        value: Any value with a JSON form.
        options: `None` for the defaults.

    Raises:
        TypeError: The value has no JSON form.
    """
    json = encode_json(value).decode()
    source = js_literal(json)
    return f"Object.freeze({source})" if options is not None and options.freeze and json[:1] in "{[" else source


def js_literal(json: str, *, parse: bool = False) -> str:
    """Return a JSON text as a JavaScript expression.

    Args:
        json: The text.
        parse: Write a call of `JSON.parse` in any case, which is faster for long texts.
    """
    # In a literal, and only there, this key would set the prototype; it may be written with escapes.
    if parse or "__proto__" in json or "\\u" in json:
        escaped = json.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n").replace("\r", "\\r")
        json = f"JSON.parse('{escaped}')"
    return script_safe(json)


def script_safe(json: str) -> str:
    """Return a JSON text, or one in a string literal, so that no text in it ends the element that holds the script."""
    return json.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
