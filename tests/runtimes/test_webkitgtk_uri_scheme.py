"""The application's own schemes in the real WebKitGTK."""

from __future__ import annotations

from tests.runtimes.conftest import Scenario

HOOKS = "webkitgtk_hook_scenarios"


def test_pages_use_the_schemes_of_the_application(run: Scenario) -> None:
    result = run("uri_schemes", module=HOOKS)
    report = result["report"]
    bodies = {status: "" if status in ("204", "304") else "body" for status in report["statuses"]}
    assert report["statuses"] == {status: [int(status), body, "yes", "no-store"] for status, body in bodies.items()}
    told = {"label": "main", "host": True, "worker": True, "secrets": []}
    path = "stream://localhost/a%20b%2F%C3%A9.txt?q=%20"
    assert report["get"] == {"method": "GET", "uri": path, "range": None, "own": None, "body": 0, **told}
    posted = {"method": "POST", "uri": "stream://localhost/x", "range": "bytes=1-9", "own": "v", "body": 1000}
    assert report["post"] == posted | told
    assert report["over"][:2] == [413, "the body is over the limit of 2097152 bytes (max_message_bytes)"]
    assert report["pictures"] == [[7, 5], [7, 5]]
    assert report["frame"] == ["stream://localhost", "undefined", ""]
    assert (report["later"][:2], report["soon"][:2]) == ([200, "later"], [200, "soon"])
    failure = [500, "the application failed to answer this request"]
    assert (report["fails"][:2], report["dropped"][:2]) == (failure, failure)
    assert result["log"] == [
        "the handler of the scheme 'stream' failed for GET stream://localhost/fails: ValueError('secret of the application')",
        "the handler of the scheme 'later' gave no answer to GET later://localhost/dropped: it dropped its UriSchemeResponder",
    ]


def test_answers_to_pages_that_are_gone_harm_nobody(run: Scenario) -> None:
    result = run("schemes_of_pages_that_go", module=HOOKS)
    assert result == {"code": 0, "log": [], "kept": 6, "report": [{"value": ["too late", "too late"]}]}
