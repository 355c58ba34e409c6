"""The connections to servers, shared by all requests of an application that are to be made alike."""

from __future__ import annotations

import asyncio
import ssl
from http.cookiejar import CookieJar
from typing import TYPE_CHECKING, Any

from ...errors import CommandError
from ._request import ClientConfig, Danger, Proxies, ProxyConfig

if TYPE_CHECKING:
    import httpx

__all__ = ["Clients"]


class Clients:
    """Makes HTTP clients: one for most requests, and another for each with a proxy or without checks of certificates.

    They share one jar of cookies.

    Attributes:
        cookies: The jar.
        whole_bodies: Whether pages read a body at once.

    Args:
        dangerous_settings: Whether pages may turn the checks of certificates off.
        user_agent: The `User-Agent` of requests that have none.
        whole_bodies: Whether pages read a body at once.
    """

    def __init__(self, *, dangerous_settings: bool, user_agent: str, whole_bodies: bool = False) -> None:
        self.whole_bodies = whole_bodies
        self._dangerous = dangerous_settings
        self._user_agent = user_agent
        self.cookies = CookieJar()
        self._shared: httpx.AsyncClient | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closing: asyncio.Future[None] | None = None

    def client_for(self, config: ClientConfig) -> tuple[httpx.AsyncClient, bool]:
        """Return the client that connects as a request wants, and whether it is for this request alone.

        Raises:
            CommandError: It wants something that is not allowed, or a proxy is no address.
        """
        danger = config.danger or Danger()
        if (danger.accept_invalid_certs or danger.accept_invalid_hostnames) and not self._dangerous:
            raise CommandError(
                "http|fetch: `danger` turns checks of certificates off, which this application does not allow; "
                "it would with http.init(dangerous_settings=True)"
            )
        if danger != Danger() or config.proxy is not None:
            return self._make(config.proxy, danger), True
        if self._shared is None:
            self._shared = self._make(None, danger)
            self._loop = asyncio.get_running_loop()
        return self._shared, False

    def _make(self, proxies: Proxies | None, danger: Danger) -> httpx.AsyncClient:
        import httpx

        try:
            return httpx.AsyncClient(
                verify=_context(danger),
                mounts=_mounts(proxies, danger),
                timeout=None,  # noqa: S113 - as in a browser; the page can abort
                limits=httpx.Limits(max_connections=None, max_keepalive_connections=20),
                headers={"user-agent": self._user_agent},
                cookies=self.cookies,
                trust_env=proxies is None,
            )
        except (httpx.InvalidURL, ValueError) as error:
            raise CommandError(f"http|fetch: the proxy is no address: {error}") from None

    def close_soon(self) -> None:
        """Close the connections that are kept. Any thread; without waiting, as a server ends applications on the loop."""
        client, loop = self._shared, self._loop
        if client is None or loop is None or loop.is_closed():
            return

        def close() -> None:
            self._closing = asyncio.ensure_future(client.aclose())

        loop.call_soon_threadsafe(close)


def _context(danger: Danger) -> ssl.SSLContext | bool:
    if not danger.accept_invalid_certs and not danger.accept_invalid_hostnames:
        return True
    context = ssl.create_default_context()
    context.check_hostname = False
    if danger.accept_invalid_certs:
        context.verify_mode = ssl.CERT_NONE
    return context


def _mounts(proxies: Proxies | None, danger: Danger) -> dict[str, Any] | None:
    """Return what carries which addresses; `None` for the proxies of the environment."""
    import httpx

    if proxies is None:
        return None
    mounts: dict[str, Any] = {}
    for pattern, given in (("all://", proxies.all), ("http://", proxies.http), ("https://", proxies.https)):
        if given is None:
            continue
        proxy = ProxyConfig(given) if isinstance(given, str) else given
        auth = None if proxy.basic_auth is None else (proxy.basic_auth.username, proxy.basic_auth.password)
        mounts[pattern] = httpx.AsyncHTTPTransport(verify=_context(danger), proxy=httpx.Proxy(proxy.url, auth=auth))
        for host in filter(None, map(str.strip, (proxy.no_proxy or "").split(","))):
            mounts[f"all://{host}" if not host.startswith(".") else f"all://*{host}"] = None
    return mounts
