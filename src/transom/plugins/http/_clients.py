"""The connections to servers, shared by all requests of an application that are to be made alike."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from http.cookiejar import CookieJar
from typing import TYPE_CHECKING, NamedTuple

from ...acl import User
from ...errors import CommandError
from ._request import ClientConfig, Danger, Proxies

if TYPE_CHECKING:
    import httpx

    from ._network import Network

__all__ = ["Clients", "Connected"]

_MOST_USERS = 1000
"""How many users of a server have connections and cookies of their own at once."""


class Connected(NamedTuple):
    """An HTTP client, and what makes its connections to servers; those to a proxy are made otherwise."""

    sender: httpx.AsyncClient
    network: Network


class Clients:
    """Makes HTTP clients: one for most requests, and another for each with a proxy or without checks of certificates.

    All clients of one user share a jar of cookies.

    Attributes:
        cookies: The jar of the one user of an application that is no server.
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
        # The users of a server by their ids, the one who was heard of last at the end.
        self._jars: OrderedDict[str, CookieJar] = OrderedDict()
        self._shared: OrderedDict[CookieJar, Connected] = OrderedDict()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closing: set[asyncio.Future[None]] = set()

    def client_for(self, config: ClientConfig, user: User) -> tuple[Connected, bool]:
        """Return the client that connects as a request of a user wants, and whether it is for this request alone.

        Raises:
            CommandError: It wants something that is not allowed, or a proxy is no address.
        """
        danger = config.danger or Danger()
        if (danger.accept_invalid_certs or danger.accept_invalid_hostnames) and not self._dangerous:
            raise CommandError(
                "http|fetch: `danger` turns checks of certificates off, which this application does not allow; "
                "it would with http.init(dangerous_settings=True)"
            )
        jar = self._jar_of(user)
        if danger != Danger() or config.proxy is not None:
            return self._make(config.proxy, danger, jar), True
        shared = self._shared.get(jar)
        if shared is None:
            shared = self._shared[jar] = self._make(None, danger, jar)
            self._loop = asyncio.get_running_loop()
        return shared, False

    def _jar_of(self, user: User) -> CookieJar:
        """Return the cookies of a user; a server forgets those of users who were not heard of for long."""
        if user is User.LOCAL:
            return self.cookies
        jar = self._jars.setdefault(user.id, CookieJar())
        self._jars.move_to_end(user.id)
        while len(self._jars) > _MOST_USERS:
            _, forgotten = self._jars.popitem(last=False)
            connected = self._shared.pop(forgotten, None)
            if connected is not None:
                self._closing.add(closing := asyncio.ensure_future(connected.sender.aclose()))
                closing.add_done_callback(self._closing.discard)
        return jar

    def _make(self, proxies: Proxies | None, danger: Danger, jar: CookieJar) -> Connected:
        import httpx

        from ._transport import Transport, mounts_of

        transport = Transport(danger)
        try:
            sender = httpx.AsyncClient(
                transport=transport,
                mounts=mounts_of(proxies, danger),
                timeout=None,  # noqa: S113 - as in a browser; the page can abort
                headers={"user-agent": self._user_agent},
                cookies=jar,
                trust_env=False,
            )
        except (httpx.InvalidURL, ValueError) as error:
            raise CommandError(
                f"http|fetch: the proxy is not an address such as http://proxy.example.org:3128: {error}"
            ) from None
        return Connected(sender, transport.network)

    def close_soon(self) -> None:
        """Close the connections that are kept. Any thread; without waiting, as a server ends applications on the loop."""
        clients, loop = [connected.sender for connected in self._shared.values()], self._loop
        if not clients or loop is None or loop.is_closed():
            return

        def close() -> None:
            self._closing |= {asyncio.ensure_future(client.aclose()) for client in clients}

        loop.call_soon_threadsafe(close)
