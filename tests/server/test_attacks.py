"""What one user tries against another who has the same labels, names and numbers."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from tests.conformance.raw_page import request
from tests.server.people import Page, cookie_of, people_of, serving, written
from transom import Builder, UriSchemeRequest, UriSchemeResponse, User, command, generate_handler

pytestmark = pytest.mark.slow  # servers that run

GO_ON = threading.Event()
BEGUN: list[int] = []
HEARD: list[tuple[str, str]] = []


@command
def block() -> None:
    BEGUN.append(1)
    GO_ON.wait(60)


@command
def ping() -> str:
    return "pong"


@command
async def report(user: User, text: str) -> None:
    HEARD.append((user.id, text))


def _secrets(_request: UriSchemeRequest) -> UriSchemeResponse:
    return UriSchemeResponse(b"a secret")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    builder = Builder().server(authenticate=people_of).limits(max_workers=2)
    builder.register_uri_scheme_protocol("secrets", lambda _context, request: _secrets(request))
    builder.invoke_handler(generate_handler(block, ping, report))
    with serving(builder, written(tmp_path_factory.mktemp("site"))) as base:
        yield base


def test_last_calls_of_a_page_need_its_user(address: str) -> None:
    ann, bob = Page(address, "ann"), Page(address, "bob")
    ann.invoke("ping")

    def post(page: Page, text: str) -> int:
        body = f'{ann.key}\n1[[4,9],[0,9,"report",{{"text":"{text}"}}]]'
        headers = {**cookie_of(page.who), "Origin": address}
        return request(f"{address}/.transom/last", headers, "POST", body).status

    assert post(bob, "in the name of Ann") == 403
    assert post(ann, "by Ann herself") == 204
    ann.invoke("ping")
    assert HEARD == [("ann", "by Ann herself")]
    for page in (ann, bob):
        page.close()


def test_a_page_that_was_left_before_its_link_was_open_makes_its_last_calls_for_its_user(address: str) -> None:
    HEARD.clear()
    document = request(f"{address}/", cookie_of("ann")).text
    key, ticket = (document.partition(f'"{name}":"')[2].partition('"')[0] for name in ("key", "ticket"))

    def post(who: str) -> int:
        body = f'{key} {ticket}\n1[[4,9],[0,9,"report",{{"text":"by {who}"}}]]'
        return request(f"{address}/.transom/last", {**cookie_of(who), "Origin": address}, "POST", body).status

    assert [post(who) for who in ("bob", "ann", "ann")] == [403, 204, 403]
    ann = Page(address, "ann")
    ann.invoke("ping")
    assert HEARD == [("ann", "by ann")]
    ann.close()


def test_addresses_of_a_session_are_served_to_its_user_alone(address: str) -> None:
    ann, bob = Page(address, "ann"), Page(address, "bob")
    for page in (ann, bob):
        page.invoke("ping")
    place = f"{address}/.transom/secrets/{ann.ticket[:32]}.main/diary"
    assert request(place, cookie_of("ann")).text == "a secret"
    for who in ("bob", None, "ann:admin"):
        answer = request(place, cookie_of(who))
        assert answer.status in (401, 403)
        assert "secret" not in answer.text
    for page in (ann, bob):
        page.close()


def test_the_blocked_commands_of_a_user_in_many_tabs_hold_nobody_else(address: str) -> None:
    GO_ON.clear()
    BEGUN.clear()
    tabs, bob = [Page(address, "ann") for _ in range(4)], Page(address, "bob")
    blocked = [tab.call("block") for tab in tabs for _ in range(3)]
    waiting = tabs[0].call("ping")
    assert bob.invoke("ping") == "pong"
    assert len(BEGUN) <= 2, "all tabs of a user have the workers of one window"
    GO_ON.set()
    assert tabs[0].answer(waiting) == "pong"
    assert [tab.answer(number) for tab, number in zip([tab for tab in tabs for _ in range(3)], blocked, strict=True)]
    for tab in (*tabs, bob):
        tab.close()


def test_a_user_who_calls_and_reads_nothing_costs_the_others_nothing(address: str) -> None:
    ann, bob = Page(address, "ann"), Page(address, "bob")
    for _ in range(300):
        ann.send([[0, number, "plugin:app|name", {}] for number in range(1000, 1100)])
    assert bob.invoke("ping") == "pong"
    ann.socket.close_socket()
    bob.close()


def test_numbers_of_another_session_cancel_and_answer_nothing(address: str) -> None:
    GO_ON.clear()
    ann, bob = Page(address, "ann"), Page(address, "bob")
    number = ann.call("block")
    bob.number = ann.number - 1
    assert bob.call("ping") == number
    bob.send([[1, number]])  # Bob cancels the call of this number, and forgets the callback of it
    bob.send([[2, number]])
    GO_ON.set()
    assert ann.answer(number) is None
    _, _, answer = bob.wait(lambda message: message[0] in (0, 1) and message[1] == number)
    assert answer == "pong" or answer["kind"] == "cancelled"
    for page in (ann, bob):
        page.close()
