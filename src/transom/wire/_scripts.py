"""The script that a runtime runs in a page before the page's own: our JavaScript files around one closure.

The files are read once from the package; that is the room's only contact with a file system.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.resources import files

import msgspec

from ..errors import ConfigError
from ..values import encode_json
from ._serialize_js import script_safe

__all__ = [
    "GENERATIONS",
    "OlderClients",
    "drag_region_script",
    "frame_script",
    "global_api_script",
    "global_api_scripts",
    "initialization_script",
    "isolation_script",
    "module_script",
    "overlay_script",
]

# In this order. Every file is one function in which `transom` (the settings and what earlier files put there) is known.
_FILES = ("callbacks.js", "serialize.js", "link.js", "internals.js", "event.js", "leaving.js")
# Files of one transport alone, before and after those of all.
_BEFORE = {"web": ("identity_web.js",)}
_AFTER = {"web": ("takeover_web.js", "menus_web.js", "window_web.js", "replay_web.js")}
# Generation of Tauri's client -> the files that speak it, behind all others. Add here to introduce one.
_MODULES = ("v1_events.js", "v1_modules.js", "v1_files.js", "v1_window.js", "v1_updates.js")
_OLDER: dict[str, tuple[str, ...]] = {
    "2.x": (),
    "1.x": ("v1.js", *_MODULES, "v1_store.js", "v1_stronghold.js", "v1_watch.js"),
    "1.0-beta": (*_MODULES, "beta.js"),
    "0.x": (*_MODULES, "v0.js", "v0_global.js"),
}
GENERATIONS = tuple(_OLDER)
# Whether a page speaks none of the older generations.
_OF_V2 = "!(window.__TAURI_METADATA__ || window.rpc || window.__TAURI_INVOKE_HANDLER__)"


class OlderClients(msgspec.Struct, frozen=True):
    """Which pages speak an older generation of Tauri's client. With none, pages carry nothing of it.

    Attributes:
        generations: One of `GENERATIONS` by the label of a webview; under the empty text that of all others.
        windows: Labels of the windows that the configuration makes: a page of 1.x knows all windows from its first line on.
    """

    generations: Mapping[str, str] = {}
    windows: tuple[str, ...] = ()

    def speaks(self, generation: str) -> bool:
        """Tell whether a page may speak a generation."""
        return generation in {*self.generations.values(), self.generations.get("", "2.x")}


def initialization_script(
    transport: str,
    *,
    label: str,
    key: str,
    window: str | None = None,
    settings: dict[str, object] | None = None,
    freeze_prototype: bool = False,
    isolation: str | None = None,
    clients: OlderClients = OlderClients(),  # noqa: B008 - a frozen value
) -> str:
    """Return the source of the script for one page generation.

    Args:
        transport: `webkitgtk`, `web` or `mock`: the file `transport_<name>.js` carries the frames.
        label: Label of the page's webview.
        key: Secret of this page generation; it stays inside the script's closure.
        window: Label of the window that the webview is in; `None` when it is the webview's.
        settings: What the transport file needs to know: JSON values.
        freeze_prototype: Freeze `Object.prototype` (Tauri: `security.freezePrototype`).
        isolation: Address of the isolation frame that calls go through; `None` for none.
        clients: The older generations of Tauri's client that pages of the application speak.

    Raises:
        FileNotFoundError: There is no such transport.
    """
    freeze = "Object.freeze(Object.prototype);" if freeze_prototype else ""
    given = {"label": label, "window": window or label, "key": key, **(settings or {})}
    body = _body(transport)
    if isolation is not None:
        given["isolation"] = isolation
        body += "\n" + _file("isolation.js")
    if clients.generations:
        given["clients"] = {"generations": dict(clients.generations), "windows": clients.windows}
        body += "\n" + _older_body(frozenset(clients.generations.values()))
    return _closure(given, body, freeze)


def frame_script(name: str, settings: dict[str, object]) -> str:
    """Return the source of a script for the documents of all frames, which get nothing else of transom's.

    Args:
        name: The script is the file `<name>.js`.
        settings: What it needs to know: JSON values.

    Raises:
        FileNotFoundError: There is no such script.
    """
    return _closure(settings, _file(f"{name}.js"))


def isolation_script(key: bytes) -> str:
    """Return the source of transom's script for the isolation frame (Tauri: `security.pattern`).

    Args:
        key: Seals the calls of one page generation; 32 bytes.
    """
    body = _file("serialize.js") + "\n" + _file("isolation_frame.js")
    return _closure({"key": b64encode(key).decode()}, body)


def _closure(settings: dict[str, object], body: str, first: str = "") -> str:
    given = script_safe(encode_json(settings).decode())
    return f"(() => {{'use strict';{first}\nconst transom = {{settings: {given}}};\n{body}\n}})();"


def global_api_scripts(clients: OlderClients, plugins: Callable[[], Sequence[str]]) -> tuple[str, ...]:
    """Return the scripts that make `window.__TAURI__` of each page's generation; they run after `initialization_script`.

    Args:
        clients: The older generations that pages speak.
        plugins: Returns the scripts that add the functions of plugins of 2.x; called only if a page speaks 2.x.

    Raises:
        ConfigError: A bundle has not been built.
    """
    if not clients.generations:
        return (global_api_script(), *plugins())
    scripts = []
    if clients.speaks("2.x"):
        scripts = [f"if ({_OF_V2}) {{\n{script}\n}}" for script in (global_api_script(), *plugins())]
    if clients.speaks("1.x"):
        scripts.append(f"if (window.__TAURI_METADATA__) {{\n{global_api_script('global_api_v1.js')}\n}}")
    return tuple(scripts)


def global_api_script(name: str = "global_api.js") -> str:
    """Return the script that makes `window.__TAURI__` (Tauri: `app.withGlobalTauri`).

    Args:
        name: The file of the bundle.

    Raises:
        ConfigError: The bundle has not been built.
    """
    # Made from the npm package @tauri-apps/api by `scripts/front_end.py`, and never committed.
    folder = files("transom.wire") / "dist"
    try:
        return (folder / name).read_text("utf-8")
    except FileNotFoundError:
        reason = folder / "missing.txt"
        why = reason.read_text("utf-8").strip() if reason.is_file() else "in a checkout `scripts/setup` builds it"
        raise ConfigError(
            "app.withGlobalTauri needs the bundle of the npm package @tauri-apps/api, which this installation of transom "
            f"does not have: {why}"
        ) from None


def drag_region_script() -> str:
    """Return the script that lets people move a window by elements with `data-tauri-drag-region`."""
    return _file("drag_region.js")


def module_script(name: str) -> str:
    """Return the source of a module that a page's script imports when it needs it.

    Raises:
        FileNotFoundError: There is no such module.
    """
    return _file(f"modules/{name}.js")


def overlay_script() -> str:
    """Return the script that shows refused and failed calls on the page, during development."""
    return _file("overlay.js")


@cache
def _body(transport: str) -> str:
    names = (*_BEFORE.get(transport, ()), *_FILES, *_AFTER.get(transport, ()), f"transport_{transport}.js")
    return "\n".join(_file(name) for name in names)


@cache
def _older_body(generations: frozenset[str]) -> str:
    names = dict.fromkeys(name for generation in _OLDER if generation in generations for name in _OLDER[generation])
    return "\n".join(_file(f"older/{name}") for name in ("generation.js", *names))


@cache
def _file(name: str) -> str:
    return (files("transom.wire") / "js" / name).read_text("utf-8")
