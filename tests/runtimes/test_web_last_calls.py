"""Calls that a page of the web runtime makes while it is left, and sends as a beacon."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urljoin

import pytest

from tests.conformance.raw_page import RawPage, request
from tests.runtimes.served import served_runtime


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
