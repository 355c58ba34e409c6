"""`plugin:http|*`."""

from __future__ import annotations

import logging
from http import HTTPStatus
from pathlib import Path
from typing import Any, Literal

from ...acl import CommandScope, GlobalScope
from ...commands import command, generate_handler
from ...core import Plugin, PluginBuilder
from ...errors import CommandError, ConfigError, RequestError
from ...handles import AppHandle, State, Webview
from ...values import Response
from ._clients import Clients
from ._cookies import FILENAME, read_cookies, write_cookies
from ._request import CANCELLED, FORBIDDEN_HEADERS, Answer, ClientConfig, DataRequest, FetchRequest
from ._scope import Entry, UrlScope

__all__ = ["init"]

_log = logging.getLogger("transom")

_CANCELED = "Request canceled"  # the words of version 2.0.0 of the npm package
_PART = b"\0"  # after a part of the body
_END = b"\1"  # alone: the body has ended
_MOST = 256 << 20  # bytes of a body that is not read in parts


@command
async def fetch(
    webview: Webview,
    clients: State[Clients],
    scope: CommandScope[Entry],
    everywhere: GlobalScope[Entry],
    client_config: ClientConfig,
) -> int:
    """Prepare a request and return its resource id; `fetch_send` sends it."""
    import httpx

    config = client_config
    scheme = config.url.partition(":")[0].lower()
    if scheme == "data":
        return webview.resources_table().add(DataRequest(config.url))
    if scheme not in ("http", "https"):
        raise CommandError(f"scheme {scheme} not supported")  # Tauri: the sentence
    allowed = UrlScope(scope, everywhere)
    if not allowed.allows(config.url):
        raise CommandError(f"url not allowed on the configured scope: {config.url}")  # Tauri: the sentence
    _check_proxies(config, allowed)
    (client, network), own_client = clients.client_for(config, webview.user())
    timeout = httpx.Timeout(None, connect=None if config.connect_timeout is None else config.connect_timeout / 1000)
    try:
        request = client.build_request(
            config.method, config.url, headers=_sent(config), content=config.data, timeout=timeout
        )
    except (httpx.InvalidURL, ValueError, TypeError) as error:
        raise CommandError(f"http|fetch: this is not a valid HTTP request: {error}") from None
    prepared = FetchRequest(client, request, network, allowed, config.max_redirections, own_client=own_client)
    return webview.resources_table().add(prepared)


def _check_proxies(config: ClientConfig, allowed: UrlScope) -> None:
    """Check the proxies that a page names: any server could be called one, and then be asked for everything.

    Raises:
        CommandError: The scope does not name one, or it is no address.
    """
    import httpx

    for proxy in config.proxies():
        try:
            address = str(httpx.URL(proxy).copy_with(username=None, password=None, path="/", query=None, fragment=None))
        except (httpx.InvalidURL, ValueError, TypeError) as error:
            raise CommandError(
                f"http|fetch: the proxy is not an address such as http://proxy.example.org:3128: {error}"
            ) from None
        if not allowed.allows_proxy(address):
            raise CommandError(
                f"http|fetch: the proxy {address} is not allowed on the configured scope; add its address, without a "
                "`*` in the host, to the scope of the capability"
            )


def _sent(config: ClientConfig) -> list[tuple[bytes, bytes]]:
    """Return the headers that a page may send, as bytes: a page has one character for each."""
    headers = [
        (name.encode("ascii"), value.encode("latin-1"))
        for name, value in config.headers
        if name.lower() not in FORBIDDEN_HEADERS
    ]
    if any(name.lower() == b"range" for name, _ in headers):
        headers.append((b"accept-encoding", b"identity"))  # the standard: a range of what is not compressed
    return headers


@command
async def fetch_cancel(webview: Webview, rid: int) -> None:
    """Cancel a request."""
    table = webview.resources_table()
    table.get(rid, FetchRequest)
    table.close(rid)


