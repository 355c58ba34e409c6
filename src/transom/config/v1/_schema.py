"""The fields of the `tauri.conf.json` of Tauri 1, as tables of rules (https://v1.tauri.app/v1/api/config)."""

from __future__ import annotations

from typing import Any

from ..rules import (
    ANYTHING,
    FLAG,
    NUMBER,
    TEXT,
    TEXTS,
    Choice,
    Either,
    Fields,
    Items,
    Rule,
    Table,
    Tagged,
    Text,
    optional,
)

__all__ = ["ALLOWLIST", "CONFIG", "is_v1"]

_PATH = Text("the path of a folder, or a URL", '"../dist"', r"(?s:.+)")

_WINDOW = Fields(
    {
        "label": Text(
            "a window label, which has at least one character and only letters, digits, `-`, `/`, `:` and `_`",
            '"main"',
            r"(?:[^\W_]|[-/:_])+",
        ),
        "url": TEXT,
        "theme": optional(Choice(("Light", "Dark", "light", "dark"))),
        "titleBarStyle": Choice(("Visible", "Transparent", "Overlay")),
        **dict.fromkeys(("title",), TEXT),
        **dict.fromkeys(("userAgent", "tabbingIdentifier", "additionalBrowserArgs"), optional(TEXT)),
        **dict.fromkeys(("width", "height"), NUMBER),
        **dict.fromkeys(("x", "y", "minWidth", "minHeight", "maxWidth", "maxHeight"), optional(NUMBER)),
        **dict.fromkeys(
            (
                "fileDropEnabled",
                "center",
                "resizable",
                "maximizable",
                "minimizable",
                "closable",
                "fullscreen",
                "focus",
                "transparent",
                "maximized",
                "visible",
                "decorations",
                "alwaysOnTop",
                "contentProtected",
                "skipTaskbar",
                "hiddenTitle",
                "acceptFirstMouse",
            ),
            FLAG,
        ),
    }
)

_CSP = optional(TEXT, Table(Either((TEXT, TEXTS))))
_SECURITY = Fields(
    {
        "csp": _CSP,
        "devCsp": _CSP,
        "freezePrototype": FLAG,
        "dangerousDisableAssetCspModification": Either((FLAG, TEXTS)),
        "dangerousRemoteDomainIpcAccess": Items(Table(ANYTHING)),
        "dangerousUseHttpScheme": FLAG,
    }
)

_BUNDLE = Fields(
    {
        "identifier": Text(
            "an identifier in reverse domain notation, of the characters A-Z, a-z, 0-9, hyphen, underscore and period",
            '"com.example.app"',
            r"[A-Za-z0-9._-]+",
        ),
        **dict.fromkeys(
            (
                "active",
                "appimage",
                "category",
                "copyright",
                "deb",
                "externalBin",
                "icon",
                "longDescription",
                "macOS",
                "publisher",
                "resources",
                "shortDescription",
                "targets",
                "windows",
            ),
            ANYTHING,
        ),
    },
    ("identifier",),
)

_SCOPE = Either((TEXTS, Fields({"allow": TEXTS, "deny": TEXTS, "requireLiteralLeadingDot": optional(FLAG)})))
_SHELL_SCOPE = Items(
    Fields({"name": TEXT, "cmd": TEXT, "args": ANYTHING, "sidecar": FLAG}, ("name",)),
)

