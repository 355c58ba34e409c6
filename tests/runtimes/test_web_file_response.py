"""Files that the web runtime serves: of the front end, and of the asset protocol."""

from __future__ import annotations

import socket
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, urljoin, urlsplit

from tests.conformance.raw_page import Answer, RawPage, request
from tests.runtimes.served import served_runtime

DOCUMENT = "<!doctype html><title>t</title>"


def _project(folder: Path) -> Path:
    front_end = folder / "dist"
    front_end.mkdir()
    (front_end / "index.html").write_text(DOCUMENT, "utf-8")
    (front_end / "app.js").write_text("1", "utf-8")
    return front_end


def test_documents_fall_back_to_the_router_and_parts_of_pages_do_not(tmp_path: Path) -> None:
    with served_runtime(_project(tmp_path)) as (_, address):
        page = RawPage(address)
        for headers in ({"Sec-Fetch-Dest": "document"}, {"Sec-Fetch-Dest": "iframe"}, {"Accept": "text/html,*/*"}):
            answer = page.get("users/john.doe", headers)
            assert (answer.status, "<title>t</title>" in answer.text) == (200, True)
        for destination in ("script", "image", "style", "empty"):
            assert page.get("users/john", {"Sec-Fetch-Dest": destination, "Accept": "*/*"}).status == 404


def test_assets_have_ranges_and_are_sent_again_only_when_they_changed(tmp_path: Path) -> None:
    front_end = _project(tmp_path)
    large = bytes(range(128)) * 8192
    (front_end / "film.mp4").write_bytes(large)
    with served_runtime(front_end) as (_, address):
        page = RawPage(address)
        whole = page.get("film.mp4")
        assert (whole.status, whole.text.encode() == large, whole.headers["accept-ranges"]) == (200, True, "bytes")
        part = page.get("film.mp4", {"Range": "bytes=1000000-"})
        assert (part.status, part.text.encode() == large[1000000:]) == (206, True)
        assert part.headers["content-range"] == f"bytes 1000000-{len(large) - 1}/{len(large)}"
        assert page.get("film.mp4", {"Range": f"bytes={len(large)}-"}).status == 416
        for known in ({"If-None-Match": whole.headers["etag"]}, {"If-Modified-Since": whole.headers["last-modified"]}):
            again = page.get("film.mp4", known)
            assert (again.status, again.text, again.headers["etag"]) == (304, "", whole.headers["etag"])
            assert again.headers["cache-control"] == "no-cache"
        head = request(urljoin(page.address, "film.mp4"), {"Cookie": page.cookie}, "HEAD")
        assert (head.status, head.text, head.headers["content-length"]) == (200, "", str(len(large)))
        (front_end / "film.mp4").write_bytes(b"new")
        assert page.get("film.mp4", {"If-None-Match": whole.headers["etag"]}).text == "new"
        (front_end / "empty.txt").touch()
        assert page.get("empty.txt").status == 200


def test_header_fields_of_the_application_go_with_documents_and_files(tmp_path: Path) -> None:
    headers = (("Cross-Origin-Embedder-Policy", "require-corp"), ("X-Content-Type-Options", "own"))
    with served_runtime(_project(tmp_path), headers=headers) as (_, address):
        page = RawPage(address)
        for answer in (page.document, page.get("app.js")):
            assert answer.headers["cross-origin-embedder-policy"] == "require-corp"
            assert answer.headers["x-content-type-options"] == "own"


