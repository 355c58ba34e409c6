"""The web runtime's server: who gets a page, who gets a link, and what documents are sent with."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.conformance import commands
from tests.conformance.application import Program, write_project
from tests.conformance.raw_page import RawPage, request
from tests.runtimes.fake_host import FakeSession
from tests.runtimes.served import served, served_runtime
from transom import (
    Builder,
    generate_context,
)
from transom.runtimes import EvaluateScript, Link, Page

DOCUMENT = """<!doctype html>
<html><head data-theme=dark><!-- <head> <script>no</script> --><title>t</title><script src="app.js"></script></head>
<body><script nonce="own">1</script><script>"<script>"</script></body></html>
"""


def _project(folder: Path, **app: object) -> Path:
    write_project(folder, **app)
    (folder / "dist" / "sub").mkdir(parents=True)
    (folder / "dist" / "index.html").write_text(DOCUMENT, "utf-8")
    (folder / "dist" / "app.js").write_text("1", "utf-8")
    (folder / "dist" / ".env").write_text("SECRET=1", "utf-8")
    (folder / "secret.txt").write_text("secret", "utf-8")
    return folder


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve an application and return its address with the token."""
    with Program.application(_project(tmp_path_factory.mktemp("web")), "web") as application:
        yield application.address()
        assert application.end() == 143
        assert "Traceback" not in "".join(application.errors), "".join(application.errors)


def _refused(open_socket: Callable[[], Any], statuses: tuple[int, ...] = (403,)) -> None:
    with pytest.raises(InvalidStatus) as caught:
        open_socket()
    assert caught.value.response.status_code in statuses


# The token


def test_the_token_in_the_address_turns_into_a_cookie_and_leaves_the_address(address: str) -> None:
    answer = request(f"{address}&view=1#part")
    assert (answer.status, answer.headers["location"]) == (303, "/?view=1")
    assert answer.headers["cache-control"] == "no-store"
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"transom-{urlsplit(address).port}=")
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert address.rpartition("=")[2] not in cookie


@pytest.mark.parametrize("token", ["", "wrong", "%C3%BC", "%00", "x" * 5000])
def test_a_wrong_token_gets_nothing(address: str, token: str) -> None:
    answer = request(f"{urljoin(address, '/')}?token={token}")
    assert answer.status == 403
    assert "open the application at the address that it printed" in answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "cookie", ["", "transom=x", "transom-{port}=wrong", "transom-{port}=\u00fc", "transom-1={token}"]
)
@pytest.mark.parametrize("path", ["", "app.js", ".transom/asset/etc/passwd"])
def test_without_the_cookie_nothing_is_served(address: str, cookie: str, path: str) -> None:
    parts = urlsplit(address)
    value = cookie.format(port=parts.port, token=parts.query.partition("=")[2])
    answer = request(urljoin(address, f"/{path}"), {"Cookie": value})
    assert answer.status == 403
    assert "printed when it started" in answer.text


# Names and origins


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:{port}",
        "127.0.0.1.nip.io:{port}",
        "",
        "[::1",
        "localhost:99999",
        "localhost:x",
        "a b",
        "x@127.0.0.2",
    ],
)
def test_a_name_that_is_not_ours_is_refused_with_the_token_too(address: str, host: str) -> None:
    page = RawPage(address)
    name = host.format(port=urlsplit(address).port)
    for target in (address, page.address):
        answer = request(target, {"Host": name, "Cookie": page.cookie})
        assert answer.status in (400, 403), answer
        assert "set-cookie" not in answer.headers
        assert page.key not in answer.text


def test_a_name_that_rebinds_to_loopback_gets_no_link(address: str) -> None:
    page = RawPage(address)
    port = urlsplit(address).port
    # The client sends its own Host as well: a parser that takes no second one answers 400 by itself.
    _refused(lambda: page.socket(host=f"evil.example:{port}", origin=f"http://evil.example:{port}"), (400, 403))


def test_the_token_leads_to_no_other_host(address: str) -> None:
    base, _, token = address.partition("/?token=")
    answer = request(f"{base}//evil.example/?token={token}")
    assert answer.status == 303
    assert answer.headers["location"] == "/evil.example/"


def test_localhost_is_a_name_of_ours(address: str) -> None:
    page = RawPage(f"http://localhost:{urlsplit(address).port}/?{urlsplit(address).query}")
    assert f"ws://localhost:{urlsplit(address).port}" in page.document.headers["content-security-policy"]
    with page:
        assert page.invoke("echo", {"value": 1}) == [True, 1]


