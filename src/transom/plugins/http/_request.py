"""One request of a page, and its answer: resources of the page, which end with it."""

from __future__ import annotations

import asyncio
from base64 import b64decode
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

import msgspec

from ...errors import CommandError
from ._scope import UrlScope, parse_address

if TYPE_CHECKING:
    import httpx

    from ._network import Network

__all__ = ["CANCELLED", "Answer", "ClientConfig", "DataRequest", "FetchRequest", "failed"]

CANCELLED = "Request cancelled"  # Tauri: the words of the npm package
_REDIRECTS = 10  # Tauri: reqwest's default
_AHEAD = 1 << 20  # bytes of a body that wait for the page

# https://fetch.spec.whatwg.org/#forbidden-request-header, as far as Tauri drops them.
FORBIDDEN_HEADERS = frozenset(
    "accept-charset accept-encoding access-control-request-headers access-control-request-method connection content-length "
    "cookie date dnt expect host origin referer set-cookie te trailer transfer-encoding upgrade via".split()
)


class BasicAuth(msgspec.Struct, frozen=True):
    """Name and password for a proxy."""

    username: str
    password: str


class ProxyConfig(msgspec.Struct, frozen=True, rename="camel"):
    """A proxy.

    Attributes:
        url: Its address.
        basic_auth: Name and password.
        no_proxy: Hosts that are reached without it, separated by commas.
    """

    url: str
    basic_auth: BasicAuth | None = None
    no_proxy: str | None = None


class Proxies(msgspec.Struct, frozen=True):
    """Proxies for the schemes; `all` for those without one."""

    all: str | ProxyConfig | None = None
    http: str | ProxyConfig | None = None
    https: str | ProxyConfig | None = None


class Danger(msgspec.Struct, frozen=True, rename="camel"):
    """Checks of certificates to leave out."""

    accept_invalid_certs: bool = False
    accept_invalid_hostnames: bool = False


class ClientConfig(msgspec.Struct, frozen=True, rename="camel"):
    """A request as the npm package describes it.

    Attributes:
        method: HTTP method.
        url: Address.
        headers: Pairs of name and value.
        data: The body; `None` for none.
        max_redirections: The most redirects that are followed; 0 for none, `None` for 10.
        connect_timeout: Milliseconds; `None` for no limit.
        proxy: Proxies; `None` for those of the environment.
        danger: Checks of certificates to leave out.
    """

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    data: bytes | None = None
    max_redirections: int | None = None
    connect_timeout: float | None = None
    proxy: Proxies | None = None
    danger: Danger | None = None

    def proxies(self) -> list[str]:
        """Return the addresses of the proxies that it names."""
        given = self.proxy or Proxies()
        named = (proxy for proxy in (given.all, given.http, given.https) if proxy is not None)
        return [proxy if isinstance(proxy, str) else proxy.url for proxy in named]


def failed(error: Exception) -> CommandError:
    """Return the rejection for a request that did not arrive."""
    text = str(error) or type(error).__name__
    return CommandError(f"error sending request: {text}")


