from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.plugins.guests import Guests, guests
from tests.plugins.http.server import Server, server
from tests.plugins.plugin_app import at_home
from transom.acl import CommandScope
from transom.errors import ConfigError
from transom.plugins import http
from transom.plugins.http._scope import Entry, UrlScope, parse_address

PACKAGE = "@tauri-apps/plugin-http"


@pytest.fixture(scope="module")
def there() -> Iterator[Server]:
    with server() as running:
        yield running


@pytest.fixture(scope="module")
def page(there: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guests]:
    allow = [{"url": f"{there.url}/ok/*"}, f"{there.url}/out", f"{there.url}/elsewhere", f"{there.url}/file"]
    permissions = [("http:default", allow, [{"url": f"{there.url}/ok/secret*"}])]
    with guests(tmp_path_factory.mktemp("http"), http.init(), permissions=permissions, packages=[PACKAGE]) as page:
        yield page


def fetch(page: Guests, url: str, init: Any = None, then: str = "text()") -> Any:
    script = f"const response = await plugin.fetch({json.dumps(url)}, {json.dumps(init or {})});"
    return page.run(
        PACKAGE,
        script + f"return [response.status, response.statusText, response.url, await response.{then},"
        " Object.fromEntries(response.headers)]",
    )


def test_status_headers_and_body_of_an_answer_arrive(page: Guests, there: Server) -> None:
    status, text, url, body, headers = fetch(page, f"{there.url}/ok/hello?a=b")
    assert (status, text, url, body) == (200, "OK", f"{there.url}/ok/hello?a=b", "hello")
    assert headers["x-test"] == "yes"
    assert fetch(page, f"{there.url}/ok/missing")[:4] == [404, "Not Found", f"{there.url}/ok/missing", "nothing here"]
    assert fetch(page, f"{there.url}/ok/empty")[3] == ""


def test_method_headers_and_body_of_a_request_arrive_without_the_forbidden_headers(page: Guests, there: Server) -> None:
    headers = {"X-Mine": "ü".encode().decode("latin-1"), "Content-Type": "text/x", "Host": "evil.example", "Via": "me"}
    body = "ä" * 1000
    assert fetch(page, f"{there.url}/ok/echo", {"method": "PUT", "headers": headers, "body": body})[3] == body
    method, path, got, sent = there.asked[-1]
    assert (method, path, sent.decode()) == ("PUT", "/ok/echo", body)
    assert got["content-type"] == "text/x"
    assert got["x-mine"].encode("latin-1").decode() == "ü"
    assert got["host"] == there.url.removeprefix("http://")
    assert got["user-agent"] == "transom"
    assert "via" not in got
    invoke = "await __TAURI_INTERNALS__.invoke('plugin:http|fetch', {clientConfig: {method: METHOD, url: URL, headers: HEADERS}})"
    for wrong in ([["a\r\nb", "c"]], [["a", "b\r\nc: d"]], [["ü", "b"]], [["a", "\u20ac"]]):
        call = (
            invoke.replace("METHOD", "'GET'")
            .replace("URL", f"'{there.url}/ok/hello'")
            .replace("HEADERS", json.dumps(wrong))
        )
        send = f"const rid = {call}; await __TAURI_INTERNALS__.invoke('plugin:http|fetch_send', {{rid}})"
        assert "error sending request" in (said := page.fails(PACKAGE, send)) or "not a valid HTTP request" in said
    fetch(page, f"{there.url}/ok/echo", {"method": "POST"})
    assert there.asked[-1][2]["content-length"] == "0"


def test_a_large_body_and_a_packed_one_arrive_whole(page: Guests, there: Server) -> None:
    script = f"""
      const body = new Uint8Array(3_000_000).map((_, index) => index * 7);
      const response = await plugin.fetch('{there.url}/ok/echo', {{ method: 'POST', body }});
      const got = new Uint8Array(await response.arrayBuffer());
      return got.length === body.length && got.every((byte, index) => byte === body[index]);
    """
    assert page.run(PACKAGE, script) is True
    *_, body, headers = fetch(page, f"{there.url}/ok/gzip")
    assert body == "packed" * 100
    assert "content-encoding" not in headers


def test_cookies_are_kept_in_python_and_sent_again(page: Guests, there: Server) -> None:
    fetch(page, f"{there.url}/ok/cookie")
    fetch(page, f"{there.url}/ok/hello", {"headers": {"Cookie": "session=forged"}})
    assert there.asked[-1][2]["cookie"] == "session=secret"


