from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.mock_app import Running, running
from transom.acl import CapabilityBuilder, Grant, ResolvedScope, Scopes
from transom.app import Builder
from transom.commands import ScopedPath, ScopedUrl, command
from transom.config import Config
from transom.errors import ConfigError, NotAllowed
from transom.handles import PathResolver
from transom.runtimes._mock import MockRejection


def grant(allow: Any = (), deny: Any = ()) -> Grant:
    return Grant("read_note", "main", ResolvedScope([Scopes(tuple(allow), tuple(deny))]))


def paths(folder: Path) -> PathResolver:
    return PathResolver(Config(folder=folder, file="tauri.conf.json", identifier="org.example.x"))


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    (folder / "deep").mkdir(parents=True)
    (folder / "a.txt").write_text("a")
    (folder / "secret.txt").write_text("s")
    (folder / ".hidden").write_text("h")
    (tmp_path / "outside.txt").write_text("o")
    return folder


@pytest.fixture
def scope(notes: Path) -> Grant:
    return grant([{"path": "$RESOURCE/notes/**"}, {"url": "https://example.org"}], [f"{notes}/secret.txt"])


def test_a_file_in_the_scope_is_read_and_written(notes: Path, scope: Grant) -> None:
    file = ScopedPath.of("$RESOURCE/notes/a.txt", scope, paths(notes.parent))
    assert (file.path, os.fspath(file), str(file)) == (notes / "a.txt", str(notes / "a.txt"), str(notes / "a.txt"))
    assert file.write_text("ä") == 1
    assert (file.read_text(), file.read_bytes()) == ("ä", "ä".encode())
    new = ScopedPath.of(str(notes / "deep"), scope, paths(notes.parent)) / "new.txt"
    assert new.write_bytes(b"new") == 3
    assert (notes / "deep" / "new.txt").read_bytes() == b"new"
    with pytest.raises(NotADirectoryError):
        (new / "x").read_text()


@pytest.mark.parametrize("name", ["loop", "\ud800", "x\0", "../outside.txt", "secret.txt"])
def test_a_file_below_a_folder_that_is_out_of_the_scope_is_refused(notes: Path, scope: Grant, name: str) -> None:
    (notes / "loop").symlink_to(notes / "loop")
    grant_of_all = grant([{"path": f"{notes}/**"}, {"path": str(notes)}], [f"{notes}/secret.txt"])
    folder = ScopedPath.of(str(notes), grant_of_all, paths(notes.parent))
    with pytest.raises(NotAllowed):
        folder / name


@pytest.mark.parametrize(
    "text",
    [
        "{notes}/secret.txt", "{notes}/.hidden", "{notes}/../outside.txt", "{notes}/deep/../../outside.txt",
        "{notes}\\..\\outside.txt", "{notes}/link.txt", "{notes}/up/outside.txt", "{notes}/a.txt\0.png", "{notes}/\ud800",
        "notes/a.txt", "a.txt", "", "$NOWHERE/a.txt", "$RESOURCE/outside.txt", "$RESOURCE/../x", "C:\\notes\\a.txt",
        "{notes}/" + "x/" * 3000, "file://{notes}/a.txt", "~/notes/a.txt", "{notes}", "/",
    ],
)  # fmt: skip
def test_a_file_out_of_the_scope_is_refused(notes: Path, scope: Grant, text: str) -> None:
    (notes / "link.txt").symlink_to(notes.parent / "outside.txt")
    (notes / "up").symlink_to(notes.parent)
    text = text.replace("{notes}", str(notes))
    with pytest.raises(NotAllowed) as caught:
        ScopedPath.of(text, scope, paths(notes.parent))
    assert str(caught.value).startswith(f"forbidden path: {text[:4096]}, maybe it is not allowed on the scope for ")


def test_without_a_scope_nothing_is_covered(notes: Path) -> None:
    for none in (Grant("read_note", "main"), grant(), grant([{"url": "https://*"}])):
        with pytest.raises(NotAllowed, match="`allow-read-note` permission in your capability file"):
            ScopedPath.of(str(notes / "a.txt"), none, paths(notes.parent))
    with pytest.raises(NotAllowed, match="^url not allowed on the configured scope: https://example.org$"):
        ScopedUrl.of("https://example.org", grant([{"path": "/**"}]))


def test_a_folder_that_is_reached_by_a_link_is_covered_by_its_name(tmp_path: Path, notes: Path) -> None:
    (tmp_path / "home").symlink_to(notes)
    scope = grant([f"{tmp_path}/home/*"], [f"{tmp_path}/home/secret.txt"])
    assert ScopedPath.of(f"{tmp_path}/home/a.txt", scope, paths(tmp_path)).path == notes / "a.txt"
    with pytest.raises(NotAllowed):
        ScopedPath.of(f"{notes}/secret.txt", scope, paths(tmp_path))


@pytest.mark.parametrize("mode", ["r", "w", "a", "x"])
@pytest.mark.parametrize("what", ["the file", "its folder"])
def test_a_link_that_is_put_in_its_place_is_not_followed(notes: Path, scope: Grant, what: str, mode: str) -> None:
    elsewhere = notes.parent / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "a.txt").write_text("untouched")
    file = ScopedPath.of(f"{notes}/deep/a.txt", scope, paths(notes.parent))
    if what == "the file":
        (notes / "deep" / "a.txt").symlink_to(elsewhere / "a.txt")
    else:
        (notes / "deep").rmdir()
        (notes / "deep").symlink_to(elsewhere)
    with pytest.raises((OSError, NotAllowed)):
        file.open(mode)
    assert [path.name for path in elsewhere.iterdir()] == ["a.txt"]
    assert (elsewhere / "a.txt").read_text() == "untouched"


