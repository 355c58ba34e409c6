"""The unmodified npm client through the isolation pattern, under a strict policy: all checks of the conformance suite."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from tests.conformance.application import Program, write_project
from tests.conformance.test_clients import (
    CLIENTS,
    LIMIT,
    LOW_LIMIT,
    NAMES,
    PLACES,
    WINDOWS,
    Run,
    collect,
    driver_of,
    environment_of,
    front_end,
)
from tests.requirements import needs_cryptography

# The hook alters nothing of what the page sends, and counts.
HOOK = """
let seen = 0;
window.__TAURI_ISOLATION_HOOK__ = async (message) => {
  seen++;
  if (typeof message.cmd !== 'string' || typeof message.callback !== 'number') throw new Error('a message of another form');
  return message;
};
"""
# With everything else that makes a page strict.
SECURITY = {
    "pattern": {"use": "isolation", "options": {"dir": "isolation"}},
    "csp": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'",
    "freezePrototype": True,
    "headers": {"Cross-Origin-Opener-Policy": "same-origin", "Permissions-Policy": "camera=(), geolocation=()"},
}
# Node.js has no frames. Windows of pywebview load what a browser gets, and `tests/runtimes/test_isolation.py` attacks them.
ISOLATED = ("chromium", "webkitgtk")
# WebKit seals one call after the other: a small one overtakes a large one that is long on its way after that.
LIMITS = {"chromium": LOW_LIMIT, "webkitgtk": LIMIT}
# What cannot be as without the pattern, each with the reason.
OTHERWISE = {
    "arguments: a call of every size around the limit is made or rejects": "the sealed call is some bytes longer, and these count",
}


@pytest.fixture(scope="module", params=ISOLATED)
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Run all checks once in one place."""
    needs_cryptography()
    place = request.param
    environment = environment_of(place, LIMITS[place], request)
    folder = tmp_path_factory.mktemp(place)
    project = front_end(max(CLIENTS), write_project(folder, security=SECURITY), LIMITS[place])
    (folder / "isolation").mkdir()
    (folder / "isolation" / "index.html").write_text('<!doctype html><script src="hook.js"></script>', "utf-8")
    (folder / "isolation" / "hook.js").write_text(HOOK, "utf-8")
    with ExitStack() as stack:
        application = stack.enter_context(Program.application(project, PLACES[place], environment))
        driver = stack.enter_context(driver_of(place, application.address())) if place not in WINDOWS else None
        results, trouble = collect(application)
        if driver is not None:
            trouble = trouble and f"{trouble}\nthe page: {''.join(driver.errors)[-4000:]}"
            driver.close_input()
            driver.status()
        status = application.end()
    return Run(results, trouble, (status, 0), "".join(application.errors), None)


@pytest.mark.parametrize("name", NAMES)
def test_the_npm_client_finds_the_same_as_without_the_pattern(run: Run, name: str) -> None:
    assert name in run.results, f"the page did not report this check; {run.trouble}"
    if name in OTHERWISE:
        assert run.results[name] is not None, "no exception any more"
    else:
        assert run.results[name] is None, run.results[name]


def test_the_application_logs_no_refusal(run: Run) -> None:
    assert run.status[0] == 143, run.errors
    assert "isolation pattern error" not in run.errors