def test_cookies_with_a_date_outlive_the_application(
    there: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_home(monkeypatch, tmp_path)
    permissions = [("http:default", [{"url": f"{there.url}/*"}], [])]
    file = tmp_path / "cache" / "org.example.mock" / ".cookies.json"
    for keeps, sent in ((True, None), (True, "kept=1"), (False, None)):
        with guests(tmp_path, http.init(keep_cookies=keeps), permissions=permissions, packages=[PACKAGE]) as page:
            fetch(page, f"{there.url}/hello")
            assert there.asked[-1][2].get("cookie") == sent
            fetch(page, f"{there.url}/keep")
        assert [cookie["name"] for cookie in json.loads(file.read_text("utf-8"))] == ["kept"]
        assert file.stat().st_mode & 0o777 == 0o600
    for broken in ("{half", "[1]", "\xff"):
        file.write_text(broken, "utf-8")
        with guests(tmp_path, http.init(), permissions=permissions, packages=[PACKAGE]) as page:
            fetch(page, f"{there.url}/keep")
        assert "kept" in file.read_text("utf-8")


def test_redirects_are_followed_inside_the_scope_only(page: Guests, there: Server) -> None:
    assert fetch(page, f"{there.url}/ok/redirect")[2:4] == [f"{there.url}/ok/hello", "hello"]
    assert fetch(page, f"{there.url}/ok/redirect", {"maxRedirections": 0})[0] == 302
    count = len(there.asked)
    for path in ("out", "elsewhere", "file"):
        said = page.fails(PACKAGE, f"await plugin.fetch('{there.url}/{path}')")
        assert said.startswith("url not allowed on the configured scope: ") or "error sending request" in said
    assert [path for _, path, *_ in there.asked[count:]] == ["/out", "/elsewhere", "/file"]
    said = page.fails(PACKAGE, f"await plugin.fetch('{there.url}/ok/circle', {{maxRedirections: 3}})")
    assert "too many redirects" in said


def test_what_no_scope_covers_is_not_fetched(page: Guests, there: Server) -> None:
    count = len(there.asked)
    for url in (f"{there.url}/hello", f"{there.url}/ok/secret", "http://localhost:1/ok/x", f"{there.url}/ok/../secret"):
        said = page.fails(PACKAGE, f"await plugin.fetch('{url}')")
        assert said.startswith("url not allowed on the configured scope: ")
    call = "await __TAURI_INTERNALS__.invoke('plugin:http|fetch', {{clientConfig: {{method: 'GET', url: {}, headers: []}}}})"
    for url in (f"{there.url}/ok/%2e%2e/hello", there.url.replace("//", "//a@") + "/ok/x", f"{there.url}\\@x/ok/x"):
        assert page.fails(PACKAGE, call.format(json.dumps(url))).startswith("url not allowed")
    for url in ("file:///etc/passwd", "ftp://127.0.0.1/", "gopher:x"):
        assert page.fails(PACKAGE, call.format(json.dumps(url))).endswith("not supported")
    assert len(there.asked) == count


def test_a_data_address_is_read_here(page: Guests) -> None:
    assert fetch(page, "data:text/plain;base64,aGVsbG8=")[3] == "hello"
    assert fetch(page, "data:,a%20b")[3] == "a b"
    assert "failed" in page.fails(PACKAGE, "await plugin.fetch('data:;base64,?')")


def test_abort_cancels_a_request_that_waits(page: Guests, there: Server) -> None:
    script = f"""
      const controller = new AbortController();
      const fetching = plugin.fetch('{there.url}/ok/stall', {{ signal: controller.signal }});
      await plugin.fetch('{there.url}/ok/hello');
      controller.abort();
      await fetching;
    """
    assert page.fails(PACKAGE, script) == "Request cancelled"


def test_abort_of_a_body_closes_the_connection(page: Guests, there: Server) -> None:
    script = f"""
      const controller = new AbortController();
      const response = await plugin.fetch('{there.url}/ok/endless', {{ signal: controller.signal }});
      const reader = response.body.getReader();
      const {{ value }} = await reader.read();
      controller.abort();
      const reason = await reader.closed.then(() => 'closed', (error) => error);
      return [value.length > 0, reason];
    """
    there.gone.clear()
    assert page.run(PACKAGE, script) == [True, "Request cancelled"]
    assert there.gone.wait(10)


def test_a_slow_reader_slows_the_server_down(page: Guests, there: Server) -> None:
    there.gone.clear()
    script = f"""
      const response = await plugin.fetch('{there.url}/ok/endless');
      const reader = response.body.getReader();
      let size = 0;
      while (size < 20_000_000) size += (await reader.read()).value.length;
      await reader.cancel();
      return size;
    """
    assert page.run(PACKAGE, script) >= 20_000_000
    assert there.gone.wait(10)


def test_a_body_that_is_cut_off_and_a_server_that_is_not_there_reject(page: Guests, there: Server) -> None:
    said = page.fails(PACKAGE, f"await (await plugin.fetch('{there.url}/ok/cut')).text()")
    assert "error decoding response body" in said
    with guests_for("http://127.0.0.1:9/*") as other:
        assert "error sending request" in other.fails(PACKAGE, "await plugin.fetch('http://127.0.0.1:9/')")


def guests_for(*urls: str, **options: Any) -> Any:
    import tempfile

    folder = Path(tempfile.mkdtemp())
    allow = [{"url": url} for url in urls]
    return guests(folder, http.init(**options), permissions=[("http:default", allow, [])], packages=[PACKAGE])


def test_a_proxy_carries_the_request(there: Server) -> None:
    with guests_for("http://somewhere.example/*", there.url) as page:
        proxy = {"proxy": {"all": {"url": there.url, "basicAuth": {"username": "a", "password": "b"}}}}
        assert fetch(page, "http://somewhere.example/hello", proxy)[3] == "hello"
        _, path, headers, _ = there.asked[-1]
        assert path == "http://somewhere.example/hello"
        assert headers["proxy-authorization"] == "Basic YTpi"
        assert "is not allowed on the configured scope" in page.fails(
            PACKAGE, "await plugin.fetch('http://somewhere.example/', {proxy: {all: 'nonsense'}})"
        )


def test_checks_of_certificates_are_the_authors_matter(page: Guests, there: Server) -> None:
    init = "{danger: {acceptInvalidCerts: true, acceptInvalidHostnames: false}}"
    assert "dangerous_settings=True" in page.fails(PACKAGE, f"await plugin.fetch('{there.url}/ok/hello', {init})")
    with guests_for(f"{there.url}/*", dangerous_settings=True) as other:
        assert other.run(PACKAGE, f"return (await plugin.fetch('{there.url}/hello', {init})).status") == 200


def test_resources_of_another_kind_and_requests_sent_twice_reject(page: Guests) -> None:
    for command in ("fetch_send", "fetch_cancel", "fetch_read_body"):
        said = page.fails(PACKAGE, f"await __TAURI_INTERNALS__.invoke('plugin:http|{command}', {{rid: 1}})")
        assert said == "The resource id 1 is invalid."
    page.run(PACKAGE, "await __TAURI_INTERNALS__.invoke('plugin:http|fetch_cancel_body', {rid: 1})")


def test_without_httpx_the_author_is_told_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "httpx", None)
    with pytest.raises(ConfigError, match=r"pip install 'transom\[http\]'"):
        http.init()


