from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.mock_app import Running, context
from tests.plugins.fs.pages import APP_DATA, base, call, refused
from tests.plugins.plugin_app import allow, with_plugins
from transom.app import Builder
from transom.errors import ConfigError
from transom.handles import AppHandle
from transom.plugins import fs
from transom.plugins.fs import _scope
from transom.plugins.fs._scope import Entry, Scopes

# How a page may try to leave the application's data folder. Add here to try another way.
ESCAPES = (
    "../outside/secret.txt",
    "a/../../../outside/secret.txt",
    "link/secret.txt",
    "file_link",
    "{home}/outside/secret.txt",
    "file://{home}/outside/secret.txt",
    "file://{home}/data/org.example.mock/%2e%2e/%2e%2e/outside/secret.txt",
    "file://localhost{home}/outside/secret.txt",
    "file://example.org{home}/data/org.example.mock/a",
    "/proc/self/root{home}/outside/secret.txt",
    "a\0b",
    "x" * 5000,
    "a/" * 3000,
)


@pytest.mark.parametrize("escape", ESCAPES, ids=lambda path: path[:40])
def test_nothing_leads_out_of_the_scope(application: Running, data: Path, tmp_path: Path, escape: str) -> None:
    (data / "link").symlink_to(tmp_path / "outside")
    (data / "file_link").symlink_to(tmp_path / "outside/secret.txt")
    page, path = application.page, escape.format(home=tmp_path)
    bases = {"fromPathBaseDir": APP_DATA, "toPathBaseDir": APP_DATA}
    (data / "mine").write_text("mine", "utf-8")
    one = [
        "read_file",
        "read_text_file",
        "exists",
        "stat",
        "size",
        "open",
        "create",
        "truncate",
        "read_text_file_lines",
    ]
    texts = [refused(page, "copy_file", fromPath=path, toPath="x", options=bases)]
    texts += [refused(page, "copy_file", fromPath="mine", toPath=path, options=bases)]
    texts += [refused(page, "write_text_file", path=path, data="x", options=base())]
    if escape != "file_link":  # these work on the link itself, which is in the folder
        one += ["remove", "lstat", "mkdir", "read_dir"]
        both = {"oldPathBaseDir": APP_DATA, "newPathBaseDir": APP_DATA}
        texts += [refused(page, "rename", oldPath=path, newPath="x", options=both)]
        texts += [refused(page, "rename", oldPath="mine", newPath=path, options=both)]
    texts += [refused(page, name, path=path, options=base()) for name in one]
    reasons = ("forbidden path: ", "cannot traverse directory", "failed to get path from `file:` url", "has no NUL")
    assert [text for text in texts if not any(reason in text for reason in reasons)] == []
    assert (tmp_path / "outside/secret.txt").read_text("utf-8") == "secret"
    assert [path.name for path in (tmp_path / "outside").iterdir()] == ["secret.txt"]


def test_the_text_of_a_refusal_is_tauris(application: Running, tmp_path: Path) -> None:
    secret = tmp_path / "outside/secret.txt"
    assert refused(application.page, "read_text_file", path=str(secret)) == (
        f"forbidden path: {secret}, maybe it is not allowed on the scope for `allow-read-text-file` permission in your "
        "capability file"
    )


def test_a_link_may_be_removed_and_read_as_a_link(application: Running, data: Path, tmp_path: Path) -> None:
    (data / "l").symlink_to(tmp_path / "outside/secret.txt")
    assert call(application.page, "lstat", path="l", options=base())["isSymlink"] is True
    call(application.page, "remove", path="l", options=base())
    assert not (data / "l").is_symlink()
    assert (tmp_path / "outside/secret.txt").exists()


