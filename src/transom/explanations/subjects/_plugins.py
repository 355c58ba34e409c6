"""Errors that come when plugins are added, configured or called."""

from __future__ import annotations

from .._explanation import Explanation

__all__ = ["PLUGINS"]

_STORE = """from transom import Builder
from transom.ipc import CapabilityBuilder
from transom.plugins import store

capability = CapabilityBuilder("main").window("*").permission("store:default")
builder = Builder().plugin(store.init()).setup(lambda app: app.add_capability(capability))
"""

# Add here to explain an error of a plugin, or of what it needs.
PLUGINS = (
    Explanation(
        name="plugin-is-a-module",
        text="is a module; write <name>.init()",
        why="`Builder.plugin` was given the module of a plugin and not the plugin",
        rule="As in Tauri, `init` makes the plugin, with its options.",
        fix="call `init()`",
        example="from transom import Builder\nfrom transom.plugins import os\n\nbuilder = Builder().plugin(os)\n",
        mended="from transom import Builder\nfrom transom.plugins import os\n\nbuilder = Builder().plugin(os.init())\n",
    ),
    Explanation(
        name="plugin-package-missing",
        text="which <is> not installed; install <it> with",
        why="a plugin works with a package that is not installed",
        rule="Packages that only some plugins need are extras of transom, so that others do not install them.",
        fix="run the command in the text, and add the extra to the dependencies in `pyproject.toml`",
    ),
    Explanation(
        name="plugin-configuration",
        text="plugins.<name> in the configuration:",
        why="what `tauri.conf.json` says for a plugin does not have the form that it needs",
        rule="Each plugin reads its own table, below `plugins` and its name; the rest of the text says which field is wrong.",
        fix="correct the field as the text says; [the official plugins](../plugins.md) describe theirs",
    ),
    Explanation(
        name="scheme-registered-twice",
        text="is registered already; one handler per scheme",
        why="two handlers would answer requests for the same scheme",
        rule="A scheme such as `notes://` has one handler, which the window system is told when it starts.",
        fix="keep one handler, or give the other scheme another name",
        example="""from transom import Builder, UriSchemeRequest, UriSchemeResponse


def read(context: object, request: UriSchemeRequest) -> UriSchemeResponse:
    return UriSchemeResponse(b"a note")


builder = Builder().register_uri_scheme_protocol("notes", read).register_uri_scheme_protocol("notes", read)
""",
        mended="""from transom import Builder, UriSchemeRequest, UriSchemeResponse


def read(context: object, request: UriSchemeRequest) -> UriSchemeResponse:
    return UriSchemeResponse(b"a note")


builder = Builder().register_uri_scheme_protocol("notes", read)
""",
    ),
    Explanation(
        name="outside-the-folders",
        text="is outside of the application's folders; choose a path",
        why="the page keeps a store, a database or a stronghold outside of the application's own folders",
        rule="As these files are no part of a scope, pages keep them in the folders for the application's data and settings.",
        fix="pass a relative path, or one in `appDataDir()`; `init(anywhere=True)` of the plugin lifts the rule for all pages",
        example=_STORE,
        call="await invoke('plugin:store|load', { path: '/tmp/notes.json' });",
        mended_call="await invoke('plugin:store|load', { path: 'notes.json' });",
    ),
    Explanation(
        name="database-not-loaded",
        text="database <url> not loaded",
        why="the page uses a database before `Database.load` has ended, or after `close`",
        rule="A database is open for all windows between `load` and `close`, and is known by the URL of `load`.",
        fix="`await Database.load(url)` first, and use the object that it returns",
        example="""from transom import Builder
from transom.ipc import CapabilityBuilder
from transom.plugins import sql

capability = CapabilityBuilder("main").window("*").permission("sql:default")
builder = Builder().plugin(sql.init()).setup(lambda app: app.add_capability(capability))
""",
        call="await invoke('plugin:sql|select', { db: 'sqlite:notes.db', query: 'SELECT 1', values: [] });",
    ),
    Explanation(
        name="another-start-does-not-answer",
        text="another process of this application runs, but does not answer",
        why="the plugin single-instance found an earlier start of the application, which hangs",
        rule="With this plugin, a second start hands its arguments to the first one and ends.",
        fix="end the process that hangs; a debugger or `py-spy dump` shows where it does",
    ),
)
