from __future__ import annotations

import logging

import pytest

from tests.mock_app import Running, running
from transom.commands import command
from transom.errors import InvalidResource, LimitReached, WindowError
from transom.handles import Webview, WebviewWindow, Window
from transom.pages import ResourceTable
from transom.pages import _resource as module


class Thing:
    def __init__(self) -> None:
        self.closed = 0

    def close(self) -> None:
        self.closed += 1


class Stubborn(Thing):
    def close(self) -> None:
        super().close()
        raise OSError("busy")


def test_a_resource_is_found_by_its_id_and_kind() -> None:
    table, thing = ResourceTable(), Thing()
    rid = table.add(thing)
    assert 0 < rid < 2**32
    assert table.get(rid, Thing) is thing
    with pytest.raises(InvalidResource):
        table.get(rid, Stubborn)


def test_ids_are_never_zero_nor_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = iter([5, 0, 5, 0, 7])
    monkeypatch.setattr(module.secrets, "randbits", lambda bits: next(numbers))
    table = ResourceTable()
    assert [table.add(Thing()), table.add(Thing())] == [5, 7]


def test_closing_releases_once() -> None:
    table, thing = ResourceTable(), Thing()
    rid = table.add(thing)
    table.close(rid)
    with pytest.raises(InvalidResource, match=f"^The resource id {rid} is invalid.$"):
        table.close(rid)
    with pytest.raises(InvalidResource):
        table.get(rid, Thing)
    table.close_all()
    assert thing.closed == 1


def test_the_end_releases_all_even_when_one_fails(caplog: pytest.LogCaptureFixture) -> None:
    table, things = ResourceTable(), [Thing(), Stubborn(), Thing()]
    for thing in things:
        table.add(thing)
    with caplog.at_level(logging.ERROR, "transom"):
        table.close_all()
    table.close_all()
    assert [thing.closed for thing in things] == [1, 1, 1]
    assert "a resource of a closed page could not be released" in caplog.text


def test_what_a_table_holds_can_be_asked() -> None:
    table, thing = ResourceTable(), Thing()
    rid = table.add(thing)
    other = table.add(Stubborn())
    assert (table.has(rid), table.has(0)) == (True, False)
    assert table.get_any(rid) is thing
    assert table.names() == {rid: "Thing", other: "Stubborn"}
    with pytest.raises(InvalidResource):
        table.get_any(0)


def test_a_taken_resource_is_the_takers_and_stays_open() -> None:
    table, thing = ResourceTable(), Thing()
    rid = table.add(thing)
    with pytest.raises(InvalidResource):
        table.take(rid, Stubborn)
    assert table.take(rid, Thing) is thing
    with pytest.raises(InvalidResource):
        table.take(rid, Thing)
    table.close_all()
    assert thing.closed == 0


def test_a_replaced_resource_is_returned_open() -> None:
    table, before, after = ResourceTable(), Thing(), Stubborn()
    rid = table.add(before)
    assert table.replace(rid, after) is before
    assert table.get(rid, Stubborn) is after
    assert before.closed == 0
    assert table.replace(rid - 1 or rid + 1, Thing()) is None
    for wrong in (0, -1, 2**32):
        with pytest.raises(ValueError, match=f"^{wrong} cannot be the id of a resource"):
            table.replace(wrong, before)


def test_a_table_whose_owner_is_gone_releases_at_once() -> None:
    table, added, replaced = ResourceTable("window `x`"), Thing(), Thing()
    table.close_all()
    with pytest.raises(WindowError, match="^the window `x` of this resource table is gone; the Thing was released"):
        table.add(added)
    with pytest.raises(WindowError, match="was released at once$"):
        table.replace(5, replaced)
    assert (added.closed, replaced.closed) == (1, 1)
    assert table.names() == {}


def test_application_window_and_webview_have_tables_of_their_own(application: Running) -> None:
    app, core = application.app, application.core
    webview_window = WebviewWindow(core, core.client, "main")
    tables = [
        app.resources_table(),
        Window(core, core.client, "main").resources_table(),
        Webview(core, core.client, "main").resources_table(),
    ]
    assert len({id(table) for table in tables}) == 3
    assert app.handle().resources_table() is tables[0]
    assert Window(core, core.client, "main").resources_table() is tables[1]
    assert webview_window.resources_table() is tables[2] is application.session.resources  # Tauri: the webview's
    application.open("other")
    assert Window(core, core.client, "other").resources_table() is not tables[1]


def test_each_table_ends_with_its_owner() -> None:
    things = {name: Thing() for name in ("application", "window", "page")}

    def closed() -> dict[str, int]:
        return {name: thing.closed for name, thing in things.items()}

    with running(windows=("main", "other")) as application:
        window, webview = (
            Window(application.core, application.core.client, "other"),
            Webview(application.core, application.core.client, "other"),
        )
        application.app.resources_table().add(things["application"])
        window.resources_table().add(things["window"])
        webview.resources_table().add(things["page"])
        webview.reload()
        assert closed() == {"application": 0, "window": 0, "page": 1}
        late = window.resources_table()
        window.destroy()
        assert closed() == {"application": 0, "window": 1, "page": 1}
        for gone in (window, webview):
            with pytest.raises(WindowError, match="with the label `other`|has the label `other`"):
                gone.resources_table()
        with pytest.raises(WindowError, match="the window `other` of this resource table is gone"):
            late.add(Thing())
    assert closed() == {"application": 1, "window": 1, "page": 1}


def test_cleanup_before_exit_releases_everything_once() -> None:
    thing = Thing()
    with running() as application:
        session = application.session
        application.app.resources_table().add(thing)
        application.app.handle().cleanup_before_exit()
        assert (thing.closed, session.closed) == (1, True)
    assert thing.closed == 1


def test_a_command_hands_out_resources_of_its_page() -> None:
    opened: list[Thing] = []

    @command
    def open_thing(webview: Webview) -> int:
        opened.append(Thing())
        return webview.resources_table().add(opened[-1])

    with running(open_thing) as application:
        rid = application.page.invoke("open_thing")
        assert application.page.invoke("plugin:resources|close", {"rid": rid}) is None
        assert opened[0].closed == 1


def test_a_full_table_releases_what_it_refuses_and_names_its_bound() -> None:
    table, refused = ResourceTable("window `main`", 2), [Thing(), Thing()]
    rid = table.add(Thing())
    table.add(Thing())
    with pytest.raises(LimitReached) as error:
        table.add(refused[0])
    assert str(error.value) == (
        "the resource table of the window `main` has 2 resources, which is the limit; release some first, or raise it with "
        "Builder.limits(max_resources=...)"
    )
    with pytest.raises(LimitReached):
        table.replace(next(number for number in (1, 2, 3) if not table.has(number)), refused[1])
    assert [thing.closed for thing in refused] == [1, 1]
    assert table.replace(rid, Thing()) is not None
    table.close(rid)
    table.add(Thing())
