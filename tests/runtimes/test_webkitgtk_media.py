"""Sound and film of the application's schemes in the real WebKitGTK."""

from __future__ import annotations

from tests.runtimes.conftest import Scenario

HOOKS = "webkitgtk_hook_scenarios"


def test_sounds_play_and_seek_from_the_schemes_of_the_application(run: Scenario) -> None:
    result = run("media", module=HOOKS)
    report = result["report"]
    played = [20, True, "127.0.0.1"]
    assert {name: report[name] for name in ("asset", "attribute", "source")} == dict.fromkeys(
        ("asset", "attribute", "source"), played
    )
    film = [*played, 32, 24]  # and its pictures have this size
    assert (report["film"], report["filmOfScheme"], report["mp4"]) == (film, film, film)
    assert report["late"] is True
    # What the asset protocol may not read does not play either.
    assert report["hidden"] == "media error 4"
    [line] = result["log"]
    assert "hidden.wav by the asset protocol" in line
    # An address is for the player of the page: no script reads it, and neither does who guesses.
    assert report["fetched"] in ("refused", 403)
    size = 320044
    assert result["outside"] == {
        "range": [206, 10, f"bytes 10-19/{size}"],
        "head": [200, 0, None],
        "no player": [403, 0, None],
        "post": [405, 0, None],
        "another name": [403, 0, None],
        "no ticket": [404, 0, None],
        "wrong ticket": [404, 0, None],
    }