# Module -> its flags beside `all`, and its other fields. `_allowlist.py` says what a flag allows.
ALLOWLIST: dict[str, tuple[tuple[str, ...], dict[str, Rule]]] = {
    "app": (("show", "hide"), {}),
    "clipboard": (("writeText", "readText"), {}),
    "dialog": (("open", "save", "message", "ask", "confirm"), {}),
    "fs": (
        (
            "readFile",
            "writeFile",
            "readDir",
            "copyFile",
            "createDir",
            "removeDir",
            "removeFile",
            "renameFile",
            "exists",
        ),
        {"scope": _SCOPE},
    ),
    "globalShortcut": ((), {}),
    "http": (("request",), {"scope": TEXTS}),
    "notification": ((), {}),
    "os": ((), {}),
    "path": ((), {}),
    "process": (("relaunch", "relaunchDangerousAllowSymlinkMacos", "exit"), {}),
    "protocol": (("asset",), {"assetScope": _SCOPE}),
    "shell": (
        ("execute", "sidecar"),
        {"scope": _SHELL_SCOPE, "open": Either((FLAG, TEXT))},
    ),
    "window": (
        (
            "create",
            "center",
            "requestUserAttention",
            "setResizable",
            "setMaximizable",
            "setMinimizable",
            "setClosable",
            "setTitle",
            "maximize",
            "unmaximize",
            "minimize",
            "unminimize",
            "show",
            "hide",
            "close",
            "setDecorations",
            "setAlwaysOnTop",
            "setContentProtected",
            "setSize",
            "setMinSize",
            "setMaxSize",
            "setPosition",
            "setFullscreen",
            "setFocus",
            "setIcon",
            "setSkipTaskbar",
            "setCursorGrab",
            "setCursorVisible",
            "setCursorIcon",
            "setCursorPosition",
            "setIgnoreCursorEvents",
            "startDragging",
            "print",
        ),
        {},
    ),
}
_ALLOWLIST = Fields(
    {
        "all": FLAG,
        **{
            module: Fields({"all": FLAG, **dict.fromkeys(flags, FLAG), **others})
            for module, (flags, others) in ALLOWLIST.items()
        },
    }
)

_TAURI = Fields(
    {
        "allowlist": _ALLOWLIST,
        "bundle": _BUNDLE,
        "cli": optional(Table(ANYTHING)),
        "macOSPrivateApi": FLAG,
        "pattern": Tagged(
            "use",
            {
                "brownfield": Fields({}),
                "isolation": Fields({"options": Fields({"dir": TEXT}, ("dir",))}, ("options",)),
            },
        ),
        "security": _SECURITY,
        "systemTray": optional(
            Fields(
                {
                    "iconPath": TEXT,
                    "iconAsTemplate": FLAG,
                    "menuOnLeftClick": FLAG,
                    "title": optional(TEXT),
                    "id": TEXT,
                    "tooltip": optional(TEXT),
                },
                ("iconPath",),
            )
        ),
        "updater": Table(ANYTHING),
        "windows": Items(_WINDOW),
    },
    ("bundle",),
)

_SEMVER = r"(?:0|[1-9][0-9]*)\.(?:0|[1-9][0-9]*)\.(?:0|[1-9][0-9]*)(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?"

CONFIG = Fields(
    {
        "$schema": optional(TEXT),
        "package": Fields(
            {
                "productName": optional(
                    Text(
                        'a name without any of the characters / \\ : * ? " < > |',
                        '"My App"',
                        r'[^/\\:*?"<>|]+',
                    )
                ),
                "version": optional(
                    Text(
                        'a version of three numbers, such as "1.0.0", or the path of a package.json that has one',
                        '"1.0.0"',
                        _SEMVER + r"|.*\.json",
                    )
                ),
            }
        ),
        "build": Fields(
            {
                "distDir": Either((_PATH, Items(Text("a path", '"index.html"', r"(?s:.+)"), 1))),
                "devPath": _PATH,
                "withGlobalTauri": FLAG,
                **dict.fromkeys(
                    ("beforeDevCommand", "beforeBuildCommand", "beforeBundleCommand", "features", "runner"), ANYTHING
                ),
            }
        ),
        "tauri": _TAURI,
        "plugins": Table(ANYTHING),
    },
    ("tauri",),
)

_OF_V2 = frozenset({"identifier", "app", "productName", "version", "bundle"})


def is_v1(data: Any) -> bool:
    """Tell whether a file is one of Tauri 1, by its own keys: it has `tauri` or `package`, and nothing that only 2 has."""
    return isinstance(data, dict) and bool({"tauri", "package"} & data.keys()) and not _OF_V2 & data.keys()