# Scope


@pytest.mark.parametrize(
    ("pattern", "url", "covered"),
    [
        ("https://example.org", "https://example.org/any/path?q#f", True),
        ("https://example.org/", "https://example.org/any/path", True),
        ("https://example.org/a/*", "https://example.org/a/b/c", True),
        ("https://example.org/a/*", "https://example.org/ab", False),
        ("https://example.org/*.png", "https://example.org/x/y.png?z", True),
        ("https://example.org", "https://EXAMPLE.org./", True),
        ("https://example.org", "https://example.org:443/", True),
        ("https://example.org", "https://example.org:444/", False),
        ("https://example.org:*", "https://example.org:444/", True),
        ("https://*:**", "https://example.org:444/", True),
        ("https://example.org", "http://example.org/", False),
        ("http*://example.org", "https://example.org/", True),
        ("https://*.example.org", "https://a.b.example.org/", True),
        ("https://*.example.org", "https://example.org/", False),
        ("https://*.example.org", "https://evil.net/.example.org", False),
        ("https://*", "https://anything.example/x", True),
        ("https://**", "https://anything.example/x", True),
        ("http://**:*/**", "http://anything.example:81/x", True),
        ("https://a.example/*?key=*", "https://a.example/x?key=1", True),
        ("https://a.example/*?key=*", "https://a.example/x?no=1", False),
        ("http://127.0.0.1", "http://2130706433/", False),
        ("http://*", "http://2130706433/", False),
        ("http://*", "http://0x7f.1/", False),
        ("http://[::1]", "http://[0:0::1]/", True),
        ("https://*", "https://user@example.org/", False),
        ("https://*", "https://example.org\\@evil.net/", False),
        ("https://*", "https://example.org/a/../b", False),
        ("https://*", "https://example.org/\u00fc", False),
        ("https://*", "https://" + "a" * 70_000, False),
        ("https://*", " https://example.org", False),
    ],
)
def test_a_pattern_covers(pattern: str, url: str, covered: bool) -> None:
    assert UrlScope(CommandScope((Entry.deserialize(pattern),))).allows(url) is covered


@pytest.mark.parametrize(
    "raw", ["example.org", "https://a/(x)", "https://a/:id", "https://a/{b}?", "", 5, {"path": "x"}, None]
)
def test_what_is_no_pattern_is_refused(raw: Any) -> None:
    with pytest.raises(ValueError, match="valid URL pattern|has a `url`"):
        Entry.deserialize(raw)


def test_nothing_is_allowed_by_default_and_a_denial_counts_first() -> None:
    assert not UrlScope(CommandScope()).allows("https://a.example/")
    scope = UrlScope(CommandScope((Entry("https://*"),), (Entry("https://bad.example"),)))
    assert scope.allows("https://a.example/")
    assert not scope.allows("https://BAD.example./x")


def test_a_hostile_address_is_matched_in_no_time() -> None:
    entry = Entry("https://" + "*a" * 50 + "/" + "*b" * 50)
    address = parse_address("https://" + "a" * 20_000 + "/" + "b" * 20_000)
    assert address is not None
    assert entry.covers(address)
    assert not entry.covers(address._replace(path="/" + "b" * 20_000 + "c"))
