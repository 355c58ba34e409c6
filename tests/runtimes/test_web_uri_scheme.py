"""The application's own schemes on the web runtime: the same requests as in a window, behind the same checks."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.conformance.raw_page import RawPage, request
from tests.runtimes.served import served_runtime
from tests.runtimes.uri_schemes import PROTOCOLS
from transom.runtimes.web.responses import may_load, with_addresses

LIMIT = 2 << 20


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RawPage]:
    folder = tmp_path_factory.mktemp("front end")
    (folder / "index.html").write_text("<!doctype html><title>t</title>", "utf-8")
    csp = "default-src 'self'; frame-src stream:; font-src stream://localhost asset:"
    with served_runtime(folder, csp=csp, uri_schemes=PROTOCOLS, max_message_bytes=LIMIT) as (_, address):
        yield RawPage(address)


def test_the_handler_gets_the_request_as_in_a_window(page: RawPage) -> None:
    answer = page.get("/.transom/stream/main/a%20b%2F%C3%A9.txt?q=%20", {"Range": "bytes=1-9", "X-Own": "v"})
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    assert json.loads(answer.text) == {
        "method": "GET",
        "uri": "stream://localhost/a%20b%2F%C3%A9.txt?q=%20",
        "range": "bytes=1-9",
        "own": "v",
        "body": 0,
        "label": "main",
        "host": True,
        "worker": True,
        "secrets": [],
    }


def test_bodies_and_methods_reach_the_handler_up_to_the_limit(page: RawPage) -> None:
    for method, size, status in (("POST", 1000, 200), ("DELETE", 0, 200), ("PUT", LIMIT, 200), ("PUT", LIMIT + 1, 413)):
        connection = http.client.HTTPConnection(urlsplit(page.address).netloc)
        connection.request(method, "/.transom/stream/main/x", b"x" * size, {"Cookie": page.cookie})
        with connection.getresponse() as response:
            text = response.read().decode()
        connection.close()
        assert response.status == status, text
        if status == 413:
            assert text == f"the body is over the limit of {LIMIT} bytes (max_message_bytes)"
        else:
            assert [json.loads(text)[name] for name in ("method", "body")] == [method, size]


@pytest.mark.parametrize("status", [200, 201, 204, 206, 304, 404, 416, 503])
def test_statuses_and_headers_reach_the_page(page: RawPage, status: int) -> None:
    answer = page.get(f"/.transom/stream/main/status/{status}")
    assert (answer.status, answer.headers["x-own"]) == (status, "yes")
    assert answer.text == ("" if status in (204, 304) else "body")


def test_every_form_of_handler_answers_and_none_leaves_a_request_waiting(page: RawPage) -> None:
    failure = (500, "the application failed to answer this request")
    answers = {
        "stream/main/fails": failure,
        "later/main/": (200, "later"),
        "later/main/dropped": failure,
        "soon/main/": (200, "soon"),
    }
    for path, expected in answers.items():
        answer = page.get(f"/.transom/{path}")
        assert (answer.status, answer.text) == expected


def test_what_a_handler_gives_is_no_page_of_the_application(page: RawPage) -> None:
    answer = page.get("/.transom/stream/main/frame")
    assert answer.headers["content-type"] == "text/html"
    assert answer.headers["content-security-policy"].startswith("sandbox allow-scripts")
    assert "allow-same-origin" not in answer.headers["content-security-policy"]
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"Cookie": ""}, "open the application at the address"),
        ({"Host": "evil.example"}, "is not served under the name 'evil.example'"),
        ({"Origin": "http://evil.example"}, "requests from the origin http://evil.example are not served"),
        ({"Sec-Fetch-Site": "cross-site"}, "this is served to the application's own pages only"),
        ({"Sec-Fetch-Site": "same-site"}, "this is served to the application's own pages only"),
    ],
)
def test_others_get_nothing(page: RawPage, headers: dict[str, str], reason: str) -> None:
    answer = page.get("/.transom/stream/main/x", headers)
    assert answer.status == 403
    assert reason in answer.text


@pytest.mark.parametrize("path", ["stream/other/x", "stream/", "stream//x", "stream/main%2Fx"])
def test_a_label_that_no_window_has_is_not_found(page: RawPage, path: str) -> None:
    answer = page.get(f"/.transom/{path}")
    assert answer.status == 404
    assert "no window has the label" in answer.text


def test_a_scheme_that_nobody_registered_is_not_found(page: RawPage) -> None:
    assert request(f"{page.origin}/.transom/none/main/x", {"Cookie": page.cookie}).status == 404


def test_the_policy_allows_the_address_wherever_it_allows_the_scheme(page: RawPage) -> None:
    directives = dict(
        part.strip().split(" ", 1) for part in page.document.headers["content-security-policy"].split(";")
    )
    here = f"{page.origin}/.transom"
    assert directives["frame-src"] == f"stream: {here}/stream/"
    assert directives["font-src"] == f"stream://localhost {here}/stream/ asset: {here}/asset/"
    assert "'self'" in directives["img-src"]


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("img-src stream:", "img-src stream: X"),
        ("img-src STREAM://localhost/; font-src 'self'", "img-src STREAM://localhost/ X; font-src 'self'"),
        ("img-src upstream: stream://other stream.example", "img-src upstream: stream://other stream.example"),
        ("", ""),
    ],
)
def test_only_the_scheme_itself_is_replaced(policy: str, expected: str) -> None:
    assert with_addresses(policy, [("stream", "X")]) == expected


@pytest.mark.parametrize(
    ("policy", "destination", "allowed"),
    [
        (None, "script", True),
        ("img-src 'self'", "script", True),  # as nothing is said of scripts
        ("default-src 'self'", "script", False),
        ("default-src 'self'", "image", True),
        ("default-src 'self'", "", True),  # an old browser
        ("default-src 'self'; script-src 'self' Stream:", "script", True),
        ("default-src stream:; script-src 'self'", "script", False),
        ("script-src stream://localhost", "serviceworker", True),
        ("script-src stream:; script-src-elem 'self'", "script", False),
        ("script-src stream:; worker-src 'self'", "sharedworker", False),
        ("script-src upstream: *", "audioworklet", False),
        ("script-src 'self'; script-src stream:", "script", False),  # of two the first counts
        ("style-src 'self'", "style", False),
        ("style-src 'self' stream:", "style", True),
        ("style-src stream:; style-src-elem 'self'", "style", False),
        ("default-src 'self'", "font", False),
        ("default-src 'self'", "manifest", False),
        ("default-src 'self'", "iframe", False),
        ("default-src 'self'; child-src stream:", "frame", True),
        ("default-src stream:; object-src 'none'", "embed", False),
        ("script-src 'self'", "json", False),
        ("default-src 'self'", "empty", True),
    ],
)
def test_what_a_scheme_answers_is_used_where_the_policy_lets_it_be_in_a_window(
    policy: str | None, destination: str, allowed: bool
) -> None:
    assert may_load(policy, "stream", destination) is allowed


@pytest.mark.parametrize("destination", ["script", "style"])
@pytest.mark.parametrize("path", ["stream/main/picture", "asset/main/%2Fetc%2Fhostname"])
def test_the_own_address_of_the_page_makes_no_code_of_what_is_none_in_a_window(
    page: RawPage, path: str, destination: str
) -> None:
    headers = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": destination}
    answer = page.get(f"/.transom/{path}", headers)
    assert (answer.status, f"allows no {destination} from" in answer.text) == (403, True)
    if "stream" in path:
        assert page.get(f"/.transom/{path}", headers | {"Sec-Fetch-Dest": "image"}).status == 200


def test_another_prefix_is_no_matter(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<!doctype html>", "utf-8")
    with served_runtime(tmp_path, prefix="/apps/mine", uri_schemes=PROTOCOLS) as (_, address):
        page = RawPage(address)
        told = json.loads(page.get(".transom/stream/main/a%2Fb").text)
        assert told["uri"] == "stream://localhost/a%2Fb"
