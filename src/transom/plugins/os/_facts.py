"""Facts about the machine, in the words of Tauri's `os` plugin."""

from __future__ import annotations

import os
import platform as system
import re
import socket
import sys

__all__ = ["arch", "eol", "exe_extension", "family", "hostname", "locale", "os_type", "platform", "version"]

# sys.platform without a version -> Rust's name, which Tauri uses.
_PLATFORMS = {"linux": "linux", "darwin": "macos", "win32": "windows", "ios": "ios", "android": "android"}
# What the machine calls its processor, in lower case -> Rust's name.
_ARCHITECTURES = {
    "amd64": "x86_64",
    "x86_64": "x86_64",
    "i386": "x86",
    "i486": "x86",
    "i586": "x86",
    "i686": "x86",
    "x86": "x86",
    "arm64": "aarch64",
    "aarch64": "aarch64",
    "armv6l": "arm",
    "armv7l": "arm",
    "ppc64le": "powerpc64",
    "s390x": "s390x",
    "riscv64": "riscv64",
}
_NO_LOCALE = frozenset({"", "C", "POSIX"})


def platform() -> str:
    """Return the operating system: `linux`, `macos`, `windows`, `freebsd`, ..."""
    name = re.sub(r"\d+$", "", sys.platform) if sys.platform != "win32" else sys.platform
    return _PLATFORMS.get(name, name)


def os_type() -> str:
    """Return the kind of operating system; the same as `platform()`, as in Tauri on desktops."""
    return platform()


def family() -> str:
    """Return `windows` or `unix`."""
    return "windows" if os.name == "nt" else "unix"


def arch() -> str:
    """Return the processor's architecture, such as `x86_64` or `aarch64`."""
    name = system.machine().lower()
    return _ARCHITECTURES.get(name, name)


def version() -> str:
    """Return the operating system's version, on Linux the distribution's; `Unknown` when it does not tell.

    A version of numbers has three: Ubuntu 24.04 is `24.4.0`, as in Tauri.
    """
    if sys.platform == "darwin":
        text = system.mac_ver()[0]
    elif os.name == "nt":
        text = system.version()
    else:
        try:
            text = system.freedesktop_os_release().get("VERSION_ID", "")
        except OSError:
            text = ""
    return _three_numbers(text) or "Unknown"


def _three_numbers(text: str) -> str:
    parts = text.split(".")
    if not 1 <= len(parts) <= 3 or not all(part.isascii() and part.isdigit() for part in parts):
        return text
    return ".".join(str(int(part)) for part in (*parts, "0", "0")[:3])


def eol() -> str:
    r"""Return the end of a line of text: `\n`, on Windows `\r\n`."""
    return os.linesep


def exe_extension() -> str:
    """Return the extension of programs: `exe` on Windows, else empty."""
    return "exe" if os.name == "nt" else ""


def hostname() -> str | None:
    """Return the machine's name; `None` when it has none."""
    return socket.gethostname() or None


def locale() -> str | None:
    """Return the user's language as a BCP 47 tag such as `en-GB`; `None` when none is set."""
    if os.name == "nt":
        import locale as settings

        name = settings.getlocale()[0] or ""
    else:
        name = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    name = re.split(r"[.@]", name, maxsplit=1)[0]
    return None if name in _NO_LOCALE else name.replace("_", "-")
