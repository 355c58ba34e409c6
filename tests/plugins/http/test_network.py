from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.plugins.guests import Guests, guests
from tests.plugins.http.server import Server, server
from transom.acl import CommandScope
from transom.plugins import http
from transom.plugins.http._scope import Entry, UrlScope

PACKAGE = "@tauri-apps/plugin-http"
REFUSED = "url not allowed on the configured scope: "


class Resolver:
    """Resolves the names of the tests, and nothing else, as the system does; what was asked is kept."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answers: dict[str, list[str]] = {}
        self._system = socket.getaddrinfo

    def __call__(self, host: Any, port: Any, *given: Any, **named: Any) -> Any:
        self.asked.append(host)
        if host not in self.answers:
            return self._system(host, port, socket.AF_UNSPEC, socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
        return [
            (socket.AF_INET6 if ":" in ip else socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port))
            for ip in self.answers[host]
        ]


@pytest.fixture(scope="module")
def there() -> Iterator[Server]:
    with server() as running:
        yield running


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Resolver:
    resolver = Resolver()
    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    return resolver


@pytest.fixture(scope="module")
def page(there: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guests]:
    port = there.server_address[1]
    allow = [f"http://*.wild.example:{port}", f"http://named.example:{port}", f"http://*.both.example:{port}"]
    allow += [f"http://127.0.0.1:{port}/both/*", f"http://*.localhost:{port}"]
    with guests(
        tmp_path_factory.mktemp("http"),
        http.init(),
        permissions=[("http:default", allow, [f"http://localhost:{port}/denied*"])],
        packages=[PACKAGE],
    ) as page:
        yield page


def status(page: Guests, url: str) -> Any:
    return page.run(PACKAGE, f"return (await plugin.fetch({json.dumps(url)})).status")


def test_a_name_that_a_wildcard_covers_does_not_lead_to_this_machine(
    page: Guests, there: Server, names: Resolver
) -> None:
    port = there.server_address[1]
    count = len(there.asked)
    for number, ip in enumerate(
        ("127.0.0.1", "::1", "0.0.0.0", "::ffff:127.0.0.1", "10.1.2.3", "169.254.169.254", "fd00::1")
    ):
        names.answers[name := f"a{number}.wild.example"] = ["192.0.2.1", ip]
        said = page.fails(PACKAGE, f"await plugin.fetch('http://{name}:{port}/hello')")
        assert said.startswith(f"{REFUSED}http://{name}:{port}/hello; ")
        assert ip not in said  # what names of the network lead to is not the page's to know
    assert len(there.asked) == count


def test_a_host_that_the_scope_names_leads_anywhere(page: Guests, there: Server, names: Resolver) -> None:
    port = there.server_address[1]
    names.answers |= {"named.example": ["127.0.0.1"], "a.both.example": ["127.0.0.1"], "app.localhost": ["127.0.0.1"]}
    assert status(page, f"http://named.example:{port}/hello") == 200
    assert status(page, f"http://app.localhost:{port}/hello") == 200
    assert status(page, f"http://a.both.example:{port}/both/hello") == 200
    said = page.fails(PACKAGE, f"await plugin.fetch('http://a.both.example:{port}/hello')")
    assert said.startswith(REFUSED)  # although its connection to 127.0.0.1 is still open


def test_a_denial_of_this_machine_counts_for_every_name_of_it(page: Guests, there: Server, names: Resolver) -> None:
    port = there.server_address[1]
    names.answers |= {"named.example": ["127.0.0.1"]}
    count = len(there.asked)
    for url in (f"http://named.example:{port}/denied", f"http://127.0.0.1:{port}/denied"):
        assert page.fails(PACKAGE, f"await plugin.fetch('{url}')").startswith(REFUSED)
    assert len(there.asked) == count


def test_a_name_is_resolved_once_for_a_connection_so_that_a_second_answer_leads_nowhere(
    page: Guests, there: Server, names: Resolver
) -> None:
    port = there.server_address[1]
    names.answers["rebound.wild.example"] = ["192.0.2.1"]  # nobody's; https://www.rfc-editor.org/rfc/rfc5737

    class Rebinding(dict[str, list[str]]):
        def __getitem__(self, name: str) -> list[str]:
            before = super().__getitem__(name)
            self[name] = ["127.0.0.1"]
            return before

    names.answers = Rebinding(names.answers)
    count = len(there.asked)
    url = f"http://rebound.wild.example:{port}/hello"
    said = page.fails(PACKAGE, f"await plugin.fetch('{url}', {{connectTimeout: 100}})")
    assert said.startswith("error sending request: ")
    assert names.asked.count("rebound.wild.example") == 1
    assert page.fails(PACKAGE, f"await plugin.fetch('{url}')").startswith(REFUSED)
    assert len(there.asked) == count


def test_an_address_that_does_not_answer_does_not_hold_the_next(page: Guests, there: Server, names: Resolver) -> None:
    port = there.server_address[1]
    names.answers["named.example"] = ["::1", "127.0.0.1"]  # the server of the tests listens on the second only
    assert status(page, f"http://named.example:{port}/hello") == 200
    names.answers = {}
    said = page.fails(PACKAGE, f"await plugin.fetch('http://nowhere.wild.example:{port}/')")
    assert said.startswith("error sending request: ")


def test_a_proxy_is_named_by_the_scope(page: Guests, there: Server, tmp_path: Path) -> None:
    port = there.server_address[1]
    call = f"await plugin.fetch('http://a.wild.example:{port}/hello', {{proxy: {{all: 'PROXY'}}}})"
    for proxy in (f"http://127.0.0.1:{port}", f"http://b.wild.example:{port}", f"http://x:y@127.0.0.1:{port}/both/x"):
        said = page.fails(PACKAGE, call.replace("PROXY", proxy))
        assert "is not allowed on the configured scope" in said or "no address" in said
    with guests(
        tmp_path, http.init(), permissions=[("http:default", ["http://**:*/**"], [])], packages=[PACKAGE]
    ) as anything:
        reply = f"return (await plugin.fetch('http://a.example/hello', {{proxy: {{all: 'http://127.0.0.1:{port}'}}}})).status"
        assert anything.run(PACKAGE, reply) == 200
    assert there.asked[-1][1] == "http://a.example/hello"


@pytest.mark.parametrize(
    ("allow", "deny", "url", "ip", "allowed"),
    [
        ("http://*.a.example", None, "http://b.a.example/", "93.184.216.34", True),
        ("http://*.a.example", None, "http://b.a.example/", "2606:2800:220:1::", True),
        ("http://*.a.example", None, "http://b.a.example/", "198.18.0.7", True),
        ("http://*.a.example", None, "http://b.a.example/", "192.168.0.1", False),
        ("http://*.a.example", None, "http://b.a.example/", "100.100.0.1", False),
        ("http://*.a.example", None, "http://b.a.example/", "64:ff9b::7f00:1", False),
        ("http://*.a.example", None, "http://b.a.example/", "2002:7f00:1::", False),
        ("http://*.a.example", None, "http://b.a.example/", "fe80::1%lo", False),
        ("http://b.a.example", None, "http://b.a.example/", "192.168.0.1", True),
        ("http://*", None, "http://b.a.example/", "127.0.0.1", True),
        ("http://*", "http://127.0.0.1", "http://b.a.example/", "127.0.0.1", False),
        ("http://*", "http://127.0.0.1", "http://b.a.example/", "::ffff:7f00:1", False),
        ("http://*", "http://localhost", "http://b.a.example/", "127.8.8.8", False),
        ("http://*", "http://localhost", "http://b.a.example/", "::1", False),
        ("http://*", "http://127.0.0.1", "http://0.0.0.0/", "0.0.0.0", False),
        ("http://*", "http://127.0.0.1", "http://[::]/", "::", False),
        ("http://*", "http://127.0.0.1", "http://127.0.0.2/", "127.0.0.2", False),
        ("http://*", "http://127.0.0.1", "http://b.a.example/", "::1", False),
        ("http://*", "http://[::1]", "http://b.a.example/", "0.0.0.0", False),
        ("http://*", "http://127.0.0.1", "http://b.a.example/", "192.168.0.1", True),
        ("http://*", "http://93.184.216.34", "http://b.a.example/", "93.184.216.34", False),
        ("http://*", None, "no address", "93.184.216.34", False),
    ],
)
def test_an_ip_address_is_allowed(allow: str, deny: str | None, url: str, ip: str, allowed: bool) -> None:
    scope = UrlScope(CommandScope((Entry(allow),), () if deny is None else (Entry(deny),)))
    assert scope.allows_at(url, ip) is allowed


def test_a_proxy_that_may_be_this_machine_is_denied_as_it_is() -> None:
    denied = UrlScope(
        CommandScope((Entry("http://*:*"), Entry("http://proxy.example:3128")), (Entry("http://127.0.0.1:*"),))
    )
    for proxy in ("http://127.0.0.1:3128", "http://0.0.0.0:3128", "http://[::]:3128", "http://b.example:3128"):
        assert not denied.allows_proxy(proxy)
    assert denied.allows_proxy("http://proxy.example:3128")
    assert UrlScope(CommandScope((Entry("http://*:*"),), ())).allows_proxy("http://0.0.0.0:3128")