def test_a_client_that_leaves_ends_the_sending_of_its_file(tmp_path: Path) -> None:
    front_end = _project(tmp_path)
    with (front_end / "film.mp4").open("wb") as film:
        film.truncate(1 << 30)

    def is_open() -> bool:
        found = False
        for entry in Path("/proc/self/fd").iterdir():
            with suppress(OSError):
                found |= entry.readlink().name == "film.mp4"
        return found

    with served_runtime(front_end) as (_, address):
        page = RawPage(address)
        parts = urlsplit(urljoin(page.address, "film.mp4"))
        with socket.create_connection((parts.hostname, parts.port)) as client:
            client.sendall(
                f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nCookie: {page.cookie}\r\n\r\n".encode()
            )
            assert client.recv(1)
            assert is_open()
        until = time.monotonic() + 10
        while is_open():
            assert time.monotonic() < until
            assert page.get("app.js").status == 200


def test_files_are_served_where_the_scope_allows_it(tmp_path: Path) -> None:
    front_end = tmp_path / "front end"
    front_end.mkdir()
    (front_end / "index.html").write_text(DOCUMENT, "utf-8")
    file = tmp_path / "allowed é.bin"
    file.write_bytes(bytes(range(128)) * 40)
    (tmp_path / "page.htm").write_text("<script>1</script>")
    (tmp_path / "secret.txt").write_text("secret")

    def allowed(path: Path) -> bool:
        return path.parent == tmp_path and path.suffix != ".txt"

    with served_runtime(front_end, asset_scope=allowed) as (_, address):
        page = RawPage(address)

        def get(path: Path | str, **headers: str) -> Answer:
            return page.get(f".transom/asset/main/{quote(str(path), safe='')}", headers)

        whole = get(file)
        assert (whole.status, whole.text) == (200, bytes(range(128)).decode() * 40)
        assert whole.headers["content-type"] == "application/octet-stream"
        part = get(file, Range="bytes=5-9")
        assert (part.status, part.text, part.headers["content-range"]) == (206, "\5\6\7\x08\t", "bytes 5-9/5120")
        document = get(tmp_path / "page.htm")
        assert document.headers["content-type"] == "text/html; charset=utf-8"
        assert document.headers["content-security-policy"].startswith(
            "sandbox "
        )  # it is none of the application's pages
        assert get(tmp_path / "none.bin").status == get(tmp_path / ("x" * 300)).status == 404
        assert get("/" + "a/" * 3000).status == 403
        assert get(file, **{"If-None-Match": whole.headers["etag"]}).status == 304
        assert get(file, **{"Range": "bytes=0-4", "If-Range": '"other"'}).status == 200
        head = request(
            urljoin(page.address, f".transom/asset/main/{quote(str(file), safe='')}"), {"Cookie": page.cookie}, "HEAD"
        )
        assert (head.status, head.text, head.headers["content-length"]) == (200, "", "5120")
        (tmp_path / "link.bin").symlink_to(file)
        assert get(tmp_path / "link.bin").text == whole.text
        (tmp_path / "link.gif").symlink_to(tmp_path / "secret.txt")
        for path in (
            tmp_path / "link.gif",
            tmp_path / "secret.txt",
            tmp_path / "x" / ".." / "secret.txt",
            file.name,
            f"{file}\0",
            "",
        ):
            assert get(path).status == 403
        assert get(file, **{"Sec-Fetch-Site": "cross-site"}).status == 403


def test_a_link_that_is_swapped_after_the_check_leads_nowhere(tmp_path: Path) -> None:
    front_end, scope, outside = tmp_path / "front end", tmp_path / "scope", tmp_path / "outside"
    for folder in (front_end, scope, outside):
        folder.mkdir()
        (folder / "a.txt").write_text(folder.name)
    (front_end / "index.html").write_text(DOCUMENT, "utf-8")

    def allowed(path: Path) -> bool:
        inside = path.is_relative_to(scope)
        if scope.is_dir() and not scope.is_symlink():
            scope.rename(tmp_path / "moved")
            scope.symlink_to(outside)
        return inside

    with served_runtime(front_end, asset_scope=allowed) as (_, address):
        answer = RawPage(address).get(f".transom/asset/main/{quote(str(scope / 'a.txt'), safe='')}")
        assert (answer.status, "outside" in answer.text) == (403, False)
