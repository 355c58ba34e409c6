from __future__ import annotations

import asyncio

import httpx
import pytest
from httpx._utils import URLPattern

from transom.acl import User
from transom.plugins.http import _clients
from transom.plugins.http._clients import Clients
from transom.plugins.http._request import ClientConfig, Danger
from transom.plugins.http._transport import Transport, mounts_of

CONFIG = ClientConfig(method="GET", url="http://127.0.0.1/", headers=[])


def test_users_of_a_server_have_cookies_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_clients, "_MOST_USERS", 2)

    async def use() -> None:
        clients = Clients(dangerous_settings=False, user_agent="test")
        (local, _), _ = clients.client_for(CONFIG, User.LOCAL)
        assert local.cookies.jar is clients.cookies
        (first, _), _ = clients.client_for(CONFIG, User("first"))
        (again, _), _ = clients.client_for(CONFIG, User("first", name="with a name"))
        (second, _), _ = clients.client_for(CONFIG, User("second"))
        assert first is again
        first.cookies.set("session", "first")
        assert (len(second.cookies), len(local.cookies)) == (0, 0)
        clients.client_for(CONFIG, User("first"))
        clients.client_for(CONFIG, User("third"))  # for whom the second, not heard of for longest, is forgotten
        await asyncio.sleep(0)
        assert second.is_closed
        assert not first.is_closed
        assert clients.client_for(CONFIG, User("first"))[0].sender.cookies["session"] == "first"
        assert (
            clients.client_for(CONFIG, User("local"))[0].sender.cookies.jar is not clients.cookies
        )  # whatever the id is
        clients.close_soon()
        for _ in range(5):
            await asyncio.sleep(0)
        assert local.is_closed

    asyncio.run(use())


@pytest.mark.slow  # httpx reads the certificates of the system for each proxy
def test_proxies_of_the_environment_are_used_as_httpx_does(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    addresses = [
        f"{scheme}://{host}/"
        for scheme in ("http", "https")
        for host in (
            "a.example",
            "b.a.example",
            "localhost",
            "127.0.0.1",
            "10.0.0.1",
            "[::1]",
            "c.example",
            "x.c.example",
        )
    ]
    for given in (
        {},
        {"HTTP_PROXY": "proxy.example:81"},
        {"HTTPS_PROXY": "http://proxy.example:81", "NO_PROXY": "a.example, localhost,127.0.0.1,::1,.c.example"},
        {"ALL_PROXY": "http://proxy.example:81", "NO_PROXY": "https://c.example,10.0.0.1"},
        {"ALL_PROXY": "http://proxy.example:81", "NO_PROXY": "a.example,*"},
    ):
        with monkeypatch.context() as environment:
            for name, value in given.items():
                environment.setenv(name, value)
            mounts = mounts_of(None, Danger())
            theirs = httpx.AsyncClient(verify=False)._mounts  # its proxies are what counts
        assert {URLPattern(pattern) for pattern in mounts} == set(theirs)
        for address in addresses:
            ours = httpx.AsyncClient(transport=(own := Transport(Danger())), mounts=mounts, trust_env=False)
            used = ours._transport_for_url(httpx.URL(address))
            expected = next((value for pattern, value in theirs.items() if pattern.matches(httpx.URL(address))), None)
            assert (used is own) == (expected is None)
