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


def test_bodies_are_read_of_the_applications_own_documents_only(run: Scenario) -> None:
    result = run("bodies", module=HOSTILE)
    assert result["code"] == 0, "the application died of a Blob"
    (report,) = result["report"]
    forms = [["blob", "a/b"], ["text", "text/plain"], ["AB", ""], ["a=b", "application/x-www-form-urlencoded"]]
    assert report["own"] == [[*form, []] for form in [*forms, ["", ""], ["odd", ""]]]
    assert report["form"] == 'name="file"; filename="name.txt"'
    assert report["byRequest"] == {"method": "PUT", "body": "request", "type": "", "mark": []}
    assert report["aborted"] == "why"
    assert report["xhr"] == [[200, "blob"], [200, "text"], [200, ""], 200, [200, ""]]
    assert report["ownFrame"] == [200] * 8
    assert report["sandboxed"] == ["failed", 0] * 4
    assert report["fromWorker"] == 415
    assert all("its body cannot be read" in line for line in result["log"][:3])
    assert len(result["log"]) == 4, "a flood of refusals is logged"