@command
async def fetch_send(webview: Webview, clients: State[Clients], rid: int) -> dict[str, Any]:
    """Send a request; return status, headers and the resource id of the body."""
    table = webview.resources_table()
    request: FetchRequest | DataRequest
    found = table.get_any(rid)
    request = found if isinstance(found, DataRequest) else table.get(rid, FetchRequest)
    try:
        answer = await request.send()
    except CommandError as error:
        if clients.whole_bodies and error.value == CANCELLED:
            raise CommandError(_CANCELED) from None
        raise
    finally:
        if table.has(rid):
            table.take(rid, type(request))
    response = answer.response
    headers = response.headers.multi_items()
    if "content-encoding" in response.headers:  # what the page gets is decoded
        headers = [pair for pair in headers if pair[0].lower() not in ("content-encoding", "content-length")]
    return {
        "status": response.status_code,
        "statusText": response.reason_phrase or _reason(response.status_code),
        "headers": headers,
        "url": str(response.url),
        "rid": table.add(answer),
    }


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


@command
async def fetch_read_body(webview: Webview, clients: State[Clients], rid: int) -> Response:
    """Return the next part of a body and a zero byte; at the end a byte 1 alone."""
    table = webview.resources_table()
    if clients.whole_bodies:
        answer = table.get(rid, Answer)
        try:
            return Response(await _whole(answer))
        finally:
            if table.has(rid):
                table.close(rid)
    part = await table.get(rid, Answer).read()
    if part is None:
        if table.has(rid):
            table.close(rid)
        return Response(_END)
    return Response(part + _PART)


async def _whole(answer: Answer) -> bytes:
    """Return a body as version 2.0.0 of the package reads it: at once."""
    body = bytearray()
    while (part := await answer.read()) is not None:
        body += part
        if len(body) > _MOST:
            raise CommandError(f"http|fetch_read_body: the body is longer than {_MOST >> 20} MiB; read it in parts")
    return bytes(body)


@command
async def fetch_cancel_body(webview: Webview, rid: int) -> None:
    """Give up a body; one that has ended is ignored."""
    table = webview.resources_table()
    try:
        table.get(rid, Answer)
    except RequestError:
        return
    table.close(rid)


def _cookie_file(app: AppHandle) -> Path:
    return Path(app.path().app_cache_dir()) / FILENAME


def init(
    *,
    dangerous_settings: bool = False,
    user_agent: str = "transom",
    guest: Literal["2.0", "2.x"] = "2.x",
    keep_cookies: bool = True,
) -> Plugin:
    """Return the plugin.

    `http:default` allows the commands, and no address: a capability has to name addresses, as in
    `{"identifier": "http:default", "allow": [{"url": "https://api.example.org/*"}]}`.

    Args:
        dangerous_settings: Whether pages may turn the checks of certificates off (`danger` of `fetch`).
        user_agent: The `User-Agent` of requests that have none.
        guest: The version of the npm package that pages have; `2.0` reads a body at once.
        keep_cookies: Keep cookies over restarts, in a file that only the user can read; those without a date of their end
            are forgotten, as in a browser.

    Raises:
        ConfigError: The extra `transom[http]` is not installed.
    """
    try:
        import httpx  # noqa: F401 - an application should not start without it
    except ImportError:
        raise ConfigError(
            "the plugin http needs httpx, which is not installed; install it with `pip install 'transom[http]'`"
        ) from None

    def setup(app: AppHandle, _: object) -> None:
        clients = Clients(dangerous_settings=dangerous_settings, user_agent=user_agent, whole_bodies=guest == "2.0")
        app.manage(clients)
        if keep_cookies:
            read_cookies(_cookie_file(app), clients.cookies)

    def drop(app: AppHandle) -> None:
        clients = app.try_state(Clients)
        if clients is None:
            return
        clients.close_soon()
        if keep_cookies:
            try:
                write_cookies(_cookie_file(app), clients.cookies)
            except OSError as error:
                _log.warning("the cookies of the plugin http cannot be kept: %s", error)

    names = ("fetch", "fetch-cancel", "fetch-send", "fetch-read-body", "fetch-cancel-body")
    return (
        PluginBuilder("http")
        .setup(setup)
        .on_drop(drop)
        .invoke_handler(generate_handler(fetch, fetch_cancel, fetch_send, fetch_read_body, fetch_cancel_body))
        .permissions(default=tuple(f"allow-{name}" for name in names))
        .build()
    )
