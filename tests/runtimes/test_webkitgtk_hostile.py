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


def test_no_disguise_makes_bytes_of_a_blob_or_sends_the_mark_elsewhere(run: Scenario) -> None:
    result = run("disguised_bodies", module=HOSTILE)
    assert result["code"] == 0, "the application died of a Blob"
    (report,) = result["report"]
    assert report["blobs"] == ["blob kept", "file kept", "own kept", "blob ", "A kept"]
    assert report["forms"] == ["content kept", "content kept", "content "]
    assert report["led"][0] == "text kept"
    assert report["replaced"][::2] == ["replaced kept"] * 8
    assert result["wanted"], "the other site was asked"
    assert not [names for names in result["wanted"] if "transom" in names.lower()]


def test_files_are_for_documents_of_the_application(run: Scenario) -> None:
    result = run("assets_of_others", module=HOSTILE)
    assert result["code"] == 0
    (own, frame), foreign = result["report"]
    assert own[0] == [200, 62]
    # A frame that the page embeds can show a picture as the page itself can; it can read nothing of it.
    assert frame[:2] == ["failed", [0, 0]]
    assert foreign == ["failed", [0, 0], "broken"]
    assert len(result["log"]) == 2, "one line for each page generation"
    assert all("refused a file of the asset protocol" in line for line in result["log"])


def test_a_flood_of_refused_requests_holds_no_other_window(run: Scenario) -> None:
    result = run("refused_files", module=HOSTILE)
    assert result["code"] == 0
    assert result["lines"] == 11
    # On an idle machine it is some 60 ms; the frame's own process takes its share of a busy one.
    assert result["longest"] < 5000
