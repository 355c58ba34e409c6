from __future__ import annotations

import pytest

from tests.mock_app import running
from transom.handles import Window
from transom.plugins.resources import resources_plugin
from transom.runtimes._mock import MockRejection


class Thing:
    closed = 0

    def close(self) -> None:
        self.closed += 1


def test_the_commands() -> None:
    assert list(resources_plugin().commands or ()) == ["close"]


def test_a_page_closes_its_own_resources_once() -> None:
    with running() as application:
        thing, theirs = Thing(), Thing()
        rid = application.session.resources.add(thing)
        other = application.open("other").session.resources.add(theirs)  # type: ignore[attr-defined]
        assert application.page.invoke("plugin:resources|close", {"rid": rid}) is None
        for gone in (rid, other, 0):
            with pytest.raises(MockRejection) as caught:
                application.page.invoke("plugin:resources|close", {"rid": gone})
            assert caught.value.value == f"The resource id {gone} is invalid."
        assert (thing.closed, theirs.closed) == (1, 0)
    assert (thing.closed, theirs.closed) == (1, 1)


def test_a_resource_that_fails_to_close_rejects() -> None:
    class Stubborn(Thing):
        def close(self) -> None:
            raise OSError("/secret")

    with running() as application:
        rid = application.session.resources.add(Stubborn())
        with pytest.raises(MockRejection) as caught:
            application.page.invoke("plugin:resources|close", {"rid": rid})
    assert caught.value.value["kind"] == "internal"
    assert "secret" not in str(caught.value.value)


def test_a_page_closes_what_its_window_and_the_application_hold_too() -> None:
    with running(windows=("main", "other")) as application:
        core = application.core
        of_window, of_app, of_other = Thing(), Thing(), Thing()
        rids = [
            Window(core, core.client, "main").resources_table().add(of_window),
            application.app.resources_table().add(of_app),
        ]
        for rid in rids:
            assert application.page.invoke("plugin:resources|close", {"rid": rid}) is None
        assert (of_window.closed, of_app.closed) == (1, 1)
        rid = Window(core, core.client, "other").resources_table().add(of_other)
        with pytest.raises(MockRejection):
            application.page.invoke("plugin:resources|close", {"rid": rid})
        assert of_other.closed == 0
