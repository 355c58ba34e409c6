"""The values of a `tauri.conf.json` of Tauri 1, as that of Tauri 2."""

from __future__ import annotations

import re
from typing import Any

from ._allowlist import capability_of

__all__ = ["translate"]

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


def translate(data: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return the file of Tauri 2 that means the same, and the fields of Tauri 1 that have no effect.

    Args:
        data: The decoded file, which is valid.
    """
    package, build, tauri = (data.get(name, {}) for name in ("package", "build", "tauri"))
    bundle = dict(tauri["bundle"])
    identifier = bundle.pop("identifier")
    bundle = {name: value for name, value in bundle.items() if value not in (None, False, "", [], {})}
    made: dict[str, Any] = {
        "identifier": identifier,
        **{name: package[name] for name in ("productName", "version") if package.get(name) is not None},
        "app": _app(build, tauri),
        "build": _build(build),
        "bundle": bundle,
        "plugins": {**_plugins(tauri), **data.get("plugins", {})},
    }
    return made, _unused(build, tauri)


def _app(build: dict[str, Any], tauri: dict[str, Any]) -> dict[str, Any]:
    app: dict[str, Any] = {
        "windows": [_window(window) for window in tauri.get("windows", [])],
        "security": _security(tauri),
        "withGlobalTauri": build.get("withGlobalTauri", False),
    }
    if tauri.get("systemTray") is not None:
        app["trayIcon"] = tauri["systemTray"]
    if tauri.get("macOSPrivateApi"):
        app["macOSPrivateApi"] = True
    return app


def _window(window: dict[str, Any]) -> dict[str, Any]:
    made = {name: value for name, value in window.items() if name != "fileDropEnabled"}
    if "fileDropEnabled" in window:
        made["dragDropEnabled"] = window["fileDropEnabled"]
    if made.get("theme") is not None:
        made["theme"] = made["theme"].capitalize()
    return made


def _security(tauri: dict[str, Any]) -> dict[str, Any]:
    given = tauri.get("security", {})
    names = ("csp", "devCsp", "freezePrototype", "dangerousDisableAssetCspModification")
    made = {name: given[name] for name in names if name in given}
    protocol = tauri.get("allowlist", {}).get("protocol", {})
    if protocol.get("all") or protocol.get("asset") or tauri.get("allowlist", {}).get("all"):
        made["assetProtocol"] = {"enable": True, "scope": protocol.get("assetScope", [])}
    if "pattern" in tauri:
        made["pattern"] = tauri["pattern"]
    made["capabilities"] = [capability_of(tauri)]
    return made


def _build(build: dict[str, Any]) -> dict[str, Any]:
    # Tauri 1: the defaults.
    dist, dev = build.get("distDir", "../dist"), build.get("devPath", "http://localhost:8080/")
    made = {"frontendDist": dist}
    if build.get("beforeDevCommand"):
        made["beforeDevCommand"] = build["beforeDevCommand"]
    if _URL.match(dev):
        made["devUrl"] = dev
    return made


def _plugins(tauri: dict[str, Any]) -> dict[str, Any]:
    """Return what was the configuration of a module of 1, and is that of a plugin of 2."""
    made: dict[str, Any] = {}
    shell = tauri.get("allowlist", {}).get("shell", {})
    if isinstance(shell.get("open"), str):
        made["shell"] = {"open": shell["open"]}
    if tauri.get("cli") is not None:
        made["cli"] = tauri["cli"]
    if tauri.get("updater", {}).get("active", False):
        made["updater"] = tauri["updater"]
    return made


def _unused(build: dict[str, Any], tauri: dict[str, Any]) -> list[str]:
    """Return the fields that only Tauri 1 has and that have no effect."""
    found = [f"build.{name}" for name in ("beforeBuildCommand", "features", "runner") if build.get(name)]
    dev = build.get("devPath", "")
    if dev and not _URL.match(dev) and dev != build.get("distDir"):
        found.append("build.devPath (a folder; build.distDir is served)")
    security = tauri.get("security", {})
    if security.get("dangerousRemoteDomainIpcAccess"):
        found.append("tauri.security.dangerousRemoteDomainIpcAccess (add a capability with remote.urls)")
    if security.get("dangerousUseHttpScheme"):
        found.append("tauri.security.dangerousUseHttpScheme")
    return found
