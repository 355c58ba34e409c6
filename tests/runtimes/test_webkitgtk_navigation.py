"""Where pages of the webkitgtk runtime may go, and what they may save."""

from __future__ import annotations

import pytest

from tests.requirements import needs_webkitgtk
from tests.runtimes.conftest import Scenario

MODULE = "webkitgtk_navigation_scenarios"
LOCAL = "tauri://localhost"
SITE = "https://example.com"


@pytest.mark.parametrize(
    ("url", "changes", "answer"),
    [
        (f"{LOCAL}/a", {}, "LOAD"),
        (f"{LOCAL}/a", {"referrer": LOCAL}, "LOAD"),
        (f"{LOCAL}/a", {"referrer": SITE}, "REFUSE"),
        (f"{LOCAL}/a", {"referrer": SITE, "page": SITE}, "LOAD"),
        ("stream://localhost/a", {}, "LOAD"),
        ("stream://localhost/a", {"referrer": LOCAL}, "LOAD"),
        ("stream://localhost/a", {"referrer": SITE}, "REFUSE"),
        ("tauri://another.name/a", {"referrer": SITE, "target": "_top"}, "REFUSE"),
        ("about:srcdoc", {}, "LOAD"),
        ("data:text/html,x", {}, "LOAD"),
        (f"{SITE}/a", {"kind": "other"}, "LOAD"),
        (f"{SITE}/a", {"kind": "form-submitted"}, "LOAD"),
        (f"{SITE}/a", {"gesture": False}, "LOAD"),
        (f"{SITE}/a", {}, "DESKTOP"),
        (f"{SITE}/a", {"target": "_blank"}, "DESKTOP"),
        (f"{SITE}/a", {"target": "inner"}, "LOAD"),
        (f"{SITE}/a", {"referrer": SITE}, "LOAD"),
        (f"{SITE}/a", {"page": SITE}, "LOAD"),
        ("https://example.org/a", {"page": SITE}, "LOAD"),
        ("https://example.org/a", {"page": SITE, "target": "_blank"}, "DESKTOP"),
        ("mailto:a@b.c", {}, "DESKTOP"),
        ("MAILTO:a@b.c", {}, "DESKTOP"),
        ("tel:1", {"kind": "other"}, "DESKTOP"),
        ("mailto:a@b.c", {"gesture": False}, "REFUSE"),
        ("file:///etc/hosts", {}, "REFUSE"),
        ("file:///b", {"page": "file://"}, "LOAD"),
        ("file:///b", {"page": None}, "LOAD"),
        ("foo:bar", {}, "REFUSE"),
        ("ftp://example.com/", {}, "REFUSE"),
        ("vscode://file/x", {}, "REFUSE"),
        ("smb://server/share", {}, "REFUSE"),
        ("foo:bar", {"kind": "reload"}, "LOAD"),
    ],
)
def test_a_navigation_is_decided_in_one_place(url: str, changes: dict[str, object], answer: str) -> None:
    needs_webkitgtk()
    from transom.runtimes.webkitgtk.webview._navigation import Navigation, decide_navigation, scheme_of
    from transom.runtimes.webkitgtk.webview._page import origin_of

    asked = Navigation(
        scheme=scheme_of(url),
        origin=origin_of(url),
        kind="link-clicked",
        gesture=True,
        referrer=None,
        target=None,
        page=LOCAL,
        local=frozenset((LOCAL,)),
        own=frozenset(("tauri", "stream")),
    )
    assert decide_navigation(asked._replace(**changes)).name == answer  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("scheme", "origin", "page", "foreign_frames", "allowed"),
    [
        ("tauri", LOCAL, LOCAL, True, True),
        ("blob", LOCAL, LOCAL, True, True),
        ("blob", SITE, LOCAL, True, False),
        ("stream", "stream://localhost", LOCAL, True, True),
        ("data", None, LOCAL, False, True),
        ("data", None, LOCAL, True, False),
        ("https", SITE, LOCAL, False, False),
        ("https", SITE, SITE, False, False),
        ("blob", LOCAL, None, False, False),
    ],
)
def test_a_download_is_decided_in_one_place(
    scheme: str, origin: str | None, page: str | None, foreign_frames: bool, allowed: bool
) -> None:
    needs_webkitgtk()
    from transom.runtimes.webkitgtk.webview._navigation import decide_download

    local, own = frozenset((LOCAL,)), frozenset(("tauri", "stream"))
    found = decide_download(scheme, origin, page=page, foreign_frames=foreign_frames, local=local, own=own)
    assert found == allowed


def test_nothing_replaces_the_application_by_accident(run: Scenario) -> None:
    result = run("leaving", module=MODULE)
    assert result["code"] == 0
    # One document up to the last step, and then the one that the page's own script went to.
    assert result["report"] == ["main", "tauri://localhost/#part", "foreign"]
    assert result["sessions"] == 2
    opened = ["mailto:a@example.com", "SITE/linked.html", "SITE/blank.html", "tel:123", "mailto:many1"]
    assert result["opened"] == opened
    assert result["saved"] == ["own.txt"]
    log = "\n".join(result["log"])
    for refused in (
        "does not go to foo:bar",
        "does not go to foo:link",
        "does not go to mailto:many2",
        "does not go to mailto:many3",
        "a frame of another origin in the webview 'main' asked for a file",
        "may not save data:text/plain,evil",
        "may not save blob:SITE/",
        "may not save SITE/foreign.html",
        "may not save data:text/plain,own",  # the page has a foreign frame
    ):
        assert refused in log
    assert len(result["log"]) == 9


def test_a_navigation_that_fails_leaves_no_document_with_another_origin_than_its_own(run: Scenario) -> None:
    """Tauri 6889: after a failed navigation the page was taken for the one that it had asked for, or the other way round."""
    result = run("failing", module=MODULE)
    assert result["code"] == 0
    local = ["tauri://localhost", "tauri://localhost", "True"]
    # The page stays where nothing comes in its place; an error page has no link; afterwards the application is there again.
    assert result["told"][:3] == [["start", *local], ["/empty", *local], ["/file", *local]]
    assert result["told"][-1] == ["start", *local]
    assert all(own == known and is_local == str(known == local[0]) for _, own, known, is_local in result["told"])


def test_a_foreign_document_is_not_taken_for_the_page_that_is_asked_for_meanwhile(run: Scenario) -> None:
    result = run("overtaken", module=MODULE)
    assert result["code"] == 0
    assert ["ran", True] in result["told"]
    said = [each for each in result["told"] if each[0] != "ran"]
    assert all(local == (own == "tauri://localhost") and known == own for own, known, local in said), said


def test_scripts_before_the_page_run_once_in_order_when_it_has_been_read(run: Scenario) -> None:
    result = run("early_scripts", module=MODULE)
    assert result == {"code": 0, "log": [], "report": [[True, "second", 2, "/"]]}
