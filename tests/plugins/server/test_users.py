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
from transom.plugins import sql, store, stronghold

PERMISSIONS = ["core:default", "sql:default", "sql:allow-execute", "store:default", "stronghold:default"]
PERMISSIONS += ["stronghold:allow-destroy"]
SHARED = "sqlite:shared.db"
MIGRATION = sql.Migration(1, "notes", "CREATE TABLE notes (text TEXT)")


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
    builder = (
        Builder()
        .plugin(store.init())
        .plugin(sql.init(migrations={"sqlite:own.db": [MIGRATION], SHARED: [MIGRATION]}))
        .plugin(stronghold.init(password_hash=lambda password: password.encode().ljust(32)[:32]))
        .invoke_handler(generate_handler(leave, remembered))
    )
    project = written(tmp_path / "project", capability)
    config = json.loads((project / "tauri.conf.json").read_text("utf-8"))
    text = json.dumps({**config, "plugins": {"sql": {"preload": [SHARED]}}})
    (project / "tauri.conf.json").write_text(text, "utf-8")
    with serving(builder.server(authenticate=people_of), project) as base:
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


def _texts(page: Page, db: str) -> list[str]:
    rows = page.invoke("plugin:sql|select", db=db, query="SELECT text FROM notes ORDER BY text", values=[])
    return [row["text"] for row in rows]


def _write(page: Page, db: str, text: str) -> None:
    page.invoke("plugin:sql|execute", db=db, query="INSERT INTO notes VALUES ($1)", values=[text])


def test_a_database_belongs_to_its_user_unless_the_application_names_it(address: str, tmp_path: Path) -> None:
    ann, again, bob = Page(address, "ann:member"), Page(address, "ann:member"), Page(address, "bob:member")
    ann.invoke("plugin:sql|load", db="sqlite:own.db")
    _write(ann, "sqlite:own.db", "of ann")
    assert _texts(again, "sqlite:own.db") == ["of ann"]
    assert rejection(bob, "plugin:sql|select", db="sqlite:own.db", query="SELECT 1", values=[]).endswith("not loaded")
    bob.invoke("plugin:sql|load", db="sqlite:own.db")
    assert _texts(bob, "sqlite:own.db") == []
    file = next(path for path in (tmp_path / "home").rglob("users/*/own.db") if b"of ann" in _bytes(path))
    said = rejection(bob, "plugin:sql|load", db=f"sqlite:{file}")
    assert "outside of the" in said
    attach = {"db": "sqlite:own.db", "query": f"ATTACH '{file}' AS other", "values": []}
    assert "not authorized" in rejection(bob, "plugin:sql|execute", **attach)
    # The application's database is everybody's, but neither a transaction nor the end of a connection is.
    bob.invoke("plugin:sql|execute", db=SHARED, query="BEGIN", values=[])
    assert _texts(ann, SHARED) == []
    _write(bob, SHARED, "of bob")
    assert (_texts(bob, SHARED), _texts(ann, SHARED)) == (["of bob"], [])
    bob.invoke("plugin:sql|execute", db=SHARED, query="COMMIT", values=[])
    bob.invoke("plugin:sql|close")
    assert _texts(ann, SHARED) == ["of bob"]
    assert _texts(ann, "sqlite:own.db") == ["of ann"]


def _bytes(path: Path) -> bytes:
    return b"".join(file.read_bytes() for file in path.parent.glob("own.db*"))


def test_a_stronghold_belongs_to_its_user_and_closes_with_the_last_session(address: str) -> None:
    ann, bob = Page(address, "ann:member"), Page(address, "bob:member")
    of = {"snapshotPath": "vault.hold", "client": "c"}
    ann.invoke("plugin:stronghold|initialize", snapshotPath="vault.hold", password="of ann")
    ann.invoke("plugin:stronghold|create_client", **of)
    ann.invoke("plugin:stronghold|save_store_record", **of, key="k", value=[1, 2])
    ann.invoke("plugin:stronghold|save", snapshotPath="vault.hold")
    assert rejection(bob, "plugin:stronghold|get_store_record", **of, key="k") == "stronghold not initialized"
    bob.invoke("plugin:stronghold|initialize", snapshotPath="vault.hold", password="of bob")  # a file of his own
    assert "outside of the user's folder" in rejection(
        bob, "plugin:stronghold|initialize", snapshotPath="../../vault.hold", password="of ann"
    )
    again = Page(address, "ann:member")
    assert again.invoke("plugin:stronghold|get_store_record", **of, key="k") == [1, 2]
    for page in (ann, again):
        page.call("leave")
        assert page.closed() == 4002
    later = Page(address, "ann:member")
    assert rejection(later, "plugin:stronghold|get_store_record", **of, key="k") == "stronghold not initialized"
    wrong = {"snapshotPath": "vault.hold", "password": "of bob"}
    assert "password" in rejection(later, "plugin:stronghold|initialize", **wrong)
