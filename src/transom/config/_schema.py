"""The fields of the `tauri.conf.json` of Tauri 2, as tables of rules.

The names and types are those of the schema that Tauri's command line uses to validate the file
(https://schema.tauri.app/config/2). In that schema, unknown names are also errors.
"""

from __future__ import annotations

from ._bundle import BUNDLE
from .rules import (
    ANYTHING,
    FLAG,
    NUMBER,
    TEXT,
    TEXTS,
    UINT8,
    UINT32,
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

__all__ = ["CONFIG", "WINDOW", "places_of"]

# Tauri: an address without `//` is refused here, because `localhost:1420` reads as a URL with the scheme `localhost`.
_URL = Text(
    'a URL with its scheme, such as "http://localhost:1420"',
    '"http://localhost:1420"',
    r"[A-Za-z][\w+.-]*://\S+",
)
_COLOR = Either(
    (
        Text(
            'a color such as "#fff", "#ffffff" or "#ffffffff"',
            '"#ffffff"',
            r"#?(?:[0-9A-Fa-f]{3}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})",
        ),
        Items(UINT8, 3, 4),
        Fields({"red": UINT8, "green": UINT8, "blue": UINT8, "alpha": UINT8}, ("red", "green", "blue")),
    )
)
_POSITION = Fields({"x": NUMBER, "y": NUMBER}, ("x", "y"))
_SOURCES = Either((TEXT, TEXTS))
_CSP = optional(TEXT, Table(_SOURCES))

_WINDOW_EFFECTS = Fields(
    {
        "effects": Items(
            Choice(
                (
                    "appearanceBased",
                    "light",
                    "dark",
                    "mediumLight",
                    "ultraDark",
                    "titlebar",
                    "selection",
                    "menu",
                    "popover",
                    "sidebar",
                    "headerView",
                    "sheet",
                    "windowBackground",
                    "hudWindow",
                    "fullScreenUI",
                    "tooltip",
                    "contentBackground",
                    "underWindowBackground",
                    "underPageBackground",
                    "liquidGlassRegular",
                    "liquidGlassClear",
                    "mica",
                    "micaDark",
                    "micaLight",
                    "tabbed",
                    "tabbedDark",
                    "tabbedLight",
                    "blur",
                    "acrylic",
                )
            )
        ),
        "state": optional(Choice(("followsWindowActiveState", "active", "inactive"))),
        "radius": optional(NUMBER),
        "color": optional(_COLOR),
        "interactive": FLAG,
    },
    ("effects",),
)

WINDOW = Fields(
    {
        "label": Text(
            "a window label, which has at least one character and only letters, digits, `-`, `/`, `:` and `_`",
            '"main"',
            r"(?:[^\W_]|[-/:_])+",
        ),
        "create": FLAG,
        "url": TEXT,
        "userAgent": optional(TEXT),
        "dragDropEnabled": FLAG,
        "center": FLAG,
        "x": optional(NUMBER),
        "y": optional(NUMBER),
        "width": NUMBER,
        "height": NUMBER,
        "minWidth": optional(NUMBER),
        "minHeight": optional(NUMBER),
        "maxWidth": optional(NUMBER),
        "maxHeight": optional(NUMBER),
        "preventOverflow": optional(FLAG, Fields({"width": UINT32, "height": UINT32}, ("width", "height"))),
        "resizable": FLAG,
        "maximizable": FLAG,
        "minimizable": FLAG,
        "closable": FLAG,
        "title": TEXT,
        "fullscreen": FLAG,
        "focus": FLAG,
        "focusable": FLAG,
        "transparent": FLAG,
        "maximized": FLAG,
        "visible": FLAG,
        "decorations": FLAG,
        "alwaysOnBottom": FLAG,
        "alwaysOnTop": FLAG,
        "visibleOnAllWorkspaces": FLAG,
        "contentProtected": FLAG,
        "skipTaskbar": FLAG,
        "windowClassname": optional(TEXT),
        "noRedirectionBitmap": FLAG,
        "theme": optional(Choice(("Light", "Dark"))),
        "titleBarStyle": Choice(("Visible", "Transparent", "Overlay")),
        "trafficLightPosition": optional(_POSITION),
        "hiddenTitle": FLAG,
        "acceptFirstMouse": FLAG,
        "tabbingIdentifier": optional(TEXT),
        "additionalBrowserArgs": optional(TEXT),
        "shadow": FLAG,
        "windowEffects": optional(_WINDOW_EFFECTS),
        "incognito": FLAG,
        "parent": optional(TEXT),
        "proxyUrl": optional(_URL),
        "zoomHotkeysEnabled": FLAG,
        "browserExtensionsEnabled": FLAG,
        "useHttpsScheme": FLAG,
        "devtools": optional(FLAG),
        "backgroundColor": optional(_COLOR),
        "backgroundThrottling": optional(Choice(("disabled", "suspend", "throttle"))),
        "javascriptDisabled": FLAG,
        "allowLinkPreview": FLAG,
        "disableInputAccessoryView": FLAG,
        "dataDirectory": optional(TEXT),
        "dataStoreIdentifier": optional(Items(UINT8, 16, 16)),
        "scrollBarStyle": Choice(("default", "fluentOverlay")),
        "limitNavigationsToAppBoundDomains": FLAG,
        "activityName": optional(TEXT),
        "createdByActivityName": optional(TEXT),
        "requestedBySceneIdentifier": optional(TEXT),
        "generalAutofillEnabled": FLAG,
    },
    moved={"fileDropEnabled": "Tauri 2 calls it `dragDropEnabled`"},
)

_HEADER = optional(TEXT, TEXTS, Table(TEXT))
_HEADERS = (
    "Access-Control-Allow-Credentials",
    "Access-Control-Allow-Headers",
    "Access-Control-Allow-Methods",
    "Access-Control-Expose-Headers",
    "Access-Control-Max-Age",
    "Cross-Origin-Embedder-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
    "Permissions-Policy",
    "Service-Worker-Allowed",
    "Timing-Allow-Origin",
    "X-Content-Type-Options",
    "Tauri-Custom-Header",
)

_SECURITY = Fields(
    {
        "csp": _CSP,
        "devCsp": _CSP,
        "freezePrototype": FLAG,
        "dangerousDisableAssetCspModification": Either((FLAG, TEXTS)),
        "assetProtocol": Fields(
            {
                "enable": FLAG,
                "scope": Either(
                    (TEXTS, Fields({"allow": TEXTS, "deny": TEXTS, "requireLiteralLeadingDot": optional(FLAG)})),
                ),
            }
        ),
        "pattern": Tagged(
            "use",
            {
                "brownfield": Fields({}),
                "isolation": Fields({"options": Fields({"dir": TEXT}, ("dir",))}, ("options",)),
            },
        ),
        # The access control list reads and validates inline capabilities.
        "capabilities": Items(Either((TEXT, Table(ANYTHING)))),
        "headers": optional(Fields(dict.fromkeys(_HEADERS, _HEADER))),
    },
    moved={
        "dangerousRemoteDomainIpcAccess": "Tauri 2 has a capability with `remote.urls` instead",
        "dangerousUseHttpScheme": "Tauri 2 has `useHttpsScheme` on each of `app.windows` instead",
    },
)

_TRAY_ICON = Fields(
    {
        "id": optional(TEXT),
        "iconPath": TEXT,
        "iconAsTemplate": FLAG,
        "menuOnLeftClick": FLAG,
        "showMenuOnLeftClick": FLAG,
        "title": optional(TEXT),
        "tooltip": optional(TEXT),
    },
    ("iconPath",),
)

_APP = Fields(
    {
        "windows": Items(WINDOW),
        "security": _SECURITY,
        "trayIcon": optional(_TRAY_ICON),
        "macOSPrivateApi": FLAG,
        "withGlobalTauri": FLAG,
        "enableGTKAppId": FLAG,
        "appDirectoriesOverride": optional(
            TEXT, Fields(dict.fromkeys(("config", "data", "localData", "cache", "log"), optional(TEXT)))
        ),
    },
    moved={"systemTray": "Tauri 2 calls it `trayIcon`", "allowlist": "Tauri 2 has capability files instead"},
)

_HOOK: dict[str, Rule] = {"script": TEXT, "cwd": optional(TEXT)}

_BUILD = Fields(
    {
        "runner": optional(TEXT, Fields({"cmd": TEXT, "cwd": optional(TEXT), "args": optional(TEXTS)}, ("cmd",))),
        "devUrl": optional(_URL),
        "frontendDist": optional(
            Text("the path of a folder, a URL", '"../dist"', r"(?s:.+)"),
            Items(Text("a path", '"index.html"', r"(?s:.+)"), 1),
        ),
        "beforeDevCommand": optional(TEXT, Fields({**_HOOK, "wait": FLAG}, ("script",))),
        "beforeBuildCommand": optional(TEXT, Fields(_HOOK, ("script",))),
        "beforeBundleCommand": optional(TEXT, Fields(_HOOK, ("script",))),
        "features": optional(TEXTS),
        "removeUnusedCommands": FLAG,
        "additionalWatchFolders": TEXTS,
        "windows": Fields({"staticVCRuntime": FLAG}),
    },
    moved={
        "distDir": "Tauri 2 calls it `frontendDist`",
        "devPath": "Tauri 2 calls it `devUrl`, or `frontendDist` for a folder",
        "withGlobalTauri": "Tauri 2 has it at `app.withGlobalTauri`",
    },
)

_SEMVER = r"(?:0|[1-9][0-9]*)\.(?:0|[1-9][0-9]*)\.(?:0|[1-9][0-9]*)(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?"

CONFIG = Fields(
    {
        "$schema": optional(TEXT),
        "productName": optional(
            Text(
                'a name without any of the characters / \\ : * ? " < > |',
                '"My App"',
                r'[^/\\:*?"<>|]+',
            )
        ),
        "mainBinaryName": optional(TEXT),
        "version": optional(
            Text(
                'a version of three numbers, such as "1.0.0", or the path of a package.json that has one',
                '"1.0.0"',
                _SEMVER + r"|.*\.json",
            )
        ),
        # Tauri: its reader takes any letter; its tool refuses others than A to Z, and `_`, when a package is made. Projects
        # with `_` run in development, and nothing of Linux minds it.
        "identifier": Text(
            "an identifier in reverse domain notation, of the characters A-Z, a-z, 0-9, hyphen, underscore and period",
            '"com.example.app"',
            r"[A-Za-z0-9._-]+",
        ),
        "app": _APP,
        "build": _BUILD,
        "bundle": BUNDLE,
        "plugins": Table(ANYTHING),
    },
    ("identifier",),
    {
        "tauri": "this is a file for Tauri 1; `npx @tauri-apps/cli migrate` converts it for Tauri 2",
        "package": "Tauri 2 has `productName` and `version` at the top of the file",
    },
)


def places_of(name: str) -> list[str]:
    """Return the dotted paths at which Tauri has a field.

    Args:
        name: The name of the field, without a path.

    Returns:
        The paths; empty if there is no such field.
    """
    return _places(CONFIG, name, "")


def _places(rule: Rule, name: str, path: str) -> list[str]:
    match rule:
        case Fields(fields=fields):
            found = [f"{path}{name}"] if name in fields else []
            return found + [place for key, child in fields.items() for place in _places(child, name, f"{path}{key}.")]
        case Items(item=item):
            return _places(item, name, f"{path[:-1]}[].")
        case Either(rules=rules):
            return [place for child in rules for place in _places(child, name, path)]
        case _:
            return []
