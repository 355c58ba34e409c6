"""The fields of the `bundle` table, from which installers are built."""

from __future__ import annotations

from .rules import FLAG, TEXT, TEXTS, UINT32, Choice, Either, Fields, Items, Rule, Table, Tagged, Text, Whole, optional

__all__ = ["BUNDLE"]

_TYPES = ("deb", "rpm", "appimage", "msi", "nsis", "app", "dmg")
_FILES = Table(TEXT)
_POINT = Fields({"x": UINT32, "y": UINT32}, ("x", "y"))
_SIZE = Fields({"width": UINT32, "height": UINT32}, ("width", "height"))
_UUID = Text(
    "a UUID",
    '"6fe9a7a6-0ba5-4d5a-8a36-2c3d5c2f8f10"',
    r"[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}",
)

_LINUX_SCRIPTS: dict[str, Rule] = dict.fromkeys(
    ("desktopTemplate", "preInstallScript", "postInstallScript", "preRemoveScript", "postRemoveScript"), optional(TEXT)
)

_LEVEL = ("level",)
_RPM_COMPRESSION = Tagged(
    "type",
    {
        "gzip": Fields({"level": UINT32}, _LEVEL),
        "zstd": Fields({"level": Whole(-(2**31), 2**31 - 1)}, _LEVEL),
        "xz": Fields({"level": UINT32}, _LEVEL),
        "bzip2": Fields({"level": UINT32}, _LEVEL),
        "none": Fields({}),
    },
)

_LINUX = Fields(
    {
        "appimage": Fields({"bundleMediaFramework": FLAG, "files": _FILES}),
        "deb": Fields(
            {
                **dict.fromkeys(("depends", "recommends", "provides", "conflicts", "replaces"), optional(TEXTS)),
                "files": _FILES,
                **dict.fromkeys(("section", "priority", "changelog"), optional(TEXT)),
                **_LINUX_SCRIPTS,
            }
        ),
        "rpm": Fields(
            {
                **dict.fromkeys(("depends", "recommends", "provides", "conflicts", "obsoletes"), optional(TEXTS)),
                "release": TEXT,
                "epoch": UINT32,
                "files": _FILES,
                **_LINUX_SCRIPTS,
                "compression": optional(_RPM_COMPRESSION),
            }
        ),
    }
)

_MACOS = Fields(
    {
        "frameworks": optional(TEXTS),
        "files": _FILES,
        **dict.fromkeys(
            (
                "bundleVersion",
                "bundleName",
                "minimumSystemVersion",
                "exceptionDomain",
                "signingIdentity",
                "providerShortName",
                "entitlements",
                "infoPlist",
            ),
            optional(TEXT),
        ),
        "hardenedRuntime": FLAG,
        "dmg": Fields(
            {
                "background": optional(TEXT),
                "windowPosition": optional(_POINT),
                "windowSize": _SIZE,
                "appPosition": _POINT,
                "applicationFolderPosition": _POINT,
            }
        ),
    }
)

_WIX = Fields(
    {
        **dict.fromkeys(("version", "template", "bannerPath", "dialogImagePath"), optional(TEXT)),
        "upgradeCode": optional(_UUID),
        "language": Either((TEXT, TEXTS, Table(Fields({"localePath": optional(TEXT)})))),
        **dict.fromkeys(
            ("fragmentPaths", "componentGroupRefs", "componentRefs", "featureGroupRefs", "featureRefs", "mergeRefs"),
            TEXTS,
        ),
        "enableElevatedUpdateTask": FLAG,
        "fipsCompliant": FLAG,
    }
)

_NSIS = Fields(
    {
        **dict.fromkeys(
            (
                "template",
                "headerImage",
                "sidebarImage",
                "installerIcon",
                "uninstallerIcon",
                "uninstallerHeaderImage",
                "startMenuFolder",
                "installerHooks",
                "minimumWebview2Version",
            ),
            optional(TEXT),
        ),
        "installMode": Choice(("currentUser", "perMachine", "both")),
        "languages": optional(TEXTS),
        "customLanguageFiles": optional(_FILES),
        "displayLanguageSelector": FLAG,
        "compression": Choice(("zlib", "bzip2", "lzma", "none")),
    }
)

_SILENT = Fields({"silent": FLAG})
_WINDOWS = Fields(
    {
        **dict.fromkeys(
            ("digestAlgorithm", "certificateThumbprint", "timestampUrl", "minimumWebview2Version"), optional(TEXT)
        ),
        "tsp": FLAG,
        "webviewInstallMode": Tagged(
            "type",
            {
                "skip": Fields({}),
                "downloadBootstrapper": _SILENT,
                "embedBootstrapper": _SILENT,
                "offlineInstaller": _SILENT,
                "fixedRuntime": Fields({"path": TEXT}, ("path",)),
            },
        ),
        "allowDowngrades": FLAG,
        "wix": optional(_WIX),
        "nsis": optional(_NSIS),
        "signCommand": optional(TEXT, Fields({"cmd": TEXT, "args": TEXTS}, ("cmd", "args"))),
        "bundleVCRuntime": FLAG,
    }
)

_IOS = Fields(
    {
        **dict.fromkeys(("template", "developmentTeam", "bundleVersion", "infoPlist"), optional(TEXT)),
        "frameworks": optional(TEXTS),
        "minimumSystemVersion": TEXT,
    }
)

_ANDROID = Fields(
    {
        "minSdkVersion": UINT32,
        "versionCode": optional(Whole(1, 2_100_000_000)),
        "autoIncrementVersionCode": FLAG,
        "debugApplicationIdSuffix": optional(TEXT),
    }
)

_FILE_ASSOCIATION = Fields(
    {
        "ext": TEXTS,
        "contentTypes": optional(TEXTS),
        **dict.fromkeys(("name", "description", "mimeType"), optional(TEXT)),
        "role": Choice(("Editor", "Viewer", "Shell", "QLGenerator", "None")),
        "rank": Choice(("Default", "Owner", "Alternate", "None")),
        "exportedType": optional(Fields({"identifier": TEXT, "conformsTo": optional(TEXTS)}, ("identifier",))),
        "androidIntentActionFilters": optional(Items(Choice(("send", "sendMultiple", "view")))),
    },
    ("ext",),
)

BUNDLE = Fields(
    {
        "active": FLAG,
        "targets": Either((Choice(("all", *_TYPES)), Items(Choice(_TYPES)))),
        "createUpdaterArtifacts": Either((FLAG, Choice(("v1Compatible",)))),
        **dict.fromkeys(
            (
                "publisher",
                "homepage",
                "copyright",
                "license",
                "licenseFile",
                "category",
                "shortDescription",
                "longDescription",
            ),
            optional(TEXT),
        ),
        "icon": TEXTS,
        "resources": optional(TEXTS, Table(TEXT)),
        "fileAssociations": optional(Items(_FILE_ASSOCIATION)),
        "useLocalToolsDir": FLAG,
        "externalBin": optional(TEXTS),
        "windows": _WINDOWS,
        "linux": _LINUX,
        "macOS": _MACOS,
        "iOS": _IOS,
        "android": _ANDROID,
    },
    moved={
        "identifier": "Tauri 2 has it at the top of the file",
        "deb": "Tauri 2 has it at `bundle.linux.deb`",
        "appimage": "Tauri 2 has it at `bundle.linux.appimage`",
        "updater": "Tauri 2 has it at `plugins.updater`",
    },
)
