"""What `tauri.allowlist` of Tauri 1 allows, as permissions of Tauri 2: one capability that allows exactly that."""

from __future__ import annotations

import re
from typing import Any

from ._schema import ALLOWLIST

__all__ = ["capability_of"]

# What Tauri 1 allows every page, whatever the allowlist says.
_ALWAYS = (
    "core:event:default",
    "core:resources:default",
    "core:stream:default",
    "core:window:default",
    "core:app:allow-version",
    "core:app:allow-name",
    "core:app:allow-tauri-version",
    "core:webview:allow-internal-toggle-devtools",
)

# Flag of the allowlist -> permissions. A window's flag that is not here allows the command of its own name.
_PERMISSIONS: dict[str, tuple[str, ...]] = {
    "app.hide": ("core:app:allow-app-hide",),
    "app.show": ("core:app:allow-app-show",),
    "clipboard.readText": ("clipboard-manager:allow-read-text",),
    "clipboard.writeText": ("clipboard-manager:allow-write-text",),
    "dialog.ask": ("dialog:allow-ask",),
    "dialog.confirm": ("dialog:allow-confirm",),
    "dialog.message": ("dialog:allow-message",),
    "dialog.open": ("dialog:allow-open",),
    "dialog.save": ("dialog:allow-save",),
    "fs.copyFile": ("fs:allow-copy-file",),
    "fs.createDir": ("fs:allow-mkdir",),
    "fs.exists": ("fs:allow-exists",),
    # The entries of 1.x have their whole paths.
    "fs.readDir": ("fs:allow-read-dir", "core:path:allow-resolve-directory"),
    # The plugin fs-watch of 1.x is a part of fs in 2.x.
    "fs.readFile": ("fs:allow-read-file", "fs:allow-read-text-file", "fs:allow-watch", "fs:allow-unwatch"),
    "fs.removeDir": ("fs:allow-remove",),
    "fs.removeFile": ("fs:allow-remove",),
    "fs.renameFile": ("fs:allow-rename",),
    "fs.writeFile": ("fs:allow-write-file", "fs:allow-write-text-file"),
    "globalShortcut.all": (
        "global-shortcut:allow-register",
        "global-shortcut:allow-unregister",
        "global-shortcut:allow-unregister-all",
        "global-shortcut:allow-is-registered",
    ),
    "http.request": (
        "http:allow-fetch",
        "http:allow-fetch-send",
        "http:allow-fetch-read-body",
        "http:allow-fetch-cancel",
    ),
    "notification.all": ("notification:default",),
    "os.all": (
        "os:allow-platform",
        "os:allow-version",
        "os:allow-os-type",
        "os:allow-arch",
        "os:allow-locale",
        "core:path:allow-resolve-directory",
    ),
    "path.all": ("core:path:default",),
    "process.exit": ("process:allow-exit",),
    "process.relaunch": ("process:allow-restart",),
    "process.relaunchDangerousAllowSymlinkMacos": (),
    "protocol.asset": (),  # `app.security.assetProtocol`
    "shell.execute": (
        "shell:allow-execute",
        "shell:allow-spawn",
        "shell:allow-stdin-write",
        "shell:allow-kill",
    ),
    "shell.sidecar": (
        "shell:allow-execute",
        "shell:allow-spawn",
        "shell:allow-stdin-write",
        "shell:allow-kill",
    ),
    "shell.open": ("shell:allow-open",),
    "window.close": ("core:window:allow-close", "core:window:allow-destroy"),
    "window.create": ("core:webview:allow-create-webview-window",),
    "window.maximize": ("core:window:allow-maximize", "core:window:allow-toggle-maximize"),
    "window.print": ("core:webview:allow-print",),
}
# Permissions whose commands look at the scope of their module.
_SCOPED = {"shell": ("shell:allow-execute", "shell:allow-spawn"), "http": ("http:allow-fetch",)}
_RENAMED = (("$APP/", "$APPCONFIG/"), ("$LOG/", "$APPLOG/"))


def capability_of(tauri: dict[str, Any]) -> dict[str, Any]:
    """Return the capability that stands for the allowlist.

    Args:
        tauri: The table `tauri` of the file, which is valid.
    """
    allowlist = tauri.get("allowlist", {})
    wanted = [*_ALWAYS]
    for module, (flags, _) in ALLOWLIST.items():
        given = allowlist.get(module, {})
        everything = allowlist.get("all", False) or given.get("all", False)
        names = [*flags, *(["open"] if module == "shell" else [])] or ["all"]
        for name in names:
            if everything or given.get(name, False):
                wanted += _permissions(module, name)
    if tauri.get("updater", {}).get("active", False):
        wanted.append("updater:default")
    if tauri.get("cli") is not None:
        wanted.append("cli:default")
    permissions = [_scoped(permission, allowlist) for permission in dict.fromkeys(wanted)]
    paths = _paths(allowlist.get("fs", {}).get("scope", []))
    if paths and any(permission.startswith("fs:") for permission in wanted):
        permissions.append({"identifier": "fs:scope", **paths})
    return {
        "identifier": "tauri-1-allowlist",
        "description": "What tauri.allowlist allows.",
        "windows": ["*"],
        "permissions": permissions,
    }


def _permissions(module: str, name: str) -> tuple[str, ...]:
    found = _PERMISSIONS.get(f"{module}.{name}")
    if found is None:
        kebab = re.sub("[A-Z]", lambda letter: f"-{letter[0].lower()}", name)
        return (f"core:{module}:allow-{kebab}",)
    return found


def _scoped(permission: str, allowlist: dict[str, Any]) -> Any:
    module = permission.partition(":")[0]
    if permission not in _SCOPED.get(module, ()):
        return permission
    scope = allowlist.get(module, {}).get("scope", [])
    entries = [{"url": url} for url in scope] if module == "http" else scope
    return {"identifier": permission, "allow": entries} if entries else permission


def _paths(scope: Any) -> dict[str, Any]:
    given = {"allow": scope} if isinstance(scope, list) else scope
    return {key: [{"path": _path(path)} for path in given[key]] for key in ("allow", "deny") if given.get(key)}


def _path(path: str) -> str:
    for old, new in _RENAMED:
        if path.startswith(old) or path == old[:-1]:
            return new[:-1] + path[len(old) - 1 :]
    return path