class FetchRequest:
    """A request that `fetch_send` sends, until it is sent, cancelled or its page ends.

    Args:
        client: Sends it.
        request: The request.
        network: Makes the connections of the client.
        scope: What may be fetched; every redirect is checked, too.
        redirects: The most redirects that are followed; `None` for 10.
        own_client: Whether the client is for this request alone.
    """

    def __init__(
        self,
        client: httpx.AsyncClient,
        request: httpx.Request,
        network: Network,
        scope: UrlScope,
        redirects: int | None,
        *,
        own_client: bool,
    ) -> None:
        self._client = client
        self._own_client = own_client
        self._request = request
        self._network = network
        self._scope = scope
        self._redirects = redirects
        self._loop = asyncio.get_running_loop()
        self._task: asyncio.Task[httpx.Response] | None = None
        self._cancelled = False

    async def send(self) -> Answer:
        """Send it and return its answer, whose body is still to come.

        Raises:
            CommandError: It was cancelled, could not be sent, or a redirect leads out of the scope.
        """
        import httpx

        if self._cancelled or self._task is not None:
            raise CommandError(CANCELLED)
        self._task = asyncio.ensure_future(self._follow())
        try:
            return Answer(await self._task, self._client if self._own_client else None)
        except asyncio.CancelledError:
            self._task.cancel()
            await self._discard()
            if not self._cancelled:
                raise  # the call itself was cancelled
            raise CommandError(CANCELLED) from None
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError) as error:
            await self._discard()
            raise failed(error) from None
        except CommandError:
            await self._discard()
            raise

    async def _discard(self) -> None:
        if self._own_client:
            await self._client.aclose()

    async def _follow(self) -> httpx.Response:
        request, left = self._request, _REDIRECTS if self._redirects is None else self._redirects
        while True:
            with self._checking(request.url):
                response = await self._client.send(request, stream=True)
            following = response.next_request
            if following is None or self._redirects == 0:
                return response
            await response.aclose()
            if left <= 0:
                raise CommandError(f"error following redirect for url ({request.url}): too many redirects")
            if not self._scope.allows(str(following.url)):
                raise CommandError(
                    f"url not allowed on the configured scope: {following.url}; {request.url} redirects to it"
                )
            request, left = following, left - 1

    def _checking(self, target: httpx.URL) -> AbstractContextManager[None]:
        """Let it reach only servers whose IP address the scope allows, while it is sent."""
        url = str(target)
        address = parse_address(url)
        if address is None:
            raise CommandError(f"url not allowed on the configured scope: {url}")

        def check(ip: str) -> None:
            if not self._scope.allows_at(url, ip):
                raise CommandError(
                    f"url not allowed on the configured scope: {url}; {address.host} leads to an address that the scope "
                    "denies, or to this machine or its network; name the host without a `*`, or its IP address"
                )

        return self._network.checking(target.raw_host.decode("ascii"), int(address.port), check)

    def close(self) -> None:
        """Cancel it. Any thread."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._cancel)

    def _cancel(self) -> None:
        self._cancelled = True
        if self._task is not None:
            self._task.cancel()


class Answer:
    """A response whose body the page reads in parts. Up to `_AHEAD` bytes are read before the page asks for them.

    Attributes:
        response: Status and headers.

    Args:
        response: The response.
        client: A client to close with the body; `None` for none.
    """

    def __init__(self, response: httpx.Response, client: httpx.AsyncClient | None = None) -> None:
        self.response = response
        self._client = client
        self._parts: AsyncIterator[bytes] = response.aiter_bytes()
        self._loop = asyncio.get_running_loop()
        self._reading: asyncio.Task[bytes | None] | None = None
        self._closed = False
        self._pump: asyncio.Task[None] | None = None
        self._ready: list[bytes] = []
        self._size = 0
        self._changed = asyncio.Event()  # something is ready, or the body has ended
        self._space = asyncio.Event()
        self._ended = False
        self._failure: Exception | None = None

    async def read(self) -> bytes | None:
        """Return the next part of the body; `None` at its end.

        Raises:
            CommandError: The connection failed, another read is running, or the body was cancelled.
        """
        import httpx

        if self._reading is not None or self._closed:
            raise CommandError(CANCELLED if self._closed else "the body is being read already")
        self._reading = asyncio.ensure_future(self._next())
        try:
            return await self._reading
        except asyncio.CancelledError:
            if not self._closed:
                self._reading.cancel()
                raise
            raise CommandError(CANCELLED) from None
        except (httpx.HTTPError, httpx.StreamError, OSError) as error:
            raise CommandError(f"error decoding response body: {error}") from None
        finally:
            self._reading = None

    async def _next(self) -> bytes | None:
        """Return all that is ready: one part a call would cost a call for every 64 KiB of the network."""
        if self._pump is None:
            self._pump = asyncio.ensure_future(self._read_ahead())
        while not self._ready and not self._ended:
            self._changed.clear()
            await self._changed.wait()
        if self._ready:
            data = self._ready[0] if len(self._ready) == 1 else b"".join(self._ready)
            self._ready, self._size = [], 0
            self._space.set()
            return data
        if self._failure is not None:
            raise self._failure
        return None

    async def _read_ahead(self) -> None:
        try:
            async for part in self._parts:
                self._ready.append(part)
                self._size += len(part)
                self._changed.set()
                while self._size >= _AHEAD:
                    self._space.clear()
                    await self._space.wait()
        except Exception as error:  # noqa: BLE001 - the next read raises it
            self._failure = error
        finally:
            self._ended = True
            self._changed.set()

    def close(self) -> None:
        """Give up the body and its connection. Any thread."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._end)

    def _end(self) -> None:
        self._closed = True
        if self._reading is not None:
            self._reading.cancel()
        self._ending = asyncio.ensure_future(self._close())

    async def _close(self) -> None:
        if self._pump is not None:
            self._pump.cancel()
            await asyncio.wait([self._pump])
        await self.response.aclose()
        if self._client is not None:
            await self._client.aclose()


class DataRequest:
    """A `data:` address, which no server is asked for.

    Args:
        url: The address.
    """

    def __init__(self, url: str) -> None:
        self._url = url

    async def send(self) -> Answer:
        """Return what is in the address as an answer.

        Raises:
            CommandError: It is no `data:` address.
        """
        import httpx

        head, comma, data = self._url[len("data:") :].partition(",")
        if not comma:
            raise CommandError("failed to process data url")  # Tauri: the sentence
        encoded = head.lower().endswith(";base64")
        kind = head[: -len(";base64")] if encoded else head
        body = unquote_to_bytes(data.partition("#")[0])
        if encoded:
            try:
                body = b64decode(body, validate=True)
            except ValueError:
                raise CommandError("failed to decode data url into bytes") from None  # Tauri: the sentence
        headers = {"content-type": kind or "text/plain;charset=US-ASCII"}
        return Answer(httpx.Response(200, headers=headers, content=body, request=httpx.Request("GET", "data:")))

    def close(self) -> None:
        """Do nothing: nothing was opened."""
