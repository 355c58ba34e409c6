"""Patterns over the addresses of remote pages."""

from __future__ import annotations

import re
from typing import NamedTuple

from ...errors import ConfigError

__all__ = ["RemoteUrlPattern"]

_DEFAULT_PORTS = {"http": "80", "https": "443", "ws": "80", "wss": "443", "ftp": "21"}
"""The URL standard's special schemes; any other has no default port."""

# As texts: most applications have no remote pages, and compiling all of these takes some milliseconds of a start.
_PATTERN = r"(?P<scheme>[^:/]+)://(?P<host>\[[^]/]*\]|[^:/]+)(?::(?P<port>[^/]*))?(?P<path>/.*)?"
_SCHEME = r"[a-z*][a-z0-9+.*-]*(?:\{[a-z0-9*]+\}\?)?"
_HOST = r"(?:\{[a-z0-9_.*-]+\}\?)?[a-z0-9_*-]+(?:\.[a-z0-9_*-]+)*"
_PORT = r"\*|[0-9]{1,5}"
_PATH = r"/[A-Za-z0-9._~!$&',;=@%/*-]*"
_PARTS = r"(?P<stars>\*+)|\{(?P<group>[^{}]*)\}\?|(?P<text>[^*{}]+)"
_DOTS = r"/(?:\.|%2e){1,2}(?:/|$)"

# Only what a browser writes: anything that two parsers could read differently (a backslash, a name before an `@`, a
# character outside ASCII) fits no pattern.
_URL = (
    r"(?P<scheme>[a-z][a-z0-9+.-]*)://(?P<host>\[[0-9a-f:.]+\]|[a-z0-9._~!$&'()*,;=-]*)(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<path>/[!-\"$->@-\[\]-~]*)?(?:\?[!-\"$-~]*)?(?:#[!-~]*)?"
)


class _Address(NamedTuple):
    scheme: str
    host: str
    port: str  # empty: the scheme has no default, and none is given
    path: str


class RemoteUrlPattern:
    """A pattern over addresses: `scheme://host[:port][/path]`, Tauri's `RemoteUrlPattern` without its rarer forms.

    | part | forms |
    |---|---|
    | scheme | a name, with `*` for any text and `{s}?` for a part that may be missing |
    | host | a name or an address, with `*` for any text, dots too; `{*.}?example.org` is that host and every one below it |
    | port | digits, or `*`; without one the scheme's default port |
    | path | text with `*` for any text, slashes too; without one, or `/`, every path |

    Query and fragment of an address never matter. Everything else of a URLPattern (names, other groups, regular expressions)
    is refused, because a partly understood pattern would allow more than it says. `**` is the same as `*`.

    A path protects nothing: a page changes its own with `history.pushState`. Only scheme, host and port protect.

    Args:
        pattern: The text in a capability's `remote.urls`.

    Raises:
        ConfigError: The text has none of these forms.
    """

    __slots__ = ("_host", "_path", "_port", "_scheme", "pattern")

    def __init__(self, pattern: str) -> None:
        parts = re.fullmatch(_PATTERN, pattern, re.DOTALL)
        if parts is None:
            raise _refused(pattern, "it is not `scheme://host[:port][/path]`")
        self.pattern = pattern
        scheme = parts["scheme"].lower()
        if not re.fullmatch(_SCHEME, scheme):
            raise _refused(pattern, "its scheme is neither a name nor `*`")
        self._scheme = _compiled(scheme)
        self._host = _compiled(_checked_host(pattern, parts["host"].lower()))
        self._port = _checked_port(pattern, parts["port"], scheme)
        path = parts["path"] or "/"
        if not re.fullmatch(_PATH, path) or re.search(_DOTS, path, re.IGNORECASE):
            raise _refused(pattern, "its path has more than plain characters and `*`")
        self._path = None if path == "/" else _compiled(path)

    def test(self, url: str) -> bool:
        """Tell whether an address fits."""
        address = _address(url)
        if address is None or not self._fits_origin(address):
            return False
        return self._path is None or (
            not re.search(_DOTS, address.path, re.IGNORECASE) and self._path.fullmatch(address.path) is not None
        )

    def test_origin(self, url: str) -> bool:
        """Tell whether an address fits when paths are left out."""
        address = _address(url)
        return address is not None and self._fits_origin(address)

    def _fits_origin(self, address: _Address) -> bool:
        if not self._scheme.fullmatch(address.scheme) or not self._host.fullmatch(address.host):
            return False
        default = _DEFAULT_PORTS.get(address.scheme, "")
        return self._port in ("*", address.port) if self._port else address.port == default


def _compiled(part: str) -> re.Pattern[str]:
    """Return the expression for a part of the pattern that is known to be valid."""
    out = ""
    tokens = list(re.finditer(_PARTS, part))
    for index, token in enumerate(tokens):
        if token["stars"]:
            out += ".*"
        elif token["group"] is not None:
            out += f"(?:{_compiled(token['group']).pattern})?"
        elif out.endswith(".*") and index < len(tokens) - 1:
            # The first place will do, and no other is tried: pages choose addresses, and trying all would take them hours.
            out = f"{out[:-2]}(?>.*?{re.escape(token['text'])})"
        else:
            out += re.escape(token["text"])
    return re.compile(out)


def _address(url: str) -> _Address | None:
    """Take an address apart; `None` for one that is not written as a browser writes it."""
    parts = re.fullmatch(_URL, url, re.IGNORECASE)
    if parts is None:
        return None
    scheme = parts["scheme"].lower()
    port = parts["port"] or _DEFAULT_PORTS.get(scheme, "")
    return _Address(scheme, parts["host"].lower(), port, parts["path"] or "/")


def _checked_host(pattern: str, host: str) -> str:
    import ipaddress

    try:
        # Browsers report addresses in one canonical form.
        if host.startswith("["):
            return f"[{ipaddress.IPv6Address(host[1:-1]).compressed}]"
        if re.fullmatch("[0-9]+|0x[0-9a-f]*", host.rpartition(".")[2]):
            return str(ipaddress.IPv4Address(host))
    except ValueError as error:
        raise _refused(pattern, f"its host is not an IP address: {error}") from None
    if not re.fullmatch(_HOST, host):
        raise _refused(
            pattern,
            "its host is neither a name nor an address, with `*` for any text or `{*.}?` before a name; international names are written `xn--...`",
        )
    return host


def _checked_port(pattern: str, port: str | None, scheme: str) -> str:
    """Return the port as an address has it: `*`, digits, or empty for the default of whatever scheme it is."""
    if port is None:
        return _DEFAULT_PORTS.get(scheme, "")
    if not re.fullmatch(_PORT, port):
        raise _refused(pattern, "its port is neither digits nor `*`")
    return port if port == "*" else str(int(port))


def _refused(pattern: str, why: str) -> ConfigError:
    return ConfigError(
        f"invalid remote url pattern {pattern!r}: {why}; write for example `https://example.org`, "
        "`https://*.example.org/app/*` or `http://localhost:*`"
    )
