"""The isolation pattern on a server."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conformance.raw_page import request
from tests.requirements import needs_cryptography
from tests.server.people import Page, cookie_of, people_of, serving, written
from transom import Builder

pytestmark = pytest.mark.slow  # servers that run


def test_a_user_who_loads_many_documents_does_not_shut_others_out(tmp_path: Path) -> None:
    needs_cryptography()
    folder = written(tmp_path, security={"pattern": {"use": "isolation", "options": {"dir": "isolation"}}})
    (folder / "isolation").mkdir(exist_ok=True)
    (folder / "isolation" / "index.html").write_text("<!doctype html><title>i</title>", "utf-8")
    with serving(Builder().server(authenticate=people_of), folder) as base:
        ann = Page(base, "ann")
        found = re.search(r'"key":"([0-9a-f]+)"', request(base + "/", cookie_of("ann")).text)
        assert found is not None
        for _ in range(300):
            assert request(base + "/", cookie_of("bob")).status == 200
        ann.connect(key=found[1]).close()
        ann.close()