def test_a_system_without_descriptors_of_folders_checks_what_was_opened(
    notes: Path, scope: Grant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "supports_dir_fd", set())
    file = ScopedPath.of(f"{notes}/deep/a.txt", scope, paths(notes.parent))
    file.write_text("long")
    file.write_text("a")
    assert (notes / "deep" / "a.txt").read_text() == "a"
    (notes / "deep").rename(notes / "was")
    (notes / "deep").symlink_to(notes.parent)
    (notes.parent / "a.txt").write_text("untouched")
    with pytest.raises(NotAllowed):
        file.open("w")
    assert (notes.parent / "a.txt").read_text() == "untouched"


def test_what_is_no_file_does_not_block(notes: Path, scope: Grant) -> None:
    os.mkfifo(notes / "pipe")
    with pytest.raises(OSError, match="is not a regular file"):
        ScopedPath.of(f"{notes}/pipe", scope, paths(notes.parent)).open()


def test_a_pattern_does_not_lead_out_of_its_folder(notes: Path) -> None:
    scope = grant(["$RESOURCE/../**"])
    assert ScopedPath.of(f"{notes}/a.txt", scope, paths(notes)).read_text() == "a"
    with pytest.raises(NotAllowed):
        ScopedPath.of(f"{notes.parent}/outside.txt", scope, paths(notes))
    assert ScopedPath.of(f"{notes}/a.txt", grant(["**"]), paths(notes)).read_text() == "a"


def test_a_child_is_checked_like_the_folder(notes: Path, scope: Grant) -> None:
    folder = ScopedPath.of(f"{notes}/deep", scope, paths(notes.parent))
    (notes / "deep" / "out").symlink_to(notes.parent)
    for name in ("..", "../secret.txt", "/etc/passwd", "out/outside.txt", "a\0"):
        with pytest.raises(NotAllowed):
            folder / name


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from(["..", ".", "notes", "deep", "up", "link.txt", "a.txt", "secret.txt", "\\", "$HOME", ""]))
)
def test_no_path_leads_out(notes: Path, scope: Grant, parts: list[str]) -> None:
    if not (notes / "up").is_symlink():
        (notes / "up").symlink_to(notes.parent)
        (notes / "link.txt").symlink_to(notes.parent / "outside.txt")
    try:
        file = ScopedPath.of("/".join([str(notes), *parts]), scope, paths(notes.parent))
    except NotAllowed:
        return
    real = Path(os.path.realpath(file.path))
    assert real == file.path
    assert real.is_relative_to(notes)
    assert real != notes / "secret.txt"


def test_an_address_in_the_scope_is_a_text() -> None:
    scope = grant([{"url": "https://*.example.org/api/*"}, "http://localhost:*"], [{"url": "https://evil.example.org"}])
    url = ScopedUrl.of("https://a.example.org/api/x?y", scope)
    assert (url, url.parts.hostname) == ("https://a.example.org/api/x?y", "a.example.org")
    assert ScopedUrl.of("http://localhost:1420", scope).covers("https://a.example.org/api/")
    assert not url.covers("https://example.net/api/")
    for bad in ("https://evil.example.org/api/", "https://a.example.org/", "file:///etc/passwd", "https://a.example.org\\@x/api/", ""):  # fmt: skip
        with pytest.raises(NotAllowed, match="^url not allowed on the configured scope: "):
            ScopedUrl.of(bad, scope)
    with pytest.raises(NotAllowed):
        ScopedUrl.of("http://localhost:1420/" + "a" * 20_000, scope)


@pytest.mark.parametrize("entry", [7, {"path": 7}, None])
def test_an_entry_that_is_no_pattern_is_the_authors_mistake(notes: Path, entry: Any) -> None:
    with pytest.raises(ConfigError, match="^error deserializing scope: expected a text or {'path': a text}, got "):
        ScopedPath.of("/a", grant([entry]), paths(notes))


@command
def read_note(path: ScopedPath) -> str:
    """Read a note."""
    return path.read_text()


@command
def both(path: ScopedPath | None, url: ScopedUrl | None = None) -> list[str | None]:
    """Return what arrived."""
    return [None if path is None else str(path), url]


@pytest.fixture
def application(notes: Path) -> Iterator[Running]:
    def allow(app: Any) -> None:
        entries = [{"path": f"{notes}/**"}, {"url": "https://example.org"}]
        for name in ("read-note", "both"):
            app.add_capability(CapabilityBuilder(name).window("main").permission_scoped(f"allow-{name}", entries))

    with running(read_note, both, setup=allow, windows=("main", "other"), builder=Builder()) as app:
        yield app


def test_a_command_gets_only_what_its_scope_covers(notes: Path, application: Running) -> None:
    page = application.page
    assert page.invoke("read_note", {"path": f"{notes}/a.txt"}) == "a"
    assert page.invoke("both", {}) == [None, None]
    assert page.invoke("both", {"path": f"{notes}/a.txt", "url": "https://example.org/"}) == [
        f"{notes}/a.txt",
        "https://example.org/",
    ]
    for window, args in (("main", {"path": f"{notes}/../outside.txt"}), ("other", {"path": f"{notes}/a.txt"})):
        with pytest.raises(MockRejection, match="forbidden path: "):
            application.runtime.pages[window].invoke("read_note", args)
    with pytest.raises(MockRejection, match="invalid args `path` for command `read_note`: Expected `str`, got `int`"):
        page.invoke("read_note", {"path": 7})
    with pytest.raises(MockRejection, match="command read_note missing required key path"):
        page.invoke("read_note", {})
