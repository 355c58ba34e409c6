"""What users of a server may call: by their roles, and nothing that acts on the machine without one."""

from __future__ import annotations

import json
from importlib import import_module
from typing import Any

import pytest

from transom.acl import OFFICIAL_PLUGINS, Origin, RuntimeAuthority, User, UsersAuthority, acts_on_machine
from transom.core import access_of
from transom.errors import NotAllowed
from transom.plugins import core_plugins

LOCAL = Origin.local()
# Every command of a core plugin that a session may have by `core:default` or a capability without roles, counted by hand: a
# command that is added to a plugin is refused until somebody decides.
OF_SESSION = {
    "app": "bundle_type identifier name supports_multiple_windows tauri_version version",
    "event": "emit emit_to listen unlisten",
    "image": "from_bytes new rgba size",
    "menu": "",
    "path": "basename dirname extname isAbsolute is_absolute join normalize",
    "resources": "close",
    "stream": "pull",
    "tray": "",
    "webview": "close create_webview_window get_all_webviews print set_webview_background_color set_webview_focus "
    "set_webview_zoom webview_close webview_hide webview_show",
    "window": "close current_monitor destroy get_all_windows hide inner_position inner_size is_focused is_fullscreen "
    "is_visible outer_position outer_size scale_factor set_background_color set_cursor_icon set_cursor_visible set_focus "
    "set_fullscreen set_simple_fullscreen set_title show theme title",
}


def _official() -> list[Any]:
    names = sorted({name for name in OFFICIAL_PLUGINS if name != "single-instance"})
    found = []
    for name in names:
        module = import_module(f"transom.plugins.{name.replace('-', '_')}")
        found.append(module.init())
    return found


def _authority(*capabilities: dict[str, Any]) -> RuntimeAuthority:
    authority = RuntimeAuthority(core_default=not capabilities)
    for plugin in core_plugins():
        authority.declare(f"core:{plugin.name}", **access_of(plugin))
    for plugin in _official():
        authority.declare(plugin.name, **access_of(plugin))
    authority.declare("mine", commands=["do"], default=["allow-do"])
    for capability in capabilities:
        authority.add_capability(json.dumps(capability))
    return authority


def _may(authority: RuntimeAuthority, command: str) -> bool:
    try:
        authority.authorize(command, "main", "main", LOCAL)
    except NotAllowed:
        return False
    return True


def _commands() -> list[tuple[str, str, bool]]:
    """Return plugin, command, and whether the plugin is a core one, of every command of every plugin."""
    core = [(plugin.name, name, True) for plugin in core_plugins() for name in plugin.commands or ()]
    return core + [(plugin.name, name, False) for plugin in _official() for name in plugin.commands or ()]


def test_every_command_of_every_plugin_is_of_the_session_or_needs_a_role() -> None:
    everything = [
        f"{'core:' if core else ''}{plugin}:allow-{name.replace('_', '-')}"
        for plugin, name, core in _commands()
        if plugin != "stream" and name != "isAbsolute"
    ]
    to_all = {"identifier": "all", "windows": ["*"], "permissions": everything}
    of_all = _authority(to_all)
    nobody, admin = UsersAuthority(of_all, ()), UsersAuthority(_authority({**to_all, "roles": ["admin"]}), ["admin"])
    assert len(_commands()) > 250
    for plugin, name, core in _commands():
        command = f"plugin:{plugin}|{name}"
        expected = core and name in OF_SESSION[plugin].split()
        assert acts_on_machine(command) is not expected, command
        if plugin == "stream" or name == "isAbsolute":
            continue
        assert _may(nobody, command) is expected, command
        assert _may(admin, command), command


def test_without_capabilities_core_default_holds_but_for_the_machine() -> None:
    users = UsersAuthority(_authority(), ())
    assert _may(users, "plugin:event|listen")
    assert _may(users, "plugin:path|join")
    assert _may(_authority(), "plugin:path|resolve_directory")
    assert not _may(users, "plugin:path|resolve_directory")
    assert not _may(users, "plugin:path|resolve-directory")
    assert not _may(users, "plugin:image|from_path")


def test_a_role_counts_for_those_who_have_it() -> None:
    capability = {"identifier": "r", "windows": ["*"], "roles": ["editor", "admin"], "permissions": ["mine:default"]}
    authority = _authority(capability)
    for roles, allowed in (((), False), (("admin",), True), (("editor", "x"), True), (("Admin", "*"), False)):
        assert _may(UsersAuthority(authority, roles), "plugin:mine|do") is allowed, roles
    assert not _may(authority, "plugin:mine|do"), "an application for one user has no roles"


def test_a_deny_for_a_role_takes_from_those_who_have_it() -> None:
    allow = {"identifier": "a", "windows": ["*"], "permissions": ["mine:default"]}
    deny = {"identifier": "d", "windows": ["*"], "roles": ["guest"], "permissions": ["mine:deny-do"]}
    authority = _authority(allow, deny)
    assert _may(UsersAuthority(authority, ()), "plugin:mine|do")
    assert not _may(UsersAuthority(authority, ("guest",)), "plugin:mine|do")


def test_what_the_application_adds_later_counts() -> None:
    authority = _authority({"identifier": "none", "windows": ["*"], "permissions": []})
    users = UsersAuthority(authority, ())
    assert not _may(users, "plugin:mine|do")
    authority.add_capability('{"identifier": "later", "windows": ["*"], "permissions": ["mine:default"]}')
    assert _may(users, "plugin:mine|do")


def test_a_refusal_in_development_names_the_role() -> None:
    authority = RuntimeAuthority(development=True)
    authority.declare("fs", commands=["read"], default=["allow-read"])
    with pytest.raises(NotAllowed, match="only a capability that names roles grants it"):
        UsersAuthority(authority, ()).authorize("plugin:fs|read", "main", "main", LOCAL)


def test_a_user_has_an_id_and_roles() -> None:
    user = User("ann", roles="admin", claims={"mail": "a@example.com"})
    assert (user.id, user.name, user.roles, user.anonymous) == ("ann", "ann", {"admin"}, False)
    assert user == User("ann", name="Ann")
    assert len({user, User("ann"), User("bob"), User("ann", anonymous=True)}) == 3
    assert repr(user) == "<User 'ann'>"
    for wrong in ("", "x" * 513):
        with pytest.raises(ValueError, match="1 to 512"):
            User(wrong)


def test_nobody_who_has_logged_in_has_the_id_of_an_anonymous_session() -> None:
    with pytest.raises(ValueError, match="belong to anonymous sessions"):
        User("anonymous-0123456789abcdef")
    assert User("anonymous-0123456789abcdef", anonymous=True).anonymous
    assert not User("anonymous").anonymous