@pytest.mark.parametrize(
    "origin", ["null", "http://evil.example", "http://127.0.0.1:1", "http://localhost:{port}", "file://"]
)
def test_another_origin_gets_neither_document_nor_link(address: str, origin: str) -> None:
    page = RawPage(address)
    name = origin.format(port=urlsplit(address).port)
    answer = page.get("", {"Origin": name})
    assert (answer.status, answer.text) == (403, f"requests from the origin {name} are not served")
    _refused(lambda: page.socket(origin=name))


def test_a_link_without_an_origin_is_refused(address: str) -> None:
    page = RawPage(address)
    _refused(lambda: page.socket(origin=None))


# The key


def test_a_key_opens_one_link(address: str) -> None:
    page = RawPage(address)
    with page:
        assert page.invoke("echo", {"value": 1}) == [True, 1]
        _refused(page.socket)
    _refused(page.socket)


@pytest.mark.parametrize("changes", [{"key": "0" * 32}, {"key": ""}, {"cookie": ""}, {"cookie": "transom-1=x"}])
def test_a_link_needs_key_and_cookie(address: str, changes: dict[str, str]) -> None:
    page = RawPage(address)
    _refused(lambda: page.socket(**changes))
    if "cookie" in changes:  # a refusal for another reason leaves the key to its page
        with page:
            assert page.invoke("echo", {"value": 1}) == [True, 1]


@pytest.mark.parametrize("destination", ["iframe", "frame", "object", "embed", "empty"])
def test_what_is_no_document_of_a_tab_gets_no_key(address: str, destination: str) -> None:
    answer = RawPage(address).get("", {"Sec-Fetch-Dest": destination})
    assert answer.status == 200
    assert "transom" not in answer.text


def test_only_so_many_keys_wait_for_their_pages(address: str) -> None:
    first = RawPage(address)
    for _ in range(256):
        first.get("")
    _refused(first.socket)


def test_a_second_tab_takes_the_window_by_a_click_and_the_first_is_told(address: str) -> None:
    with RawPage(address) as first, RawPage(address, "take") as second:
        assert second.invoke("who", {}) == [True, ["main", "main", "main", "main"]]
        with pytest.raises(ConnectionClosed) as caught:
            first.invoke("who", {})
        assert caught.value.rcvd is not None
        assert (caught.value.rcvd.code, caught.value.rcvd.reason) == (4001, "the window was opened in another page")
        assert second.invoke("echo", {"value": 2}) == [True, 2]


# Documents


def test_documents_carry_the_policy_with_their_own_nonce_and_our_script_first(address: str) -> None:
    page = RawPage(address)
    html, policy = page.document.text, page.document.headers["content-security-policy"]
    nonce = re.findall(r"'nonce-([\w-]+)'", policy)[0]
    assert f"connect-src 'self' ws://{urlsplit(address).netloc};" in policy
    assert "frame-ancestors 'self'" in policy
    assert "unsafe-eval" not in policy
    assert html.startswith(
        f"<!doctype html>\n<html><head data-theme=dark><script nonce=\"{nonce}\">(() => {{'use strict';"
    )
    assert f'<!-- <head> <script>no</script> --><title>t</title><script nonce="{nonce}" src="app.js"></script>' in html
    assert f'<script nonce="own">1</script><script nonce="{nonce}">"<script>"</script>' in html
    again = page.get("")
    assert nonce not in again.text
    assert page.key not in again.text


@pytest.mark.parametrize(
    ("html", "before"),
    [
        ("<p>t</p>", ""),
        ("<!DOCTYPE html><p>t</p>", "<!DOCTYPE html>"),
        ("<!doctype html><HTML lang=en><p>t</p>", "<!doctype html><HTML lang=en>"),
        ("<!-- <head> --><html>\n<head\n a=b><title>t</title>", "<!-- <head> --><html>\n<head\n a=b>"),
        ("<!-- <head> --><header>t</header>", ""),
    ],
)
def test_our_script_comes_before_every_other(tmp_path: Path, html: str, before: str) -> None:
    project = _project(tmp_path)
    (project / "dist" / "index.html").write_text(html, "utf-8")
    with served(_build().build(generate_context(project)).asgi()) as base:
        document = RawPage(f"{base}/?token=t").document.text
    assert document.startswith(f"{before}<script nonce=")
    assert document.endswith(html.removeprefix(before))


