"""Calls that a page of the web runtime makes while it is left, and sends as a beacon."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
from websockets.exceptions import ConnectionClosedError

from tests.conformance.raw_page import RawPage, request
from tests.runtimes.fake_host import FakeHost
from tests.runtimes.served import served_runtime

CALL = '[[4,9],[0,9,"report",{"value":1}]]'
WAIT = "transom.runtimes.web.windows._windows._RELOADS"


@pytest.fixture(params=["asgi", "direct"])
def served(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[FakeHost, str]]:
    (tmp_path / "index.html").write_text("<!doctype html><title>t</title>", "utf-8")
    with served_runtime(tmp_path, carried=request.param) as found:
        yield found


def leave(page: RawPage, *batches: str) -> int:
    """Send what a page sends beside its link when it is left, and return the status of the answer."""
    headers = {"Cookie": page.cookie, "Origin": page.origin}
    return request(urljoin(page.address, "/.transom/last"), headers, "POST", "\n".join((page.key, *batches))).status


@pytest.mark.parametrize("origin", [{}, {"Origin": "null", "Sec-Fetch-Site": "same-origin"}], ids=["shown", "hidden"])
def test_last_calls_need_the_key_of_their_page(tmp_path: Path, origin: dict[str, str]) -> None:
    (tmp_path / "index.html").write_text("<!doctype html><title>t</title>", "utf-8")
    with served_runtime(tmp_path) as (host, address), RawPage(address) as page:
        assert page.invoke("echo", 1) == [True, 1]

        def post(body: str, **headers: str) -> int:
            given = {"Cookie": page.cookie, "Origin": page.origin} | headers
            return request(urljoin(page.address, "/.transom/last"), given, "POST", body).status

        call = '[[4,9],[0,9,"report",{"value":1}]]'
        page.send(f'"last 1"{call}')
        assert page.invoke("echo", 2) == [True, 2]
        assert post(f"{page.key}\n1{call}", Cookie="") == 403
        assert post(f"{page.key}\n1{call}", Origin="https://example.org") == 403
        assert post(f"{page.key}\n1{call}", Origin="null") == 403
        assert post(f"{page.key}\n1{call}", **{"Origin": "null", "Sec-Fetch-Site": "cross-site"}) == 403
        assert post(f"{'0' * 32}\n1{call}") == 403
        assert post("x" * (129 * 1024)) == 413
        assert post(f"{page.key}\n1{call}\n2{call}\nx\n-3{call}\n", **origin) == 204  # the first came by the socket
        assert host.reports == [{"value": 1}] * 2
        assert post(f"{page.key}\n3{call}") == 403


def test_a_page_that_is_left_while_the_one_before_it_has_its_window_makes_its_last_calls(
    served: tuple[FakeHost, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In Firefox one call in fifty was lost when pages were left soon after a reload."""
    monkeypatch.setattr(WAIT, 60.0)
    host, address = served
    before = RawPage(address)
    with before, RawPage(address) as page:
        assert leave(page, f"1{CALL}") == 204
        assert host.reports == []
        assert leave(before, "1[[4,1]]") == 204
        with RawPage(address) as after:
            assert after.invoke("echo", 1) == [True, 1]
        assert host.reports == [{"value": 1}]


def test_a_page_that_is_left_before_it_opens_its_link_makes_its_last_calls(
    served: tuple[FakeHost, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(WAIT, 0.0)
    host, address = served
    page = RawPage(address)
    assert leave(page, "1[[4,1]]") == 403, "it makes no call"
    assert leave(page, f"1{CALL}", f"1{CALL}") == 204
    assert host.reports == [{"value": 1}]
    assert leave(page, f"3{CALL}") == 403, "its key is good once"
    late = RawPage(address)
    with RawPage(address) as now:
        assert now.invoke("echo", 1) == [True, 1]
        assert leave(late, f"1{CALL}") == 403, "another page has the window"
        assert now.invoke("echo", 2) == [True, 2]
    assert host.reports == [{"value": 1}]


def test_a_page_that_is_left_does_not_keep_its_window_from_the_next_one(
    served: tuple[FakeHost, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its connection may be closed much later; the next page was told that the window is open in another one."""
    monkeypatch.setattr(WAIT, 60.0)
    _, address = served
    with RawPage(address) as before:
        assert before.invoke("echo", 1) == [True, 1]
        assert leave(before, "1[[4,2]]") == 204
        with RawPage(address) as after:
            assert after.invoke("echo", 2) == [True, 2]
            with pytest.raises(ConnectionClosedError, match="4001"):
                before.closed()
