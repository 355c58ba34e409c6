"""The official plugins on a server: what one user has is neither seen nor changed by another."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.plugins.plugin_app import at_home
from tests.server.people import Page, Rejected, people_of, serving, written
from transom import AppHandle, Builder, command, generate_handler
from transom.plugins import store

PERMISSIONS = ["store:default", "core:default"]


@command
async def leave(app: AppHandle) -> None:
    app.exit()


@command
def remembered(app: AppHandle) -> Any:
    found = store.get_store(app, "settings.json")
    return None if found is None else found.get("theme")


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    at_home(monkeypatch, tmp_path / "home")
    capability = {"identifier": "members", "windows": ["*"], "roles": ["member"], "permissions": PERMISSIONS}
    builder = Builder().plugin(store.init()).invoke_handler(generate_handler(leave, remembered))
    with serving(builder.server(authenticate=people_of), written(tmp_path / "project", capability)) as base:
        yield base


def rejection(page: Page, command: str, **arguments: Any) -> Any:
    with pytest.raises(Rejected) as caught:
        page.invoke(command, **arguments)
    return caught.value.args[0]


def test_a_store_belongs_to_its_user(address: str, tmp_path: Path) -> None:
    ann, again, bob = Page(address, "ann:member"), Page(address, "ann:member"), Page(address, "bob:member")
    rids = [page.invoke("plugin:store|load", path="settings.json") for page in (ann, again, bob)]
    assert rids[0] == rids[1] != rids[2]
    for page in (ann, again, bob):
        page.listen("store://change", 7)
    ann.invoke("plugin:store|set", rid=rids[0], key="theme", value="dark")
    assert again.invoke("plugin:store|get", rid=rids[1], key="theme") == ["dark", True]
    assert bob.invoke("plugin:store|get", rid=rids[2], key="theme") == [None, False]
    assert [page.invoke("remembered") for page in (ann, bob)] == ["dark", None]
    # The change is told to both tabs of the user, and to nobody else.
    for page in (ann, again):
        told = page.wait(lambda message: message[0] == 4)
        assert (told[2]["key"], told[2]["value"], told[2]["resourceId"]) == ("theme", "dark", rids[0])
    assert bob.events() == []
    # A number or a path of another user is nobody's.
    for name, arguments in (
        ("get", {"key": "theme"}),
        ("set", {"key": "theme", "value": 1}),
        ("entries", {}),
        ("save", {}),
    ):
        assert "is invalid" in rejection(bob, f"plugin:store|{name}", rid=rids[0], **arguments)
    assert "is invalid" in rejection(bob, "plugin:resources|close", rid=rids[0])
    folders = {file.parent for file in _saved(ann, bob, rids, tmp_path)}
    assert len(folders) == 2
    other = next(iter(folders)).name
    for path in (
        f"../{other}/settings.json",
        str(tmp_path / "home/x.json"),
        f"../../users/{other}/settings.json",
        "../x.json",
    ):
        said = {rejection(page, "plugin:store|load", path=path) for page in (ann, bob) if not _is_own(page, path)}
        assert all("outside of the user's folder" in text for text in said)


def _saved(ann: Page, bob: Page, rids: list[int], tmp_path: Path) -> list[Path]:
    bob.invoke("plugin:store|set", rid=rids[2], key="theme", value="light")
    ann.invoke("plugin:store|save", rid=rids[0])
    bob.invoke("plugin:store|save", rid=rids[2])
    files = sorted((tmp_path / "home").rglob("users/*/settings.json"))
    assert {json.loads(file.read_text("utf-8"))["theme"] for file in files} == {"dark", "light"}
    return files


def _is_own(page: Page, path: str) -> bool:
    """Tell whether a path leads back into the folder of the page's own user."""
    try:
        page.invoke("plugin:store|load", path=path)
    except Rejected:
        return False
    return True


def test_a_store_is_saved_when_its_user_leaves_and_closed_for_one_session_at_a_time(address: str) -> None:
    ann, again = Page(address, "ann:member"), Page(address, "ann:member")
    rids = [page.invoke("plugin:store|load", path="a.json", options={"autoSave": False}) for page in (ann, again)]
    ann.invoke("plugin:resources|close", rid=rids[0])
    again.invoke("plugin:store|set", rid=rids[1], key="kept", value=[1])
    for page in (ann, again):
        page.call("leave")
        assert page.closed() == 4002
    later = Page(address, "ann:member")
    rid = later.invoke("plugin:store|load", path="a.json")
    assert later.invoke("plugin:store|get", rid=rid, key="kept") == [[1], True]
    assert rid not in rids