def test_initialization_scripts_come_after_ours_and_before_the_pages(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(DOCUMENT, "utf-8")
    scripts = ("first()", "no script </Script><!-- at all", "last() // comment")
    with served_runtime(tmp_path, initialization_scripts=scripts, frame_scripts=("everywhere()",)) as (_, address):
        page = RawPage(address)
        frame = page.get("", {"Sec-Fetch-Dest": "iframe"}).text
    nonce = re.findall(r"'nonce-([\w-]+)'", page.document.headers["content-security-policy"])[0]
    elements = page.document.text.partition("<!-- <head>")[0].split(f'<script nonce="{nonce}">')[1:]
    assert elements[0].startswith("(() => {'use strict';")
    assert elements[1:] == [
        "first()</script>",
        r"no script \x3c/Script>\x3c!-- at all</script>",
        "last() // comment</script>",
        "everywhere()</script>",
    ]
    assert "first()" not in frame
    assert re.search('<script nonce="[^"]+">everywhere\\(\\)</script>', frame)


def test_page_loads_are_told_as_the_document_was_served(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(DOCUMENT, "utf-8")
    with served_runtime(tmp_path) as (host, address):
        with RawPage(f"{address}&view=1") as page:
            page.send('"loaded"')
            page.send('"loaded"')
            assert page.invoke("echo", 1) == [True, 1]
        with RawPage(address) as left:  # without its end
            assert left.invoke("echo", 1) == [True, 1]
        base = address.partition("?")[0]
        assert host.loads == [
            ("main", "started", f"{base}?view=1"),
            ("main", "finished", f"{base}?view=1"),
            ("main", "started", base),
        ]


def test_what_is_evaluated_while_a_page_is_opened_reaches_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "index.html").write_text(DOCUMENT, "utf-8")
    with served_runtime(tmp_path) as (host, address):
        open_page = host.open_page

        def answering(page: Page, link: Link) -> FakeSession:
            session = open_page(page, link)
            for script in ("first()", "second()"):  # as an answer to a call that was made before the link was there
                host.runtime.perform(EvaluateScript("main", script))
            return session

        monkeypatch.setattr(host, "open_page", answering)
        with RawPage(address) as page:
            evaluated = (message[2] for message in page.messages() if message[:2] == [7, "eval"])
            assert list(islice(evaluated, 2)) == ["first()", "second()"]


def test_documents_and_files_are_not_for_others(address: str) -> None:
    page = RawPage(address)
    for answer in (page.document, page.get("app.js"), page.get("missing.js"), request(address.partition("?")[0])):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert page.get("app.js").headers["content-type"].startswith("text/javascript")


@pytest.mark.parametrize(
    "path", ["missing.js", "../secret.txt", "%2e%2e/secret.txt", "..%2fsecret.txt", ".env", "sub/../.env", "%00.js"]
)
def test_what_is_not_there_is_not_found(address: str, path: str) -> None:
    parts = urlsplit(address)
    answer = request(f"http://{parts.netloc}/{path}", {"Cookie": RawPage(address).cookie})
    assert answer.status == 404
    assert answer.text.startswith("the front end has no file for /")


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1/; script-src *",
        "127.0.0.1 x",
        "127.0.0.1;x",
        "127.0.0.1,localhost",
        "user@127.0.0.1",
        "127.0.0.1:1:2",
        "127.0.0.1:",
        "127.0.0.1:99999",
        "127.0.0.1?",
        "127.0.0.1#",
        "[::1]x",
        "[::1%1]",
        "127.0.0.1\\x",
        "127.0.0.1'",
    ],
)
def test_a_host_of_another_form_is_refused_and_enters_no_policy(address: str, host: str) -> None:
    answer = request(address.partition("?")[0], {"Cookie": RawPage(address).cookie, "Host": host})
    assert answer.status in (400, 403)
    assert "content-security-policy" not in answer.headers


def test_other_methods_are_refused(address: str) -> None:
    page = RawPage(address)
    assert request(page.address, {"Cookie": page.cookie}, "POST").status == 405
    head = request(page.address, {"Cookie": page.cookie}, "HEAD")
    assert (head.status, head.text) == (200, "")


