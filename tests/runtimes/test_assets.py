from __future__ import annotations

from pathlib import Path

import pytest

from tests.growth import growth
from transom.runtimes import Assets, is_navigation, media_type_of, with_nonce


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


def text(folder: Path | None, path: str, *, navigation: bool = True) -> str | None:
    file = Assets(folder).find(path, navigation=navigation)
    return file.read_all().decode() if file else None


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
        ("/users/john.doe", "home"),
        ("/x" * 3000, "home"),
        ("/.env", None),
        ("/.well-known/security.txt", "public"),
        ("/../outside.txt", None),
        ("/docs/../../outside.txt", None),
        ("//etc/passwd", "home"),
        ("/\0.js", "home"),
    ],
)
def test_paths_are_looked_up_as_tauri_does(folder: Path, path: str, content: str | None) -> None:
    assert text(folder, path) == content


@pytest.mark.parametrize("path", ["/missing.js", "/missing", "/users/john.doe", "/\0.js", "/" + "x" * 300, "/x" * 3000])
def test_a_part_of_a_page_that_is_missing_is_not_found(folder: Path, path: str) -> None:
    assert text(folder, path, navigation=False) is None
    assert text(folder, "/about", navigation=False) == "about"


@pytest.mark.parametrize(
    ("destination", "accept", "expected"),
    [
        ("document", "*/*", True),
        ("iframe", "*/*", True),
        ("script", "text/html", False),
        ("image", "image/*", False),
        ("empty", "*/*", False),
        ("empty", "text/html, */*", True),
        (None, "text/html,application/xhtml+xml,*/*;q=0.8", True),
        (None, "*/*", False),
        (None, "text/css,*/*;q=0.1", False),
        (None, None, False),
    ],
)
def test_a_navigation_is_known_by_its_destination_or_what_it_accepts(
    destination: str | None, accept: str | None, expected: bool
) -> None:
    headers = {"sec-fetch-dest": destination, "accept": accept}
    assert is_navigation({name: value for name, value in headers.items() if value is not None}) is expected


def test_links_out_of_the_folder_or_to_dot_files_are_not_followed(folder: Path) -> None:
    (folder / "leak.txt").symlink_to(folder.parent / "outside.txt")
    (folder / "loop.txt").symlink_to(folder / "loop.txt")
    (folder / "env.txt").symlink_to(folder / ".env")
    (folder / ".git").mkdir()
    (folder / ".git" / "config").write_text("secret")
    (folder / "git").symlink_to(folder / ".git")
    for path in ("/leak.txt", "/loop.txt", "/env.txt", "/git/config"):
        assert text(folder, path, navigation=False) is None


def test_a_list_serves_each_file_under_its_name_and_each_folder_as_a_whole(folder: Path) -> None:
    (folder.parent / "page.html").write_text("page")
    assets = Assets((folder.parent / "page.html", folder / "docs", folder / "app.js", folder / "none.js"))

    def found(path: str) -> str | None:
        file = assets.find(path, navigation=False)
        return file.read_all().decode() if file else None

    assert [found(path) for path in ("/page.html", "/page", "/", "/index.html", "/app.js")] == [
        "page",
        "page",
        "docs",
        "docs",
        "js",
    ]
    for path in ("/outside.txt", "/about.html", "/docs/index.html", "/dist/app.js", "/none.js", "/../outside.txt"):
        assert found(path) is None


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


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<style>a{}</style>", '<style nonce="N">a{}</style>'),
        ("<STYLE media=print>a{}</STYLE><p>", '<STYLE nonce="N" media=print>a{}</STYLE><p>'),
        ('<style nonce="own">"<script>"</style><script>', '<style nonce="own">"<script>"</style><script nonce="N">'),
        ('<script>"<style>"</script><style>', '<script nonce="N">"<style>"</script><style nonce="N">'),
        ("<!-- <style> --><styled><style/>", '<!-- <style> --><styled><style nonce="N"/>'),
        ("""<script data-a="a nonce=b>c">1</script>""", """<script nonce="N" data-a="a nonce=b>c">1</script>"""),
        ("<script a'b>1</script><style>", """<script nonce="N" a'b>1</script><style nonce="N">"""),
        ("<style", "<style"),
        ("<!-- <style>", "<!-- <style>"),
    ],
)
def test_elements_that_a_policy_judges_get_a_nonce(html: str, expected: str) -> None:
    assert with_nonce(html.encode(), "N").decode() == expected


def test_marking_a_large_document_is_linear() -> None:
    for piece in (b"<script>", b"<style ", b"<!--", b"<script '>", b"</script", b"<script></script>"):
        assert growth(lambda count, piece=piece: with_nonce(piece * count, "N"), 2_500) < 8, piece  # type: ignore[misc]


def test_every_script_without_a_nonce_gets_one() -> None:
    html = (
        b'<!-- <script> --><script src=a></script><SCRIPT>x="<script>"</SCRIPT><script nonce="own">1</script><scripty>'
    )
    assert with_nonce(html, "N") == (
        b'<!-- <script> --><script nonce="N" src=a></script><SCRIPT nonce="N">x="<script>"</SCRIPT>'
        b'<script nonce="own">1</script><scripty>'
    )


def test_every_file_that_may_be_served_is_listed(folder: Path) -> None:
    (folder / "out").symlink_to(folder.parent / "outside.txt")
    (folder / ".git").mkdir()
    (folder / ".git" / "config").write_text("secret")
    found = {path: text(folder, path) for path in Assets(folder).paths()}
    assert list(found) == sorted(found)
    assert found == {
        "/index.html": "home",
        "/about.html": "about",
        "/docs/index.html": "docs",
        "/app.js": "js",
        "/.well-known/security.txt": "public",
    }
