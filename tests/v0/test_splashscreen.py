"""The context with a splash screen: its document, and what the first window and the front end become."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from tests.mock_app import context
from transom.config import BuildConfig
from transom.errors import ConfigError
from transom.v0._splashscreen import with_splashscreen

# What the author gives -> what is served.
DOCUMENTS = {
    "<!DOCTYPE html><title>t</title>": '<!DOCTYPE html><meta name="tauri-content" content="index.html"><title>t</title>',
    "<h1>Loading</h1>": '<!doctype html><meta name="tauri-content" content="index.html"><h1>Loading</h1>',
    "": '<!doctype html><meta name="tauri-content" content="index.html">',
}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_first_window_shows_the_document_and_knows_its_page(document: str) -> None:
    given = context("main", "other")
    made = with_splashscreen(given, document)
    first, other = made.config.app.windows
    assert other == given.config.app.windows[1]
    assert isinstance(made.config.frontend, tuple)
    folder, file = made.config.frontend
    assert folder == given.config.frontend
    assert (file.name, file.read_text()) == (first.url, DOCUMENTS[document])


def test_a_page_with_signs_of_html_in_its_address_stays_an_attribute() -> None:
    given = context("main")
    window = msgspec.structs.replace(given.config.app.windows[0], url='/a.html?"><script>')
    app = msgspec.structs.replace(given.config.app, windows=(window,))
    made = with_splashscreen(msgspec.structs.replace(given, config=msgspec.structs.replace(given.config, app=app)), "x")
    assert isinstance(made.config.frontend, tuple)
    text = Path(made.config.frontend[-1]).read_text()
    assert text == '<!doctype html><meta name="tauri-content" content="a.html?&quot;&gt;&lt;script&gt;">x'


@pytest.mark.parametrize("given", [context(), context("main", build=BuildConfig(dev_url="http://localhost:1")), context("main", development=True, build=BuildConfig(frontend_dist=".", dev_url="http://localhost:1"))])  # fmt: skip
def test_what_has_no_place_for_it_is_told(given: object) -> None:
    with pytest.raises(ConfigError, match="needs a window in the configuration and a built front end"):
        with_splashscreen(given, "x")  # type: ignore[arg-type]