def test_a_text_of_the_settings_cannot_end_the_script(tmp_path: Path) -> None:
    windows = [{"label": "main", "title": "</script><script>alert(1)//\u2028"}]
    with Program.application(_project(tmp_path, windows=windows), "web") as application:
        with RawPage(application.address()) as page:
            document = page.document.text
            assert document.count("</script>") == DOCUMENT.count("</script>") + 1
            assert "alert" not in document
            assert page.next(7) == [7, "title", windows[0]["title"]]
        application.end()


def test_the_asset_protocol_is_off_until_it_is_turned_on(address: str) -> None:
    answer = RawPage(address).get(".transom/asset/main/%2Fetc%2Fhostname")
    assert answer.status == 403
    assert "app.security.assetProtocol" in answer.text


# Limits


def test_a_pack_over_the_limit_is_refused_and_the_link_goes_on(tmp_path: Path) -> None:
    asgi = (
        commands.build()
        .limits(max_message_bytes=1 << 20)
        .web(token="t")
        .build(generate_context(_project(tmp_path)))
        .asgi()
    )
    with served(asgi) as base, RawPage(f"{base}/?token=t") as page:
        assert '"maxMessageBytes":1048576' in page.document.text
        page.send(b"\2\0\0\0\1\0\0\0\1\0\x10\0\0\0\0\0")
        assert page.next(7)[1] in ("title", "error")
        assert page.invoke("echo", {"value": 1}) == [True, 1]
        page.send("[" + " " * (1 << 20) + "]")
        assert "over the limit of 1048576 bytes" in page.next(7)[2]
        assert page.invoke("echo", {"value": 2}) == [True, 2]


# Somebody else's server


def _build() -> Builder:
    return commands.build().web(token="t").setup(lambda app: app.manage({"set up": True}))


def test_a_setup_that_fails_is_in_the_log_though_another_server_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_: object) -> None:
        raise RuntimeError("no database")

    asgi = _build().setup(fail).build(generate_context(_project(tmp_path))).asgi()
    with served(asgi) as base:
        request(f"{base}/?token=t")
    [record] = [each for each in caplog.records if each.levelname == "ERROR"]
    assert record.getMessage() == "the application ends, because it could not be set up"
    assert record.exc_info is not None
    assert str(record.exc_info[1]) == "no database"


@pytest.mark.parametrize("prefix", ["", "/apps/mine"])
def test_another_server_carries_the_application_under_any_prefix(tmp_path: Path, prefix: str) -> None:
    asgi = _build().build(generate_context(_project(tmp_path))).asgi()
    with (
        served(Starlette(routes=[Mount(prefix, asgi)]) if prefix else asgi) as base,
        RawPage(f"{base}{prefix}/?token=t") as page,
    ):
        assert page.address == f"{base}{prefix}/"
        assert f"Path={prefix or '/'};" in page.greeting.headers["set-cookie"]
        assert f'"base":"{prefix}"' in page.document.text
        assert page.get("app.js").text == "1"
        assert page.get("missing.js").status == 404
        assert page.get("favicon.ico").status == 204, "browsers ask for it by themselves"
        for command in ("echo", "echo_on_loop", "echo_on_main"):
            assert page.invoke(command, {"value": command}) == [True, command]


def test_another_server_checks_as_ours_does(tmp_path: Path) -> None:
    with served(_build().build(generate_context(_project(tmp_path))).asgi()) as base:
        page = RawPage(f"{base}/?token=t")
        assert request(f"{base}/").status == 403
        assert request(page.address, {"Cookie": page.cookie, "Host": "evil.example"}).status == 403
        _refused(lambda: page.socket(origin="http://evil.example"))


def test_a_name_that_the_author_allows_is_served(tmp_path: Path) -> None:
    asgi = _build().web(token="t", allowed_hosts=["my.example"]).build(generate_context(_project(tmp_path))).asgi()
    with served(asgi) as base:
        assert request(f"{base}/?token=t", {"Host": "my.example"}).status == 303
        assert request(f"{base}/?token=t", {"Host": "evil.example"}).status == 403


def test_a_server_that_cannot_start_ends_the_application(tmp_path: Path) -> None:
    program = (
        "import sys, transom, uvicorn\n"
        "async def serve(*_, **__): raise OSError('broken on purpose')\n"
        "uvicorn.Server.serve = serve\n"
        "transom.Builder().web(open_browser=False).run(transom.generate_context(sys.argv[1]), 'web')\n"
    )
    with Program([sys.executable, "-c", program, _project(tmp_path)]) as application:
        assert application.status(20) == 1
    assert "broken on purpose" in "".join(application.errors)
