"""Sessions without a user are bounded for each address, and the address is the server's word."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.server.people import Page, people_of, serving, written
from transom import Builder, User
from transom.errors import LimitReached
from transom.runtimes import ServerOptions
from transom.runtimes.web.sessions import _counts as counts
from transom.runtimes.web.sessions._counts import SessionCounts

NOBODY = User("anonymous", anonymous=True)


def _page(base: str, who: str | None, address: str, ticket: str | None = None) -> Page:
    return Page(base, who, ticket, headers={"X-Forwarded-For": address})


def test_sessions_without_a_user_are_bounded_for_each_address(tmp_path: Path) -> None:
    builder = Builder().server(anonymous=True, authenticate=people_of, max_address_sessions=2)
    with serving(builder, written(tmp_path)) as base:
        one, two, three = (_page(base, None, "203.0.113.7") for _ in range(3))
        assert three.closed() == 4029
        assert "too many sessions" in (three.socket.close_reason or "")
        others = [_page(base, None, "203.0.113.8"), _page(base, "ann", "203.0.113.7")]
        again = _page(base, None, "203.0.113.7", two.ticket)
        assert again.closed() == 4010, "a page of a session that is there begins none"
        for page in (one, two, *others):
            assert page.invoke("plugin:app|name")
            page.close()


def test_an_address_that_an_untrusted_proxy_names_does_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", "192.0.2.1")
    builder = Builder().server(anonymous=True, authenticate=people_of, max_address_sessions=1)
    with serving(builder, written(tmp_path)) as base:
        one, two = _page(base, None, "203.0.113.7"), _page(base, None, "203.0.113.8")
        assert two.closed() == 4029
        one.close()


def test_a_session_that_ends_makes_room_for_its_address() -> None:
    found = SessionCounts(ServerOptions(max_address_sessions=1))
    found.add("a", NOBODY, "203.0.113.7")
    with pytest.raises(LimitReached, match=r"the address 203\.0\.113\.7 .*max_address_sessions"):
        found.add("b", NOBODY, "203.0.113.7")
    found.remove("a")
    found.add("b", NOBODY, "203.0.113.7")
    for number in range(5):
        found.add(f"ann {number}", User("ann"), "203.0.113.7")
        found.add(f"socket {number}", NOBODY, "")  # such as over a socket of the file system


def test_the_addresses_of_one_subscriber_are_one() -> None:
    found = SessionCounts(ServerOptions(max_address_sessions=1))
    found.add("a", NOBODY, "2001:db8:1:2:3::4")
    for address in ("2001:db8:1:2:ffff::5", "2001:db8:1:2::6%eth0"):
        with pytest.raises(LimitReached, match="2001:db8:1:2::/64"):
            found.add("b", NOBODY, address)
    found.add("c", NOBODY, "2001:db8:1:3::4")
    found.add("d", NOBODY, "::ffff:203.0.113.7")
    with pytest.raises(LimitReached, match=r"203\.0\.113\.7"):
        found.add("e", NOBODY, "203.0.113.7")


def test_so_many_begin_in_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(counts.time, "monotonic", lambda: now)
    found = SessionCounts(ServerOptions(max_address_sessions_per_minute=2))

    def begins(number: int) -> None:
        found.add(str(number), NOBODY, "203.0.113.7")
        found.remove(str(number))

    for number in range(2):
        begins(number)
    with pytest.raises(LimitReached, match="in a minute.*wait a moment.*max_address_sessions_per_minute"):
        begins(2)
    now += 30.0
    begins(3)
    with pytest.raises(LimitReached):
        begins(4)
    # What is known of addresses is bounded.
    for number in range(counts._MOST_RATES):
        found.add("a", NOBODY, f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")
        found.remove("a")
    begins(5)
    assert len(found._rates) <= counts._MOST_RATES
