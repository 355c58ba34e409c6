"""Frames and pages that attack the application, in the real WebKitGTK."""

from __future__ import annotations

from tests.runtimes.conftest import Scenario

HOSTILE = "webkitgtk_hostile_scenarios"


def test_a_message_that_is_no_string_is_refused_before_it_is_read(run: Scenario) -> None:
    result = run("strange_messages", module=HOSTILE)
    assert result["code"] == 0
    assert result["report"] == [{"value": "ready"}, {"value": True}]
    not_text, without_key = result["log"]
    assert "is not a string" in not_text
    assert "without the page's key" in without_key
