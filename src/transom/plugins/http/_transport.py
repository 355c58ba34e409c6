"""What carries requests to servers, and which of them go by a proxy."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.request import getproxies

import httpcore
import httpx

from ._network import Network
from ._request import Danger, Proxies, ProxyConfig

__all__ = ["Transport", "mounts_of"]

_KEPT = 20  # connections for further requests
_KEPT_SECONDS = 5.0
_FAILURES = (
    httpcore.TimeoutException,
    httpcore.NetworkError,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.UnsupportedProtocol,
)


def _context(danger: Danger) -> ssl.SSLContext:
    context = httpx.create_ssl_context()
    if danger.accept_invalid_certs or danger.accept_invalid_hostnames:
        context.check_hostname = False
    if danger.accept_invalid_certs:
        context.verify_mode = ssl.CERT_NONE
    return context


@contextmanager
def _failures() -> Iterator[None]:
    """Raise what a connection fails of as httpx does.

    Raises:
        TransportError: It failed.
    """
    try:
        yield
    except _FAILURES as error:
        raise httpx.TransportError(str(error) or type(error).__name__) from None


class _Body(httpx.AsyncByteStream):
    """The body of a response as it arrives."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _failures():
            async for part in self._stream:
                yield part

    async def aclose(self) -> None:
        await self._stream.aclose()


class Transport(httpx.AsyncBaseTransport):
    """Sends requests over connections of `network`.

    Attributes:
        network: Makes the connections.

    Args:
        danger: Checks of certificates to leave out.
    """

    def __init__(self, danger: Danger) -> None:
        self.network = Network(httpcore.AnyIOBackend())  # pyright: ignore[reportArgumentType]
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=_context(danger),
            max_connections=None,
            max_keepalive_connections=_KEPT,
            keepalive_expiry=_KEPT_SECONDS,
            network_backend=self.network,
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and return its response, whose body is still to come.

        Raises:
            TransportError: The connection failed.
        """
        url = request.url
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        sent = httpcore.Request(
            request.method, target, headers=request.headers.raw, content=request.stream, extensions=request.extensions
        )
        with _failures():
            response = await self._pool.handle_async_request(sent)
        return httpx.Response(
            response.status, headers=response.headers, stream=_Body(response.stream), extensions=response.extensions
        )

    async def aclose(self) -> None:
        """Close the connections."""
        await self._pool.aclose()


def mounts_of(proxies: Proxies | None, danger: Danger) -> Mapping[str, httpx.AsyncBaseTransport | None]:
    """Return what carries the addresses of a pattern: a proxy, or `None` for the client's own transport.

    Args:
        proxies: Those that a request names; `None` for those of the environment.
        danger: Checks of certificates to leave out.

    Raises:
        ValueError: A proxy is no address.
        InvalidURL: The same.
    """
    found = _environment() if proxies is None else _named(proxies)
    return {
        pattern: None if proxy is None else httpx.AsyncHTTPTransport(verify=_context(danger), proxy=proxy)
        for pattern, proxy in found
    }


def _named(proxies: Proxies) -> Iterable[tuple[str, httpx.Proxy | None]]:
    for pattern, given in (("all://", proxies.all), ("http://", proxies.http), ("https://", proxies.https)):
        if given is None:
            continue
        proxy = ProxyConfig(given) if isinstance(given, str) else given
        auth = None if proxy.basic_auth is None else (proxy.basic_auth.username, proxy.basic_auth.password)
        yield pattern, httpx.Proxy(proxy.url, auth=auth)
        for host in filter(None, map(str.strip, (proxy.no_proxy or "").split(","))):
            yield (f"all://{host}" if not host.startswith(".") else f"all://*{host}"), None


def _environment() -> Iterable[tuple[str, httpx.Proxy | None]]:
    """Yield the proxies of the environment as httpx reads them, which does so only for a transport of its own."""
    known = getproxies()
    without = [host for host in map(str.strip, known.get("no", "").split(",")) if host]
    if "*" in without:
        return
    for scheme in ("http", "https", "all"):
        if address := known.get(scheme):
            yield f"{scheme}://", httpx.Proxy(address if "://" in address else f"http://{address}")
    for host in without:
        if "://" in host:
            yield host, None
        elif ":" in host:
            yield f"all://[{host.strip('[]')}]", None
        elif host.lower() == "localhost" or host.replace(".", "").replace("/", "").isdigit():
            yield f"all://{host.partition('/')[0]}", None
        else:
            yield f"all://*{host}", None
