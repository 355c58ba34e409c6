"""Errors about capabilities, permissions and scopes."""

from __future__ import annotations

from .._explanation import Explanation

__all__ = ["ACCESS"]

_CONFIG = """{
  "identifier": "com.example.app",
  "build": { "frontendDist": "dist" },
  "app": {
    "windows": [{ "title": "App" }],
    "security": { "capabilities": [<capabilities>] }
  }
}
"""
_MAIN = '{ "identifier": "main", "windows": ["*"], "permissions": ["core:default"] }'


def _config(*capabilities: str) -> str:
    return _CONFIG.replace("<capabilities>", ", ".join(capabilities))


def _plugin(name: str, permission: str, more: str = "") -> str:
    return f"""from transom import Builder
from transom.ipc import CapabilityBuilder
from transom.plugins import {name}

capability = CapabilityBuilder("main").window("*")
capability.{permission}
builder = Builder().plugin({name}.init({more})).setup(lambda app: app.add_capability(capability))
"""


# Add here to explain an error of a capability, or a refusal that a scope makes.
ACCESS = (
    Explanation(
        name="permission-without-plugin",
        text="these permissions grant nothing, because the plugin is not added",
        why="a permission begins with a name that no plugin of the application has",
        rule="The part of a permission before the colon is a plugin that the program adds, or `core:` and one of Tauri's modules.",
        fix="add the plugin with `Builder.plugin(...)`, correct its name, or remove the permission",
        example=_config(_MAIN.replace("core:default", "notes:default")),
        mended=_config(_MAIN),
    ),
    Explanation(
        name="unknown-acl",
        text="unknown ACL for",
        why="a capability that the program adds while it runs names a permission of a plugin that is not there",
        rule="In files such a permission grants nothing and is logged, as another program may have the plugin. In Python it is an "
        "error.",
        fix="add the plugin with `Builder.plugin(...)`, or correct its name",
        example="""from transom import Builder
from transom.ipc import CapabilityBuilder

capability = CapabilityBuilder("main").window("*").permission("notes:default")
builder = Builder().setup(lambda app: app.add_capability(capability))
""",
        mended="""from transom import Builder
from transom.ipc import CapabilityBuilder

capability = CapabilityBuilder("main").window("*").permission("core:default")
builder = Builder().setup(lambda app: app.add_capability(capability))
""",
        call="await invoke('plugin:app|name');",
    ),
    Explanation(
        name="permission-not-valid",
        text="invalid permission identifier",
        why="a permission is written in a way that no permission can be",
        rule="A permission has letters, digits and hyphens, and a colon behind the plugin. A command `set_title` is "
        "`allow-set-title` there.",
        fix="write hyphens in the place of underscores; `transom permission list` shows all",
        example=_config(_MAIN.replace("core:default", "core:window:allow-set_title")),
        mended=_config(_MAIN.replace("core:default", "core:window:allow-set-title")),
    ),
    Explanation(
        name="capability-twice",
        text="capability with identifier <name> already exists",
        why="two capabilities have the same identifier",
        rule="The configuration and the capability files refer to a capability by its identifier, so each is there once.",
        fix="rename one, or move its permissions into the other",
        example=_config(_MAIN, _MAIN),
        mended=_config(_MAIN, _MAIN.replace('"main"', '"second"')),
    ),
    Explanation(
        name="capability-not-found",
        text="has the identifier",
        why="`app.security.capabilities` names a capability that no file has",
        rule="A text in this list is the identifier of a file in `capabilities/`. An object is a capability itself. Without the "
        "list, every file counts.",
        fix="correct the name, make the file with `transom capability new`, or leave the list out",
        example=_config('"main"'),
        mended=_config(_MAIN),
    ),
    Explanation(
        name="capability-not-a-list",
        text="of a capability is a list, not the text",
        why="a capability names its windows, webviews or platforms by a text",
        rule="These fields are lists, as a capability can be for several windows.",
        fix='write `["main"]` in the place of `"main"`',
        example='from transom.ipc import CapabilityBuilder\n\nCapabilityBuilder("notes").windows("main")\n',
        mended='from transom.ipc import CapabilityBuilder\n\nCapabilityBuilder("notes").windows(["main"])\n',
    ),
    Explanation(
        name="remote-address-not-valid",
        text="invalid remote url pattern",
        why="an address in `remote.urls` of a capability is not whole",
        rule="An address there has a scheme and a host. `*` stands for any text, and `*.` before a host for its subdomains.",
        fix="write a whole address, such as `https://*.example.org/app/*`",
        example=_config(_MAIN.replace('"windows"', '"remote": { "urls": ["example.org"] }, "windows"')),
        mended=_config(_MAIN.replace('"windows"', '"remote": { "urls": ["https://example.org"] }, "windows"')),
    ),
    Explanation(
        name="path-not-in-scope",
        text="forbidden path: <path>, maybe it is not allowed on the scope",
        why="the page may call the command, but no scope allows this path, or one denies it",
        rule="Permissions of the plugin fs say which commands a page may call; a scope says for which paths. `deny` takes "
        "precedence over `allow`.",
        fix="give the permission with an `allow` for the path, such as `$DOCUMENT/notes/**`; see [Files](../files.md)",
        example=_plugin("fs", 'permission("fs:allow-exists")'),
        mended=_plugin("fs", 'permission_scoped("fs:allow-exists", allow=["/etc/*"])'),
        call="await invoke('plugin:fs|exists', { path: '/etc/hostname' });",
    ),
    Explanation(
        name="address-not-in-scope",
        text="url not allowed on the configured scope",
        why="the page may call the plugin http, but no scope allows this address",
        rule="`http:default` allows no address. A `*` in a host does not reach this machine or its network, so that no page can "
        "talk to them by accident.",
        fix="give `http:default` with an `allow` for the address; redirects have to be allowed too",
        example=_plugin("http", 'permission("http:default")'),
        mended=_plugin("http", 'permission_scoped("http:default", allow=[{"url": "https://example.org/*"}])'),
        call="await invoke('plugin:http|fetch', { clientConfig: "
        "{ method: 'GET', url: 'https://example.org/a.json', headers: [], data: null } });",
    ),
    Explanation(
        name="program-not-in-scope",
        text="program not allowed on the configured shell scope",
        why="the page wants to start a program that no scope names",
        rule="A page starts programs by the name that a scope gives them, with the arguments that it allows, and never by a path.",
        fix='add an entry such as `{"name": "list", "cmd": "ls", "args": ["-l"]}` to the scope of `shell:allow-execute`',
        example=_plugin("shell", 'permission("shell:allow-execute")'),
        mended=_plugin(
            "shell", 'permission_scoped("shell:allow-execute", allow=[{"name": "list", "cmd": "true", "args": []}])'
        ),
        call="await invoke('plugin:shell|execute', { program: 'list', args: [] });",
    ),
    Explanation(
        name="scope-not-absolute",
        text="is not absolute; begin it with / or",
        why="a path of a scope depends on the folder in which the program starts",
        rule="Paths of scopes are absolute, or begin with a variable for one of the system's folders.",
        fix="begin it with a variable such as `$HOME`, `$DOCUMENT` or `$APPDATA`, or with `/`",
        example=_config(_MAIN).replace(
            '"security": {', '"security": { "assetProtocol": { "enable": true, "scope": ["notes/*"] },'
        ),
        mended=_config(_MAIN).replace(
            '"security": {', '"security": { "assetProtocol": { "enable": true, "scope": ["$DOCUMENT/notes/*"] },'
        ),
    ),
    Explanation(
        name="scope-variable-unknown",
        text="begins with a variable that is not known here",
        why="a path of a scope begins with a variable that is misspelt, or that this system does not have",
        rule="The variables are Tauri's: `$HOME`, `$DOCUMENT`, `$APPDATA` and others, which the text lists.",
        fix="take one of those in the text",
    ),
    Explanation(
        name="open-not-allowed",
        text="Not allowed to open",
        why="the plugin opener was asked for an address or a path that its scope does not have, or that is never opened",
        rule="`opener:default` allows http, https, mailto and tel, and no path. Schemes that run code are never handed on.",
        fix="give `opener:allow-open-url` or `opener:allow-open-path` with an `allow` for it",
        example=_plugin("opener", 'permission("opener:allow-open-path")'),
        call="await invoke('plugin:opener|open_path', { path: '/etc/hostname' });",
    ),
)
