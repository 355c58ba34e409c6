"""Errors of a program that starts."""

from __future__ import annotations

from ._explanation import Explanation

__all__ = ["STARTING"]

# Add here to explain an error that keeps a program from starting.
STARTING = (
    Explanation(
        name="port-in-use",
        text="cannot listen on <address>",
        why="another program, perhaps an older run of yours, has the port",
        rule="Only one program can listen on an address and a port.",
        fix="end the other program, or choose another port with `Builder.web(port=...)`; without one, a free port is taken",
        mended="from transom import Builder\n\nbuilder = Builder().web(port=8124)\n",
    ),
    Explanation(
        name="no-display",
        text="the webkitgtk runtime needs a display",
        why="there is neither X11 nor Wayland, as on a server or over ssh",
        rule="Windows need a display. The runtime is chosen by `TRANSOM_RUNTIME`, or by the argument of `run`.",
        fix="run it in a browser with `TRANSOM_RUNTIME=web`, or under `xvfb-run` for tests",
    ),
    Explanation(
        name="no-pygobject",
        text="the webkitgtk runtime needs PyGObject",
        why="the Python that runs the program has no PyGObject",
        rule="Windows on Linux are those of GTK 3 and WebKitGTK 4.1, which Python reaches by PyGObject.",
        fix="`pip install 'transom[gtk]'` in the same environment; `transom doctor` names the system packages that it needs",
    ),
    Explanation(
        name="no-webkitgtk",
        text="the webkitgtk runtime needs GTK 3 and WebKitGTK 4.1",
        why="the system has no WebKitGTK 4.1, or not the description of its functions (a typelib)",
        rule="Debian and Ubuntu have the typelibs in packages of their own, whose names begin with `gir1.2-`.",
        fix="`sudo apt install gir1.2-gtk-3.0 gir1.2-webkit2-4.1`; `transom doctor` has the names for other systems",
    ),
    Explanation(
        name="no-global-api",
        text="needs the bundle of the npm package",
        why="`app.withGlobalTauri` is set, and npm was not there when transom was installed",
        rule="`window.__TAURI__` is made from Tauri's own npm package when transom is installed.",
        fix="install Node.js and transom again, or bundle `@tauri-apps/api` in the front end and leave `withGlobalTauri` out",
    ),
    Explanation(
        name="two-commands-of-one-name",
        text="two commands are called <name>",
        why="two functions would answer the same call",
        rule="A page calls a command by its name alone, so each name is there once. Modules do not count.",
        fix="rename one with `@command(name=...)`, or put its commands into a plugin",
        example="""from transom import command, generate_handler


@command
def save() -> None: ...


def save_all() -> None: ...


generate_handler(save, command(save_all, name="save"))
""",
        mended="""from transom import command, generate_handler


@command
def save() -> None: ...


@command
def save_all() -> None: ...


generate_handler(save, save_all)
""",
    ),
    Explanation(
        name="unknown-type",
        text="the type <Type> is not supported",
        why="the annotation of a command's parameter cannot be decoded from JSON",
        rule="Arguments arrive as JSON. They become built-in types, dataclasses, msgspec, pydantic and attrs classes, TypedDicts, "
        "NamedTuples, enums, dates, UUIDs and what `State`, `Channel` and the handles stand for.",
        fix="use one of these types, or `State[<Type>]` if the application manages the object; see "
        "[Values](../values.md) for the others",
        example="""from transom import command, generate_handler


class Note:
    def __init__(self, text: str) -> None:
        self.text = text


@command
def save(note: Note) -> None: ...


generate_handler(save)
""",
        mended="""from dataclasses import dataclass

from transom import command, generate_handler


@dataclass
class Note:
    text: str


@command
def save(note: Note) -> None: ...


generate_handler(save)
""",
    ),
    Explanation(
        name="annotation-not-defined",
        text="is not defined; import the name",
        why="an annotation names something that the module does not have, often because it is imported under `TYPE_CHECKING` only",
        rule="transom evaluates the annotations of commands when they are registered, as they say how to decode the arguments.",
        fix="import the name at the top of the module",
        example="""from __future__ import annotations

from transom import command, generate_handler


@command
def greet(app: AppHandle) -> str:
    return app.package_info().name


generate_handler(greet)
""",
        mended="""from __future__ import annotations

from transom import AppHandle, command, generate_handler


@command
def greet(app: AppHandle) -> str:
    return app.package_info().name


generate_handler(greet)
""",
    ),
    Explanation(
        name="state-managed-twice",
        text="is managed already; one per class",
        why="`Builder.manage` was called with two objects of one class",
        rule="Commands ask for state by its class, so there is one object for each.",
        fix="manage one object, or give each a class of its own, or put both into one",
        example="""from transom import Builder


class Words(list[str]): ...


builder = Builder().manage(Words()).manage(Words())
""",
        mended="""from transom import Builder


class Words(list[str]): ...


class Names(list[str]): ...


builder = Builder().manage(Words()).manage(Names())
""",
    ),
    Explanation(
        name="plugin-not-built",
        text="this is a PluginBuilder; end it with .build()",
        why="`Builder.plugin` was given the builder of a plugin and not the plugin",
        rule="As in Tauri, a plugin is what `build()` returns.",
        fix="call `build()` at the end",
        example="""from transom import Builder, PluginBuilder

builder = Builder().plugin(PluginBuilder("notes"))
""",
        mended="""from transom import Builder, PluginBuilder

builder = Builder().plugin(PluginBuilder("notes").build())
""",
    ),
    Explanation(
        name="plugin-added-twice",
        text="Builder.plugin: a plugin called <name> is",
        why="a plugin of this name is there already, or the name is one of transom's own, such as `window`",
        rule="Commands of a plugin are called by its name: `plugin:<name>|<command>`.",
        fix="add it once, or choose another name",
        example="""from transom import Builder, PluginBuilder

builder = Builder().plugin(PluginBuilder("window").build())
""",
        mended="""from transom import Builder, PluginBuilder

builder = Builder().plugin(PluginBuilder("window-notes").build())
""",
    ),
    Explanation(
        name="started-twice",
        text="has started this application already, and each runs once",
        why="`run`, `run_iteration` or `asgi` was called a second time on the same `App`",
        rule="An application runs once: its windows, state and threads end with it.",
        fix="make another with `Builder().build(...)`",
    ),
)
