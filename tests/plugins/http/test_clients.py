from __future__ import annotations

import asyncio

import pytest

from transom.acl import User
from transom.plugins.http import _clients
from transom.plugins.http._clients import Clients
from transom.plugins.http._request import ClientConfig

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
        assert clients.client_for(CONFIG, User("first"))[0].client.cookies["session"] == "first"
        assert (
            clients.client_for(CONFIG, User("local"))[0].client.cookies.jar is not clients.cookies
        )  # whatever the id is
        clients.close_soon()
        for _ in range(5):
            await asyncio.sleep(0)
        assert local.is_closed

    asyncio.run(use())