def test_a_folder_that_becomes_a_link_after_the_check_is_not_followed(
    application: Running, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The check is slow here, so that the link is always there between it and the use."""
    (data / "d").mkdir()
    (data / "d/secret.txt").write_text("mine", "utf-8")
    real = _scope.Access._allows

    def swap(access: Any, path: Path) -> bool:
        allowed = real(access, path)
        if (data / "d").is_dir() and not (data / "d").is_symlink():
            (data / "d").rename(data / "gone")
            (data / "d").symlink_to(tmp_path / "outside")
        return allowed

    monkeypatch.setattr(_scope.Access, "_allows", swap)
    text = refused(application.page, "read_text_file", path="d/secret.txt", options=base())
    assert text.startswith("failed to open file at path")
    (data / "d").unlink()
    (data / "gone").rename(data / "d")
    assert "failed to open" in refused(
        application.page, "write_text_file", path="d/secret.txt", data="x", options=base()
    )
    assert (tmp_path / "outside/secret.txt").read_text("utf-8") == "secret"


def test_dot_files_need_a_dot_in_the_pattern(application: Running, data: Path) -> None:
    (data / ".env").write_text("x", "utf-8")
    assert "forbidden path" in refused(application.page, "read_text_file", path=".env", options=base())
    allow(application, {"identifier": "fs:scope", "allow": [{"path": "$APPDATA/.env"}]})
    assert bytes(call(application.page, "read_text_file", path=".env", options=base())) == b"x"


def test_the_configuration_says_whether_a_dot_is_special(data: Path) -> None:
    found = []

    def look(app: AppHandle) -> None:
        found.append(app.state(Scopes).of((Entry("$APPDATA/**"),), ()).is_allowed(data / ".env"))
        app.exit()

    for plugins in ({"fs": {"requireLiteralLeadingDot": False}}, {"fs": {}}, {}):
        Builder().plugin(fs.init()).setup(look).build(context("main", plugins=plugins), "mock").run()
    assert found == [True, False, False]


def test_a_configuration_that_is_wrong_ends_the_start(data: Path) -> None:
    app = Builder().plugin(fs.init()).build(context("main", plugins={"fs": {"scope": []}}), "mock")
    with pytest.raises(ConfigError, match="plugins.fs in the configuration"):
        app.run()


def test_a_deny_counts_before_every_allow(application: Running, data: Path) -> None:
    page = application.page
    (data / "secret/deep").mkdir(parents=True)
    (data / "secret/deep/k").write_text("x", "utf-8")
    (data / "d").mkdir()
    (data / "d/secret").mkdir()
    allow(application, {"identifier": "fs:scope", "deny": ["$APPDATA/secret/**", {"path": "**/d/secret"}]})
    assert "forbidden path" in refused(page, "read_text_file", path="secret/deep/k", options=base())
    both = {"oldPathBaseDir": APP_DATA, "newPathBaseDir": APP_DATA}
    for name, args in (
        ("rename", {"oldPath": "secret", "newPath": "open", "options": both}),
        ("remove", {"path": "secret", "options": base(recursive=True)}),
        ("remove", {"path": "d", "options": base(recursive=True)}),
    ):
        assert "forbidden path" in refused(page, name, **args)
    assert (data / "secret/deep/k").exists()


def test_a_scope_beside_a_command_is_for_that_command(data: Path, tmp_path: Path) -> None:
    (tmp_path / "outside/a").write_text("a", "utf-8")
    permissions = [{"identifier": "fs:allow-exists", "allow": [{"path": "$HOME/outside/*"}]}, "fs:allow-read-text-file"]
    with with_plugins(fs.init(), permissions=permissions) as application:
        path = str(tmp_path / "outside/a")
        assert call(application.page, "exists", path=path) is True
        assert "forbidden path" in refused(application.page, "read_text_file", path=path)


def test_the_default_permission_reads_the_applications_folders_and_makes_them(data: Path) -> None:
    data.rmdir()
    with with_plugins(fs.init()) as application:
        page = application.page
        call(page, "mkdir", path="", options=base())
        call(page, "mkdir", path="sub", options=base())
        (data / "sub/a").write_text("x", "utf-8")
        assert call(page, "exists", path="sub/a", options=base()) is True
        assert bytes(call(page, "read_text_file", path="sub/a", options=base())) == b"x"
        assert [entry["name"] for entry in call(page, "read_dir", path="sub", options=base())] == ["a"]
        (data / "localstorage").mkdir()
        (data / "localstorage/a").touch()
        assert "forbidden path" in refused(page, "read_text_file", path="localstorage/a", options=base())
        assert "not allowed by ACL" in refused(page, "remove", path="sub/a", options=base())


# Identifiers of real applications' capability files, with a path that each makes usable.
IDENTIFIERS = (
    "fs:default",
    "fs:allow-app-read",
    "fs:allow-app-write-recursive",
    "fs:allow-appdata-read-recursive",
    "fs:allow-appconfig-write",
    "fs:allow-home-meta-recursive",
    "fs:allow-log-read-recursive",
    "fs:scope-appdata-recursive",
    "fs:scope-download-index",
    "fs:scope-exe",
    "fs:read-all",
    "fs:read-dirs",
    "fs:read-files",
    "fs:read-meta",
    "fs:write-all",
    "fs:write-files",
    "fs:deny-default",
    "fs:create-app-specific-dirs",
    "fs:allow-read-text-file",
    "fs:allow-unwatch",
    "fs:deny-write-file",
    "fs:allow-read-text-file-lines-next",
)


def test_the_identifiers_of_real_capabilities_are_there(application: Running, data: Path) -> None:
    (data / "mine").touch()
    allow(application, *IDENTIFIERS)
    assert (
        call(application.page, "exists", path="mine", options=base()) is True
    )  # `$LOG`, which is no folder, stops nothing


def test_python_lets_pages_use_more(application: Running, tmp_path: Path) -> None:
    page, secret = application.page, str(tmp_path / "outside/secret.txt")
    assert "forbidden" in refused(page, "read_text_file", path=secret)
    fs.scope(application.app).allow_directory(tmp_path / "outside")
    assert bytes(call(page, "read_text_file", path=secret)) == b"secret"
    scope = fs.try_scope(application.app)
    assert scope is not None
    scope.forbid_file(secret)
    assert "forbidden" in refused(page, "read_text_file", path=secret)
    with with_plugins() as other:
        assert fs.try_scope(other.app) is None


def test_a_pipe_or_a_device_holds_no_worker(application: Running, data: Path) -> None:
    os.mkfifo(data / "pipe")
    page = application.page
    assert "it is not a regular file" in refused(page, "read_file", path="pipe", options=base())
    assert "No such device or address" in refused(page, "write_file", path="pipe", data=[1], options=base())
    rid = call(page, "open", path="pipe", options=base())
    assert call(page, "read", rid=rid, len=5) == (0).to_bytes(8, "big")
