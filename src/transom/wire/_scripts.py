"""The script that a runtime runs in a page before the page's own: our JavaScript files around one closure.

The files are read once from the package; that is the room's only contact with a file system.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from ..errors import ConfigError
from ..values import encode_json
from ._serialize_js import script_safe

__all__ = ["global_api_script", "initialization_script"]

# In this order. Every file is one function in which `transom` (the settings and what earlier files put there) is known.
_FILES = ("callbacks.js", "serialize.js", "link.js", "internals.js", "event.js")
# Files of one transport alone, before and after those of all.
_BEFORE = {"web": ("identity_web.js",)}
_AFTER = {"web": ("takeover_web.js",)}


def initialization_script(
    transport: str, *, label: str, key: str, settings: dict[str, object] | None = None, freeze_prototype: bool = False
) -> str:
    """Return the source of the script for one page generation.

    Args:
        transport: `webkitgtk`, `web` or `mock`: the file `transport_<name>.js` carries the frames.
        label: Label of the window and of its webview.
        key: Secret of this page generation; it stays inside the script's closure.
        settings: What the transport file needs to know: JSON values.
        freeze_prototype: Freeze `Object.prototype` (Tauri: `security.freezePrototype`).

    Raises:
        FileNotFoundError: There is no such transport.
    """
    given = script_safe(encode_json({"label": label, "key": key, **(settings or {})}).decode())
    freeze = "Object.freeze(Object.prototype);" if freeze_prototype else ""
    return f"(() => {{'use strict';{freeze}\nconst transom = {{settings: {given}}};\n{_body(transport)}\n}})();"


def global_api_script() -> str:
    """Return the script that makes `window.__TAURI__` (Tauri: `app.withGlobalTauri`); it runs after `initialization_script`.

    Raises:
        ConfigError: The bundle has not been built.
    """
    # Made from the npm package @tauri-apps/api by `scripts/front_end.py`, and never committed.
    folder = files("transom.wire") / "dist"
    try:
        return (folder / "global_api.js").read_text("utf-8")
    except FileNotFoundError:
        reason = folder / "missing.txt"
        why = reason.read_text("utf-8").strip() if reason.is_file() else "in a checkout `scripts/setup` builds it"
        raise ConfigError(
            "app.withGlobalTauri needs the bundle of the npm package @tauri-apps/api, which this installation of transom "
            f"does not have: {why}"
        ) from None


@cache
def _body(transport: str) -> str:
    sources = files("transom.wire") / "js"
    names = (*_BEFORE.get(transport, ()), *_FILES, *_AFTER.get(transport, ()), f"transport_{transport}.js")
    return "\n".join((sources / name).read_text("utf-8") for name in names)
