"""Errors of windows, menus and pages."""

from __future__ import annotations

from .._explanation import Explanation

__all__ = ["WINDOWS"]

_CONFIG = '{\n  "identifier": "com.example.app",\n  "build": { "frontendDist": "dist" },\n  "app": { "windows": [{ <window> }] }\n}\n'


def _menu(code: str) -> str:
    return f"from transom import Builder\nfrom transom.menu import Menu, MenuItem, Submenu\n\nbuilder = Builder().setup(lambda app: {code})\n"


# Add here to explain an error of a window, a menu or a page.
WINDOWS = (
    Explanation(
        name="labels-of-windows",
        text="which is already the label of",
        why="two windows of the configuration have the same label",
        rule="A window without a `label` is called `main`.",
        fix="give each window a different label",
        example=_CONFIG.replace("<window>", '"title": "App" }, { "title": "Settings"'),
        mended=_CONFIG.replace("<window>", '"title": "App" }, { "label": "settings", "title": "Settings"'),
    ),
    Explanation(
        name="option-that-protects",
        text="it protects, so the window is not made without it",
        why="an option of a window protects its user or its content, and this runtime does not have it",
        rule="Other options that a runtime does not have are logged; a window without its protection could do harm.",
        fix="remove the option for this runtime, or use another one; [a table](../support.md) says what each has",
        example=_CONFIG.replace("<window>", '"title": "App", "contentProtected": true'),
        mended=_CONFIG.replace("<window>", '"title": "App"'),
    ),
    Explanation(
        name="option-not-used",
        text="the runtime <name> does not use",
        why="an option of a window has no effect in this runtime",
        rule="A browser does not let a page control its window, and each window system lacks something. The window is made "
        "without the option.",
        fix="ignore the line, or remove the option; [a table](../support.md) says what each runtime has",
        example=_CONFIG.replace("<window>", '"title": "App", "theme": "Dark"'),
        mended=_CONFIG.replace("<window>", '"title": "App"'),
    ),
    Explanation(
        name="page-not-in-front-end",
        text="has neither this file nor an index.html",
        why="the window's `url` is no file of the built front end",
        rule="A path that is no file shows `index.html`, as routers of front ends need it; here this is missing too.",
        fix="build the front end, or correct `url` or `build.frontendDist`",
    ),
    Explanation(
        name="menu-inside-a-menu",
        text="a Menu cannot be inside of a menu; make it a Submenu",
        why="a `Menu` was given as an item of another menu",
        rule="A `Menu` is a whole menu bar or context menu. A part that opens is a `Submenu` with a text.",
        fix="make the inner one a `Submenu`",
        example=_menu("Menu.with_items(app, [Menu(app)])"),
        mended=_menu('Menu.with_items(app, [Submenu(app, "File")])'),
        call="await invoke('plugin:app|name');",
    ),
    Explanation(
        name="accelerator-not-valid",
        text="invalid accelerator",
        why="the keys of a menu item are written in a way that is not known",
        rule="An accelerator is modifiers and one key with `+` between them: `CmdOrCtrl+Shift+P`, `Alt+F4`, `F1`.",
        fix="write the English names of the keys",
        example=_menu('MenuItem(app, "Save", accelerator="Strg+S")'),
        mended=_menu('MenuItem(app, "Save", accelerator="Ctrl+S")'),
        call="await invoke('plugin:app|name');",
    ),
    Explanation(
        name="shown-in-a-browser",
        text="the application is shown in a browser",
        why="no window can be made on this machine, so the application runs in the browser",
        rule="Without `TRANSOM_RUNTIME`, windows are those of WebKitGTK on Linux and of pywebview on Windows and macOS; where they "
        "cannot be shown, a browser shows the pages.",
        fix="run `transom doctor`, which names what is missing; `TRANSOM_RUNTIME=web` chooses the browser without this line",
    ),
    Explanation(
        name="web-process-ended",
        text="the web process of <label> ended",
        why="the process of WebKit that shows the page crashed, or used more memory than the system has",
        rule="The window stays, and its page is loaded again. If it ends again at once, it is left alone.",
        fix="look for what the page did last, such as drawing on a very large canvas",
    ),
    Explanation(
        name="new-window-refused",
        text="asked for a window with <address>, which is not made",
        why="a page called `window.open`, or has a link with `target=_blank`",
        rule="Windows for other sites would have the application's frame around them, so none is made unless the program says so.",
        fix="use `WebviewWindow` for a page of the application, and the plugin opener or a window's `on_new_window` for others",
    ),
    Explanation(
        name="callback-not-found",
        text="Couldn't find callback id",
        why="the page was loaded again, or dropped a callback, while the back end still sent to it",
        rule="This is Tauri's own warning in the console. It does no harm once; a page that is loaded again starts anew.",
        fix="nothing, or end the work of a page when its channel raises `ChannelClosed`",
    ),
)
