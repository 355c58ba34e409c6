from __future__ import annotations

from pathlib import Path

import pytest

from transom.runtimes._assets import Assets, media_type_of, with_nonce


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "dist"
    for name, text in {
        "index.html": "home",
        "about.html": "about",
        "docs/index.html": "docs",
        "app.js": "js",
        ".env": "secret",
        ".well-known/security.txt": "public",
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    (tmp_path / "outside.txt").write_text("outside")
    (tmp_path / "dist-other").mkdir()
    (tmp_path / "dist-other" / "x.txt").write_text("outside")
    return root


def text(folder: Path | None, path: str) -> str | None:
    asset = Assets(folder).find(path)
    return asset.content.decode() if asset else None


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("/", "home"),
        ("", "home"),
        ("/index.html", "home"),
        ("/about", "about"),
        ("/docs", "docs"),
        ("/docs/", "docs"),
        ("/some/route", "home"),
        ("/app.js", "js"),
        ("/missing.js", None),
        ("/.env", None),
        ("/.well-known/security.txt", "public"),
        ("/../outside.txt", None),
        ("/../dist-other/x.txt", None),
        ("/docs/../../outside.txt", None),
        ("//etc/passwd", "home"),
        ("/\0.js", None),
        ("/" + "x" * 5000 + ".js", None),
    ],
)
def test_paths_are_looked_up_as_tauri_does(folder: Path, path: str, content: str | None) -> None:
    assert text(folder, path) == content


def test_a_link_out_of_the_folder_is_not_followed(folder: Path) -> None:
    (folder / "leak.txt").symlink_to(folder.parent / "outside.txt")
    (folder / "loop.txt").symlink_to(folder / "loop.txt")
    assert text(folder, "/leak.txt") is None
    assert text(folder, "/loop.txt") is None


def test_a_link_inside_the_folder_is_followed(folder: Path) -> None:
    (folder / "same.js").symlink_to(folder / "app.js")
    assert text(folder, "/same.js") == "js"


def test_a_missing_folder_has_no_files(tmp_path: Path) -> None:
    assert text(tmp_path / "none", "/") is None
    assert text(None, "/") is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a/app.js", "text/javascript; charset=utf-8"),
        ("a.MJS", "text/javascript; charset=utf-8"),
        ("a.wasm", "application/wasm"),
        ("a.json", "application/json; charset=utf-8"),
        ("a.svg", "image/svg+xml; charset=utf-8"),
        ("a.png", "image/png"),
        ("LICENSE", "application/octet-stream"),
    ],
)
def test_media_types_do_not_depend_on_the_machine(name: str, expected: str) -> None:
    assert media_type_of(name) == expected


def test_every_script_without_a_nonce_gets_one() -> None:
    html = (
        b'<!-- <script> --><script src=a></script><SCRIPT>x="<script>"</SCRIPT><script nonce="own">1</script><scripty>'
    )
    assert with_nonce(html, "N") == (
        b'<!-- <script> --><script nonce="N" src=a></script><script nonce="N">x="<script>"</SCRIPT>'
        b'<script nonce="own">1</script><scripty>'
    )
