"""The permissions of the plugin, under Tauri's identifiers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...acl import Commands, Permission, Scopes

__all__ = ["DEFAULT", "PERMISSIONS", "SETS"]

_META = ("read_dir", "stat", "lstat", "fstat", "exists", "size")
_READ = ("read_file", "read", "open", "read_text_file", "read_text_file_lines", "read_text_file_lines_next", "seek")
_WRITE = ("create", "copy_file", "remove", "rename", "truncate", "ftruncate", "write", "write_file", "write_text_file")

# Permissions that allow several commands. What a command needs for its object to be of use comes with it.
_COMMANDS = {
    "read-all": (*_META, *_READ, "watch", "unwatch"),
    "read-dirs": _META,
    "read-files": (*_READ, "stat", "lstat", "fstat", "exists"),
    "read-meta": _META,
    "write-all": ("mkdir", *_WRITE),
    "write-files": (*_WRITE, "open", "seek", "fstat"),
    "allow-read-text-file-lines": ("read_text_file_lines", "read_text_file_lines_next"),
    "allow-write-file": ("write_file", "open", "write"),
}

# The folders that have scopes of their own. Tauri calls the folder of programs `exe`.
_FOLDERS = (
    "appcache appconfig appdata applocaldata applog audio cache config data desktop document download exe font home "
    "localdata picture public resource runtime temp template video"
).split()
# Tauri 2 still has these names of Tauri 1, while its `$LOG` is no folder any more: the scopes contain nothing.
_NO_FOLDER = "log"
_OF_APP = ("APPCONFIG", "APPDATA", "APPLOCALDATA", "APPCACHE", "APPLOG")

# What WebKitGTK keeps beside the application's own files. Tauri's own rule for Linux names the whole folder, and has no
# effect there because of where it stands in its file; in effect it would deny `$APPDATA`, which is the same folder.
_OF_WEBVIEW = (
    "cache",
    "CacheStorage",
    "cookies",
    "databases",
    "deviceidhashsalts",
    "hsts-storage.sqlite",
    "localstorage",
    "mediakeys",
    "serviceworkers",
    "storage",
)


def _scope(identifier: str, paths: Iterable[str]) -> Permission:
    return Permission(identifier=identifier, scope=Scopes(allow=tuple({"path": path} for path in paths)))


def _denied(identifier: str, platform: str, paths: Iterable[str]) -> Permission:
    values = tuple({"path": path} for path in paths)
    return Permission(identifier=identifier, scope=Scopes(deny=values), platforms=(platform,))


def _permissions() -> Iterator[Permission]:
    for identifier, allowed in _COMMANDS.items():
        yield Permission(identifier=identifier, commands=Commands(allow=allowed))
    yield Permission(identifier="scope")  # for values that a capability gives beside it
    yield _scope("scope-app", (f"${name}{end}" for name in _OF_APP for end in ("", "/*")))
    yield _scope("scope-app-index", (f"${name}" for name in _OF_APP))
    yield _scope("scope-app-recursive", (f"${name}{end}" for name in _OF_APP for end in ("", "/**")))
    for folder in _FOLDERS:
        variable = f"${folder.upper()}"
        yield _scope(f"scope-{folder}", (variable, f"{variable}/*"))
        yield _scope(f"scope-{folder}-index", (variable,))
        yield _scope(f"scope-{folder}-recursive", (variable, f"{variable}/**"))
    for end in ("", "-index", "-recursive"):
        yield Permission(identifier=f"scope-{_NO_FOLDER}{end}")
    yield _denied(
        "deny-webview-data-linux",
        "linux",
        (f"$APPLOCALDATA/{name}{end}" for name in _OF_WEBVIEW for end in ("", "*", "/**")),
    )
    yield _denied("deny-webview-data-windows", "windows", ("$APPLOCALDATA/EBWebView/**",))


def _sets() -> Iterator[tuple[str, tuple[str, ...]]]:
    for folder in ("app", _NO_FOLDER, *_FOLDERS):
        for verb, what in (("read", "read-all"), ("write", "write-all"), ("meta", "read-meta")):
            flat = f"scope-{folder}-index" if verb == "meta" else f"scope-{folder}"
            yield f"allow-{folder}-{verb}", (what, flat)
            yield f"allow-{folder}-{verb}-recursive", (what, f"scope-{folder}-recursive")
    yield "deny-default", ("deny-webview-data-linux", "deny-webview-data-windows")
    yield "create-app-specific-dirs", ("allow-mkdir", "scope-app-index")
    yield (
        "read-app-specific-dirs-recursive",
        (
            "allow-read-dir",
            "allow-read-file",
            "allow-read-text-file",
            "allow-read-text-file-lines",
            "allow-read-text-file-lines-next",
            "allow-exists",
            "scope-app-recursive",
        ),
    )


DEFAULT = ("create-app-specific-dirs", "read-app-specific-dirs-recursive", "deny-default")
SETS = dict(_sets())
PERMISSIONS = tuple(_permissions())
