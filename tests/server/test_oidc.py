"""Logins by OpenID Connect with Authlib, as `docs/server.md` shows them, and a provider of the test on loopback."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.docs.test_examples import example_with
from tests.runtimes.served import served
from tests.server.people import Page, written

pytestmark = pytest.mark.slow  # servers that run

CLIENT = "board"


class Provider:
    """An identity provider at which everybody is logged in already.

    Attributes:
        claims: What it says of the user.
        signs: The key that it signs with; its public keys are those of `key`.
    """

    def __init__(self) -> None:
        self.key = self.signs = RSAKey.generate_key(2048, {"kid": "1"})
        self.claims: dict[str, Any] = {"sub": "u-1", "name": "Ann", "groups": ["admin"]}
        self.issuer = ""
        self._codes: dict[str, str] = {}
        self.app = Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._metadata),
                Route("/authorize", self._authorize),
                Route("/token", self._token, methods=["POST"]),
                Route("/keys", self._keys),
            ]
        )

    async def _metadata(self, _request: Request) -> Response:
        places = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        found = {name: f"{self.issuer}/{path}" for name, path in places.items()}
        return JSONResponse({"issuer": self.issuer, "id_token_signing_alg_values_supported": ["RS256"], **found})

    async def _authorize(self, request: Request) -> Response:
        code = secrets.token_hex(8)
        self._codes[code] = request.query_params["nonce"]
        query = urlencode({"code": code, "state": request.query_params["state"]})
        return RedirectResponse(f"{request.query_params['redirect_uri']}?{query}", 302)

    async def _token(self, request: Request) -> Response:
        code = parse_qs((await request.body()).decode())["code"][0]
        now = int(time.time())
        about = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 60, "nonce": self._codes.pop(code)}
        token = jwt.encode({"alg": "RS256", "kid": "1"}, {**about, **self.claims}, self.signs)
        return JSONResponse({"access_token": "a", "token_type": "Bearer", "id_token": token})

    async def _keys(self, _request: Request) -> Response:
        return JSONResponse({"keys": [self.key.as_dict(private=False)]})


@contextmanager
def _site(folder: Path) -> Iterator[tuple[Provider, str]]:
    provider = Provider()
    with served(provider.app) as issuer:
        provider.issuer = issuer
        site = example_with("site_with_login", "docs/server.md")["site_with_login"]
        with served(site(issuer, CLIENT, "a secret", secrets.token_hex(32), str(written(folder)))) as base:
            yield provider, base


def _session(browser: httpx.Client) -> str:
    """Return the cookies of a browser as `Page` sends them."""
    return "; ".join(["-", *(f"{name}={value}" for name, value in browser.cookies.items())])


def test_a_user_of_a_provider_gets_in_with_name_and_roles_and_nobody_else(tmp_path: Path) -> None:
    # uvicorn closes a connection after an error, which a client that uses it again may find out too late.
    alone = httpx.Limits(max_keepalive_connections=0)
    with _site(tmp_path) as (provider, base), httpx.Client() as browser, httpx.Client(limits=alone) as stranger:
        first = browser.get(f"{base}/notes?a=1")
        assert (first.status_code, first.headers["location"]) == (303, "/login?next=%2Fnotes%3Fa%3D1")
        end = browser.get(f"{base}{first.headers['location']}", follow_redirects=True)
        assert [urlsplit(str(each.url)).path for each in end.history] == ["/login", "/authorize", "/callback"]
        assert str(end.url) == f"{base}/notes?a=1"
        page = Page(base, _session(browser))
        assert page.invoke("whoami") == {"id": "u-1", "name": "Ann", "roles": ["admin"]}
        page.close()

        # A callback of somebody else's login, such as by a link in a mail, is not this browser's.
        assert stranger.get(f"{base}/callback?code=1&state=2").status_code == 500
        # A token that another key has signed is worth nothing.
        provider.signs = RSAKey.generate_key(2048, {"kid": "1"})
        assert stranger.get(f"{base}/login", follow_redirects=True).status_code == 500
        assert stranger.get(f"{base}/").status_code == 303
        # Nor is a cookie that the site has not signed.
        stranger.cookies.set("session", "eyJ1c2VyIjogeyJzdWIiOiAidS0xIn19.aaaaaa.bbbb")
        assert stranger.get(f"{base}/").status_code == 303
        # The address behind the login is one of this site.
        provider.signs = provider.key
        led = stranger.get(f"{base}/login?next=//evil.example/", follow_redirects=True)
        assert str(led.url).startswith(base)
