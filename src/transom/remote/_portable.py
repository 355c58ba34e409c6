"""Values without functions, for another process: functions stay where they are, and are asked for by name."""

from __future__ import annotations

import hashlib
import pickle
from typing import Any, NamedTuple

import msgspec

from ..runtimes import Settings, UriSchemeProtocol, WebviewHooks
from ..wire import Frame, Pack

__all__ = ["HOOKS", "PortableSettings", "fingerprint", "frame_from", "frame_to_send", "without_hooks"]

HOOKS = ("on_navigation", "on_new_window", "on_download", "on_title")


class PortableSettings(NamedTuple):
    """Settings for another process.

    Attributes:
        settings: Without functions.
        asset_protocol: Whether the asset protocol is on.
        schemes: The names of the application's schemes.
    """

    settings: Settings
    asset_protocol: bool
    schemes: tuple[str, ...]

    @classmethod
    def of(cls, settings: Settings) -> PortableSettings:
        """Return the settings without their functions."""
        plain = msgspec.structs.replace(settings, asset_scope=None, uri_schemes=())
        return cls(plain, settings.asset_scope is not None, tuple(each.scheme for each in settings.uri_schemes))

    def with_functions(self, asset_scope: Any, serve: Any) -> Settings:
        """Return the settings with functions of this process.

        Args:
            asset_scope: As `Settings.asset_scope`.
            serve: Takes a scheme, a context and a request, and returns the response.
        """
        schemes = tuple(UriSchemeProtocol(scheme=name, handler=_bound(serve, name)) for name in self.schemes)
        scope = asset_scope if self.asset_protocol else None
        return msgspec.structs.replace(self.settings, asset_scope=scope, uri_schemes=schemes)


def _bound(serve: Any, scheme: str) -> Any:
    return lambda context, request: serve(scheme, context, request)


def fingerprint(settings: Settings) -> str:
    """Return a text that is the same for settings under which windows can stay; empty if none can.

    Windows that seal their calls (the isolation pattern), those of a message system of the application's own, and pages of
    older generations of Tauri's client belong to one process.
    """
    if settings.isolation is not None or settings.invoke_by_message or settings.clients.generations:
        return ""
    try:
        return hashlib.sha256(pickle.dumps(PortableSettings.of(settings))).hexdigest()
    except Exception:  # noqa: BLE001 - pickle raises errors of many kinds, for options of the author's
        return ""


def without_hooks(hooks: WebviewHooks) -> tuple[WebviewHooks, frozenset[str]]:
    """Return the hooks without their functions, and the names of the functions that there are."""
    names = frozenset(name for name in HOOKS if getattr(hooks, name) is not None)
    return msgspec.structs.replace(hooks, **dict.fromkeys(HOOKS)), names


def frame_to_send(frame: Frame) -> Frame:
    """Return a frame whose buffers are bytes."""
    pack = frame.pack
    if pack is not None:
        pack = Pack(pack.number, [_bytes(buffer) for buffer in pack.buffers], pack.size)
    return Frame(frame.text, [_bytes(buffer) for buffer in frame.tail], pack)


def frame_from(frame: Frame) -> Frame:
    """Return a frame whose buffers are views, as a link expects."""
    pack = frame.pack
    if pack is not None:
        pack = Pack(pack.number, [memoryview(buffer) for buffer in pack.buffers], pack.size)
    return Frame(frame.text, [memoryview(buffer) for buffer in frame.tail], pack)


def _bytes(buffer: Any) -> Any:
    return bytes(memoryview(buffer).cast("B"))
