"""Who may use the web runtime's server: codes, sessions, fetch metadata, window tickets."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.conformance.raw_page import Answer, RawPage, request
from tests.runtimes.fake_host import FakeHost, new_window
from tests.runtimes.served import served_runtime
from transom.runtimes import Runtime
from transom.runtimes.web._runtime import WebRuntime
from transom.runtimes.web.access import Access, name_of, visit_of

NAVIGATION = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document", "Sec-Fetch-User": "?1"}


def _windows(*labels: str) -> Any:
    def start(runtime: Runtime) -> None:
        for label in labels:
            runtime.perform(new_window(label))

    return start


@pytest.fixture
def app(tmp_path: Path) -> Iterator[tuple[FakeHost, str]]:
    (tmp_path / "index.html").write_text("<!doctype html><p>", "utf-8")
    (tmp_path / "app.js").write_text("1", "utf-8")
    with served_runtime(tmp_path, start=_windows("main", "admin")) as served:
        yield served


def _runtime(host: FakeHost) -> WebRuntime:
    assert isinstance(host.runtime, WebRuntime)
    return host.runtime


def _has_key(answer: Answer) -> bool:
    return '"key":"' in answer.text


# Codes


def test_a_code_admits_once() -> None:
    access = Access(None, "s", ["localhost"])
    code = access.new_code()
    assert [access.redeem(code), access.redeem(code), access.redeem("")] == [True, False, False]


def test_a_code_ends_with_its_time_and_with_newer_ones() -> None:
    access = Access(None, "s", ["localhost"])
    assert not access.redeem(access.new_code(0))
    codes = [access.new_code() for _ in range(17)]
    assert [access.redeem(code) for code in codes] == [False] + [True] * 16


def test_the_code_of_a_native_window_names_it_once() -> None:
    access = Access(None, "s", ["localhost"])
    code, other = access.window_code("main", 60), access.window_code("other", 60)
    assert not access.redeem(code), "it is no code for a browser"
    assert [access.redeem_window(given) for given in (code, code, other, "")] == ["main", None, "other", None]
    assert access.redeem_window(access.new_code()) is None


def test_the_code_of_a_native_window_ends_with_its_time_and_with_its_next_one() -> None:
    access = Access(None, "s", ["localhost"])
    assert access.redeem_window(access.window_code("main", 0)) is None
    first, second = access.window_code("main", 60), access.window_code("main", 60)
    assert [access.redeem_window(given) for given in (first, second)] == [None, "main"]


def test_the_code_of_a_native_window_leads_to_its_page_by_a_page_that_tells_which_window_it_is(
    app: tuple[FakeHost, str],
) -> None:
    runtime = _runtime(app[0])
    address = f"{app[1].partition('?')[0]}?a=1&token={runtime._access.window_code('admin', 60)}"
    answer = request(address)
    assert answer.status == 200
    assert runtime._access.ticket("admin") in answer.text
    assert "token" not in answer.text
    assert "/?a=1" in answer.text
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert request(address).status == 403


def test_an_announced_code_that_was_used_asks_for_another_one_once() -> None:
    asked: list[int] = []
    access = Access(None, "s", ["localhost"], spent=lambda: asked.append(1))
    announced, secret = access.new_code(announced=True), access.new_code()
    for code in (announced, secret, secret, "made up"):
        access.redeem(code)
    assert asked == []
    for _ in range(3):
        assert not access.redeem(announced)
    assert asked == [1]


def test_the_token_of_the_author_admits_any_number_of_times() -> None:
    access = Access("chosen", "s", ["localhost"])
    assert access.redeem("chosen")
    assert access.redeem("chosen")
    assert not access.redeem("Chosen")


# Sessions


def test_the_cookie_is_a_secret_of_its_own(app: tuple[FakeHost, str]) -> None:
    cookies = []
    for _ in range(2):
        answer = request(app[1])
        cookie = SimpleCookie(answer.headers["set-cookie"])
        [morsel] = cookie.values()
        assert (morsel["httponly"], morsel["samesite"], morsel["path"]) == (True, "strict", "/")
        assert len(morsel.value) > 60
        cookies.append(morsel.value)
    assert cookies[0] != cookies[1]
    page = RawPage(app[1])
    name, _, value = page.cookie.partition("=")
    number, _, seal = value.partition(".")
    for forged in (
        "t",
        number,
        f"{number}.",
        f".{seal}",
        f"{number}x.{seal}",
        f"x{number}.{seal}",
        f"{number}.{seal}x",
    ):
        assert page.get("", {"Cookie": f"{name}={forged}"}).status == 403, forged


def test_a_session_ends_with_the_application_and_with_the_token_of_the_author(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<!doctype html><p>", "utf-8")

    def cookie_accepted(cookie: str, token: str | None, data: Path) -> bool:
        options = {} if token is None else {"token": token}
        with served_runtime(tmp_path, options=options, data_directory=data) as (host, address):
            base = address.partition("?")[0]
            name = f"transom-{urlsplit(base).port}"
            if cookie:
                return request(base, {"Cookie": f"{name}={cookie}"}).status == 200
            code = token or _runtime(host)._access.new_code()
            found.append(RawPage(f"{base}?token={code}").cookie.partition("=")[2])
            return True

    found: list[str] = []
    data = tmp_path / "data"
    cookie_accepted("", None, data)
    assert not cookie_accepted(found[-1], None, data)
    cookie_accepted("", "chosen", data)
    assert cookie_accepted(found[-1], "chosen", data)
    assert not cookie_accepted(found[-1], "changed", data)


# Fetch metadata


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize("path", ["", "?__transom_window=admin#x", "app.js"])
def test_a_navigation_from_another_site_gets_a_door_without_a_key(
    app: tuple[FakeHost, str], site: str, path: str
) -> None:
    page = RawPage(app[1])
    for cookie in (page.cookie, ""):
        answer = page.get(path, {"Sec-Fetch-Site": site, "Cookie": cookie, **NAVIGATION})
        assert answer.status == 403
        assert not _has_key(answer)
        assert '<a href="/" rel="noopener">' in answer.text, "a click leads to the start, not where the site wants to"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"


@pytest.mark.parametrize("site", ["none", "same-origin"])
def test_a_navigation_of_the_user_or_of_the_application_gets_a_key(app: tuple[FakeHost, str], site: str) -> None:
    answer = RawPage(app[1]).get("", {"Sec-Fetch-Site": site, **NAVIGATION})
    assert _has_key(answer)
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Purpose": "prefetch"},
        {"Sec-Purpose": "prefetch;prerender"},
        {"Purpose": "prefetch"},
        {"X-Moz": "prefetch"},
    ],
)
def test_what_is_loaded_ahead_gets_no_key_and_uses_up_no_code(
    app: tuple[FakeHost, str], headers: dict[str, str]
) -> None:
    page = RawPage(app[1])
    answer = page.get("", {"Sec-Fetch-Site": "none", **NAVIGATION, **headers})
    assert (answer.status, _has_key(answer)) == (503, False)
    code = _runtime(app[0])._access.new_code()
    address = f"{app[1].partition('?')[0]}?token={code}"
    assert request(address, headers).status == 503
    assert request(address).status == 303


def test_a_script_that_a_page_loads_ahead_is_served_and_a_document_is_not(app: tuple[FakeHost, str]) -> None:
    # Nuxt, Next.js and SvelteKit write `<link rel="prefetch" as="script">` for the parts of the pages that come next.
    page = RawPage(app[1])
    ahead = {"Sec-Purpose": "prefetch", "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "no-cors"}
    assert page.get("app.js", {"Sec-Fetch-Dest": "empty", **ahead}).status == 200
    assert page.get("missing.js", {"Sec-Fetch-Dest": "empty", **ahead}).status == 404
    assert page.get("index.html", {"Sec-Fetch-Dest": "empty", **ahead}).status == 503
    assert page.get("app.js", {**ahead, "Sec-Fetch-Site": "same-site"}).status == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Mode": "navigate"},
        {"Sec-Fetch-Dest": "empty", "Sec-Fetch-Mode": "cors"},
        {"Sec-Fetch-Dest": "document", "Sec-Fetch-Mode": "cors"},
        {"Sec-Fetch-Dest": "object", "Sec-Fetch-Mode": "navigate"},
    ],
)
def test_a_script_or_a_frame_of_the_application_gets_a_document_without_a_key(
    app: tuple[FakeHost, str], headers: dict[str, str]
) -> None:
    answer = RawPage(app[1]).get("", {"Sec-Fetch-Site": "same-origin", **headers})
    assert (answer.status, _has_key(answer)) == (200, False)


def test_a_head_request_gets_no_key_and_uses_up_no_code(app: tuple[FakeHost, str]) -> None:
    runtime = _runtime(app[0])
    address = f"{app[1].partition('?')[0]}?token={runtime._access.new_code()}"
    assert request(address, method="HEAD").status == 403
    assert request(address).status == 303


@pytest.mark.parametrize("path", ["", "app.js", ".transom/asset/main/x", "sw.js"])
def test_no_service_worker_is_served(app: tuple[FakeHost, str], path: str) -> None:
    answer = RawPage(app[1]).get(path, {"Service-Worker": "script", "Sec-Fetch-Dest": "serviceworker"})
    assert answer.status == 403
    assert "service workers are not served" in answer.text


@pytest.mark.parametrize(("headers", "visit"), [
    ({}, "user"),
    ({"sec-fetch-site": "none", "sec-fetch-dest": "document"}, "user"),
    ({"sec-fetch-site": "same-origin"}, "own"),
    ({"sec-fetch-site": "same-site"}, "foreign"),
    ({"sec-fetch-site": "anything"}, "foreign"),
    ({"sec-fetch-site": "none", "sec-fetch-mode": "no-cors"}, "part"),
    ({"sec-fetch-mode": "cors"}, "user"),
    ({"sec-fetch-site": "none", "sec-purpose": "prefetch;anonymous-client-ip"}, "ahead"),
])  # fmt: skip
def test_what_fetch_metadata_says(headers: dict[str, str], visit: str) -> None:
    assert visit_of(headers) == visit


# An address with a code


def test_a_code_that_comes_from_a_file_or_another_site_is_led_on_by_a_page_of_this_origin(
    app: tuple[FakeHost, str],
) -> None:
    code = _runtime(app[0])._access.new_code()
    base = app[1].partition("?")[0]
    answer = request(f"{base}//evil.example/</script>?x=1&token={code}", {"Sec-Fetch-Site": "cross-site", **NAVIGATION})
    assert answer.status == 200
    assert "SameSite=strict" in answer.headers["set-cookie"]
    assert not _has_key(answer)
    assert code not in answer.text
    found = re.search(r"location\.replace\((\".*?\") \+ location\.hash\)", answer.text)
    assert found is not None
    assert urljoin(base, json.loads(found[1])).startswith(f"{base}evil.example/")
    assert answer.text.count("</script>") == 1
    assert "default-src 'none'; script-src 'nonce-" in answer.headers["content-security-policy"]


def test_a_browser_without_fetch_metadata_is_led_on_by_a_page_as_well(app: tuple[FakeHost, str]) -> None:
    assert request(app[1], {"Accept": "text/html,*/*;q=0.8"}).status == 200
    assert request(app[1], {"Accept": "*/*"}).status == 303


def test_a_used_code_leads_on_a_browser_that_has_a_session(app: tuple[FakeHost, str]) -> None:
    page = RawPage(app[1])
    answer = page.get("/?token=used&view=1", {"Sec-Fetch-Site": "none", **NAVIGATION})
    assert (answer.status, answer.headers["location"]) == (303, "/?view=1")
    assert "set-cookie" not in answer.headers
    assert page.get("/?token=used", {"Cookie": "", "Sec-Fetch-Site": "none", **NAVIGATION}).status == 403


# Names


@pytest.mark.parametrize(("host", "name"), [
    ("localhost", "localhost"), ("LocalHost:80", "localhost"), ("[::1]:8080", "::1"), ("a_b-c.d:1", "a_b-c.d"),
    ("", ""), ("a:0", ""), ("a:65536", ""), ("a:", ""), ("u@a", ""), ("a/b", ""), ("a b", ""), ("a;b", ""), ("::1", ""),
])  # fmt: skip
def test_the_name_in_a_host_header(host: str, name: str) -> None:
    assert name_of(host) == name


def test_any_address_of_the_machine_is_a_name_where_it_listens_on_all_of_them() -> None:
    every, one = Access(None, "s", ["localhost"], any_address=True), Access(None, "s", ["localhost", "[::1]"])
    assert [every.serves(host) for host in ("192.168.1.5:80", "[fe80::1]:80", "evil.example")] == [True, True, False]
    assert [one.serves(host) for host in ("192.168.1.5:80", "[::1]:80", "127.0.0.1")] == [False, True, False]


# Windows


def test_a_query_does_not_make_a_page_the_page_of_another_window(app: tuple[FakeHost, str]) -> None:
    host, address = app
    with RawPage(f"{address}&__transom_window=admin"):
        pass
    assert [session.page.label for session in host.sessions] == ["main"]


@pytest.mark.parametrize("ticket", ["0" * 32, "", "admin", "x"])
def test_a_wrong_ticket_gets_no_window(app: tuple[FakeHost, str], ticket: str) -> None:
    with RawPage(app[1], ticket=ticket) as page, pytest.raises(ConnectionClosed) as caught:
        page.invoke("echo", 1)
    assert caught.value.rcvd is not None
    assert (caught.value.rcvd.code, caught.value.rcvd.reason) == (4002, "the window was closed")
    assert app[0].sessions == []


def test_a_ticket_makes_a_page_the_page_of_its_window_under_any_address(app: tuple[FakeHost, str]) -> None:
    host, address = app
    ticket = _runtime(host)._access.ticket("admin")
    with RawPage(address, ticket=ticket) as page:
        assert page.invoke("echo", 1) == [True, 1]
        assert ticket not in page.document.text
    assert [session.page.label for session in host.sessions] == ["admin"]


def test_a_page_that_a_script_opened_is_no_window_until_the_user_wants_it(app: tuple[FakeHost, str]) -> None:
    host, address = app
    page = RawPage(address)
    page.document = page.get("", {"Sec-Fetch-Site": "same-origin", **NAVIGATION})
    found = re.search(r'"key":"([0-9a-f]+)"', page.document.text)
    assert found is not None
    page.key = found[1]
    assert '"ticket":null' in page.document.text
    with page, pytest.raises(ConnectionClosed) as caught:
        page.invoke("echo", 1)
    assert caught.value.rcvd is not None
    assert caught.value.rcvd.code == 4010
    assert host.sessions == []
    page.words = ("take",)
    with page:
        become = next(message for message in page.messages() if message[1] == "become")
        assert become == [7, "become", "main", _runtime(host)._access.ticket("main")]


def test_a_page_keeps_its_window_when_another_one_comes(app: tuple[FakeHost, str]) -> None:
    with RawPage(app[1]) as first:
        second = RawPage(app[1])
        for _ in range(2):  # its key is good until it has its window
            with second, pytest.raises(ConnectionClosed) as caught:
                second.invoke("echo", 1)
            assert caught.value.rcvd is not None
            assert (caught.value.rcvd.code, caught.value.rcvd.reason) == (
                4010,
                "this window is open in another page",
            )
        assert first.invoke("echo", 1) == [True, 1]
    with second:
        assert second.invoke("echo", 2) == [True, 2]
    with pytest.raises(InvalidStatus):
        second.socket()
