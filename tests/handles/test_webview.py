from __future__ import annotations

import re

import pytest

from tests.mock_app import Running, events_of, running
from transom.app import Builder
from transom.calls import Invoke
from transom.commands import command, generate_handler
from transom.errors import RequestError, WindowError
from transom.handles import Webview
from transom.runtimes import Cookie
from transom.wire import EventTarget


class Thing:
    closed = 0

    def close(self) -> None:
        self.closed += 1


class Pulled:
    def __init__(self) -> None:
        self.count = 0

    def pull(self, count: int) -> None:
        self.count += count


def test_a_webview_listens_for_its_page(application: Running) -> None:
    webview = application.app.get_webview("main")
    assert webview is not None
    listener = webview.listen_js("news", EventTarget("Any"), 7)
    application.app.emit("news", 1)
    assert events_of(application.page) == [["news", 1, [[listener, 7]]]]
    webview.unlisten_js("news", listener)
    application.app.emit("news", 2)
    assert len(events_of(application.page)) == 1
    with pytest.raises(RequestError, match="Event name must include only"):
        webview.listen_js("a b", EventTarget("Any"), 7)


def test_a_webview_pulls_a_stream_of_its_page(application: Running) -> None:
    webview, stream = application.app.get_webview("main"), Pulled()
    assert webview is not None
    application.session.streams[5] = stream
    webview.pull_stream(5, 3)
    webview.pull_stream(6, 3)
    assert stream.count == 3


def test_a_webview_without_a_page_says_so(application: Running) -> None:
    webview = Webview(application.core, application.core.client, "gone")
    for use in (
        lambda: webview.listen_js("a", EventTarget("Any"), 1),
        lambda: webview.unlisten_js("a", 1),
        lambda: webview.pull_stream(1, 1),
        webview.resources_table,
        webview.window,
    ):
        with pytest.raises(WindowError, match="^webview not found: no webview has the label `gone`$"):
            use()


def test_the_webview_of_a_call_stands_for_the_page_that_called() -> None:
    webviews: list[Webview] = []

    def handler(invoke: Invoke) -> bool:
        webviews.append(invoke.message.webview)
        invoke.resolver.resolve()
        return True

    @command
    async def injected(webview: Webview) -> None:
        webviews.append(webview)

    with running(builder=Builder().invoke_handler(generate_handler(injected), handler)) as application:
        for name in ("injected", "by_hand"):
            application.page.invoke(name)
        old, thing = application.session, Thing()
        window = application.app.get_webview_window("main")
        assert window is not None
        window.reload()
        for webview in webviews:
            assert webview == application.app.get_webview("main")
            webview.listen_js("news", EventTarget("Any"), 9)
            with pytest.raises(WindowError, match="the page of this resource table is gone"):
                webview.resources_table().add(thing)
            assert webview.channel(4).closed
        assert old.closed
        assert thing.closed == 2
        application.app.emit("news", 1)
        application.on_loop()
        assert events_of(application.page) == [], "the new page has no listener of the old one"


def test_a_webview_keeps_cookies(application: Running) -> None:
    webview = application.app.get_webview("main")
    assert webview is not None
    own = Cookie("a", "1", domain="example.com")
    below = Cookie("b", "2", domain=".example.com", path="/docs", http_only=True)
    for cookie in (Cookie("a", "0", domain="example.com"), own, below):
        webview.set_cookie(cookie)
    assert webview.cookies() == [own, below]
    assert webview.cookies_for_url("https://example.com/docs/a") == [own, below]
    assert webview.cookies_for_url("https://www.example.com/docs") == [below]
    assert webview.cookies_for_url("https://example.com/documents") == [own]
    webview.delete_cookie(Cookie("a", "", domain="other.com"))
    assert webview.cookies() == [own, below]
    webview.delete_cookie(Cookie("a", ""))
    webview.delete_cookie(Cookie("b", "", domain=".example.com", path="/docs"))
    assert webview.cookies() == []


@pytest.mark.parametrize(
    ("cookie", "said"),
    [
        (Cookie("", "1", domain="a.b"), "a cookie cannot be called ''; use letters"),
        (Cookie("a b", "1", domain="a.b"), "a cookie cannot be called 'a b'"),
        (Cookie("a", "1\r\nSet-Cookie: b=2", domain="a.b"), "has a `;` or a control character"),
        (Cookie("a", "1; Domain=c", domain="a.b"), "has a `;` or a control character"),
        (Cookie("a", "é" * 2048, domain="a.b"), "longer than 4096 bytes"),
        (Cookie("a", "1"), "the cookie `a` has no domain; give it the host that it is for"),
        (Cookie("a", "1", domain=""), "'' is not a host"),
        (Cookie("a", "1", domain="https://a.b"), "'https://a.b' is not a host"),
        (Cookie("a", "1", domain="a..b"), "'a..b' is not a host"),
        (Cookie("a", "1", domain="a.b", path="docs"), "'docs' is not a path; it starts with a slash"),
        (Cookie("a", "1", domain="a.b", path="/;x"), "'/;x' is not a path"),
    ],
)
def test_a_cookie_that_no_browser_takes_is_refused(application: Running, cookie: Cookie, said: str) -> None:
    webview = application.app.get_webview("main")
    assert webview is not None
    with pytest.raises(WindowError, match=re.escape(said)):
        webview.set_cookie(cookie)
    assert webview.cookies() == []
