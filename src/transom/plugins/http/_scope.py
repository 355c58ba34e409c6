"""Which addresses may be fetched: URL patterns in the entries of capabilities."""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, NamedTuple, Self

from ...acl import ScopeValue

__all__ = ["Address", "Entry", "UrlScope", "parse_address"]

MAX_URL = 65_536
_PORTS = {"http": "80", "https": "443", "ws": "80", "wss": "443"}

# Only what a browser writes: what two parsers could read differently (a backslash, a user name, a control character, a
# character outside ASCII) is no address.
_URL = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._~-]+)(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<path>/[!-\"$->@-\[\]-~]*)?(?P<query>\?[!-\"$-~]*)?(?:#[!-~]*)?"
)
_PATTERN = re.compile(
    r"(?P<scheme>[a-z*][a-z0-9+.*-]*)://(?P<host>\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._*-]+)(?::(?P<port>[0-9]{1,5}|\*+))?"
    r"(?P<path>/[^?#(){}\\\s]*)?(?P<query>\?[^#(){}\\\s]*)?"
)
_DOTS = re.compile(r"/(?:\.|%2e){1,2}(?:/|$)", re.IGNORECASE)
_NUMERIC = re.compile(r"[0-9]+|0x[0-9a-f]*", re.IGNORECASE)
# This machine and the networks around it. Not 198.18.0.0/15, to which proxies of a desktop resolve every name.
_LOCAL = tuple(
    map(
        ip_network,
        "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.168.0.0/16 "
        "::/127 fc00::/7 fe80::/10 fec0::/10".split(),
    )
)
_NAT64 = ip_network("64:ff9b::/96")
# Names of this machine. Connections to 0.0.0.0, `::` and all of 127.0.0.0/8 arrive here, too.
_HERE = ("localhost", "127.0.0.1", "[::1]")


class Address(NamedTuple):
    """The parts of an address, each in its one form: scheme and host in lower case, the port always a number."""

    scheme: str
    host: str
    port: str
    path: str
    query: str

    def at(self, host: str) -> Address:
        """Return the same address with another host."""
        return Address(self.scheme, host, self.port, self.path, self.query)


def parse_address(url: str) -> Address | None:
    """Take an address apart; `None` for one that is not written as a browser writes it."""
    parts = _URL.fullmatch(url) if len(url) <= MAX_URL else None
    if parts is None:
        return None
    scheme = parts["scheme"].lower()
    host = _canonical_host(parts["host"].lower())
    path = parts["path"] or "/"
    if host is None or _DOTS.search(path):
        return None
    return Address(scheme, host, parts["port"] or _PORTS.get(scheme, ""), path, parts["query"] or "")


def _canonical_host(host: str) -> str | None:
    """Return the one form of a host; `None` for a number that is not written as an address, as `2130706433`."""
    host = host.removesuffix(".")
    try:
        if host.startswith("["):
            return f"[{IPv6Address(host[1:-1]).compressed}]"
        if _NUMERIC.fullmatch(host.rpartition(".")[2]):
            return str(IPv4Address(host))
    except AddressValueError:
        return None
    return host or None


class Entry:
    """One entry of a scope: an address with `*` for any text, as `https://*.example.org/*`.

    A `*` in the host covers any host, dots too; in the port any port; in the path any text, slashes too. Without a path
    every path is covered, without a query every query. Without a port only the scheme's default port is, as in Tauri.

    Args:
        pattern: The text.

    Raises:
        ValueError: It is not of this form. Groups, names and regular expressions of a URLPattern are refused: a half
            understood pattern would cover more than it says.
    """

    __slots__ = ("_host", "_named", "_path", "_port", "_query", "_scheme", "pattern")

    def __init__(self, pattern: str) -> None:
        parts = _PATTERN.fullmatch(pattern)
        if parts is None or re.search(r"/:\w", parts["path"] or ""):
            raise ValueError(
                f"`{pattern}` is not a valid URL pattern; write for example `https://example.org/*`, "
                "`https://*.example.org` or `http://localhost:*`"
            )
        self.pattern = pattern
        self._scheme = _glob(parts["scheme"])
        host = parts["host"].lower()
        self._named = "*" not in host
        if self._named:
            host = _canonical_host(host) or host
        self._host = _glob(host)
        self._port = "*" if "*" in (parts["port"] or "") else parts["port"]  # real capabilities have `http://*:**`
        path = parts["path"] or "/"
        self._path = None if path == "/" else _glob(path)
        self._query = None if parts["query"] is None else _glob(parts["query"])

    @classmethod
    def deserialize(cls, raw: Any) -> Self:
        """Return the entry for a value of a capability: a text, or `{url}`.

        Raises:
            ValueError: It is neither, or the text is not a pattern.
        """
        text = raw.get("url") if isinstance(raw, dict) else raw
        if not isinstance(text, str):
            raise ValueError(f"an entry of a scope of addresses is a text or has a `url`, this is {raw!r}")
        return cls(text)

    def names(self, address: Address) -> bool:
        """Tell whether the entry covers an address by the name of its host, not by a `*`."""
        return self._named and self.covers(address)

    def covers(self, address: Address) -> bool:
        """Tell whether the entry covers an address."""
        if not self._scheme.fullmatch(address.scheme) or not self._host.fullmatch(address.host):
            return False
        if self._port != "*" and address.port != (self._port or _PORTS.get(address.scheme, "")):
            return False
        if self._path is not None and not self._path.fullmatch(address.path):
            return False
        return self._query is None or self._query.fullmatch(address.query) is not None


def _glob(text: str) -> re.Pattern[str]:
    """Return the expression for a text with `*`. Each but the last is atomic, so that no text of a page takes long."""
    first, *rest = re.split(r"\*+", text)
    if not rest:
        return re.compile(re.escape(first))
    *middle, last = rest
    between = "".join(f"(?>.*?{re.escape(part)})" for part in middle)
    return re.compile(f"{re.escape(first)}{between}.*{re.escape(last)}")


def _embedded(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Return the IPv4 address that an IPv6 address leads to; else the address itself."""
    if isinstance(ip, IPv4Address):
        return ip
    if ip in _NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or ip


class UrlScope:
    """The scopes of one call: the command's and the plugin's together.

    Args:
        *scopes: The scopes.
    """

    def __init__(self, *scopes: ScopeValue[Entry]) -> None:
        self._allow = [entry for scope in scopes for entry in scope.allows]
        self._deny = [entry for scope in scopes for entry in scope.denies]

    def allows(self, url: str) -> bool:
        """Tell whether an address may be fetched."""
        address = parse_address(url)
        if address is None or any(entry.covers(address) for entry in self._deny):
            return False
        return any(entry.covers(address) for entry in self._allow)

    def allows_at(self, url: str, ip: str) -> bool:
        """Tell whether an address that may be fetched may be fetched from a server with this IP address.

        A denial of the IP address counts for every name that leads there, and one of this machine for every address of it.
        This machine and the networks around it are reached by a name only if the scope names it without a `*`, or covers
        the IP address too.

        Args:
            url: The address.
            ip: Where its host leads.
        """
        address = parse_address(url)
        if address is None:
            return False
        there = _embedded(ip_address(ip))
        forms = [address.at(str(there) if isinstance(there, IPv4Address) else f"[{there.compressed}]")]
        here = [address.at(name) for name in _HERE] if there.is_loopback or there.is_unspecified else []
        if any(entry.covers(form) for entry in self._deny for form in (*forms, *here)):
            return False
        if there.is_loopback:
            forms.append(address.at("localhost"))
        if not any(there in network for network in _LOCAL) or address.host.endswith(".localhost"):
            return True
        return any(entry.names(address) or any(map(entry.covers, forms)) for entry in self._allow)

    def allows_proxy(self, url: str) -> bool:
        """Tell whether a page may use a proxy. Where its name leads is not checked, so the scope names it, or covers all.

        Args:
            url: Its address, without a user name.
        """
        address = parse_address(url)
        if address is None or any(entry.covers(address) for entry in self._deny):
            return False
        here = [address.at(name) for name in _HERE]
        if any(entry.covers(form) for entry in self._deny for form in here):  # where a name may lead
            return any(entry.names(address) for entry in self._allow)
        return any(entry.names(address) or (entry.covers(address) and entry.covers(here[1])) for entry in self._allow)
