"""The permissions of Tauri's official plugins, as applications name them, never keep an application from starting."""

from __future__ import annotations

import importlib

import pytest

from transom.acl import Capability, RuntimeAuthority
from transom.core import access_of

# Plugin -> commands that have permissions in Tauri. Add here to check another plugin.
PERMISSIONS = {
    "autostart": "enable disable is-enabled",
    "cli": "cli-matches",
    "clipboard-manager": "clear read-image read-text write-html write-image write-text",
    "deep-link": "register unregister is-registered get-current",
    "global-shortcut": "is-registered register register-all unregister unregister-all",
    "http": "fetch fetch-cancel fetch-read-body fetch-send",
    "log": "log",
    "notification": (
        "batch cancel check-permissions create-channel delete-channel get-active get-pending is-permission-granted "
        "list-channels notify permission-state register-action-types register-listener remove-active request-permission "
        "show"
    ),
    "opener": "open-url open-path reveal-item-in-dir",
    "os": "arch exe-extension family hostname locale os-type platform version",
    "process": "exit restart",
    "shell": "execute kill open spawn stdin-write",
    "store": "clear delete entries get get-store has keys length load reload reset save set values",
    "updater": "check download download-and-install install",
}


@pytest.mark.parametrize("plugin", PERMISSIONS)
def test_every_permission_of_tauri_is_known_or_named_without_effect(plugin: str) -> None:
    module = importlib.import_module(f"transom.plugins.{plugin.replace('-', '_')}")
    authority = RuntimeAuthority()
    authority.declare(plugin, **access_of(module.init()))
    names = [f"{verb}-{command}" for command in PERMISSIONS[plugin].split() for verb in ("allow", "deny")]
    permissions = tuple(f"{plugin}:{name}" for name in ("default", *names))
    capability = Capability(identifier="c", windows=("main",), permissions=permissions)
    assert authority.load(capability, lambda _: "file:1").faults == ()
    misspelt = Capability(identifier="d", permissions=(f"{plugin}:{names[0]}x",))
    assert "unknown permission" in authority.load(misspelt, lambda _: "file:1").faults[0].text
