"""What is shown of a file."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atlas._messages import BinaryPreview, ImagePreview, NoPreview, TextPreview
from atlas._preview import TEXT_LIMIT, as_text, describe, hex_lines, image_bytes, image_type, preview

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


def test_an_image_is_known_by_its_bytes_not_its_name(tmp_path: Path) -> None:
    (tmp_path / "picture.txt").write_bytes(PNG)
    assert preview(str(tmp_path / "picture.txt")) == ImagePreview(mime="image/png", size=len(PNG))
    assert image_bytes(str(tmp_path / "picture.txt")) == PNG


@pytest.mark.parametrize(
    ("head", "path", "mime"),
    [
        (b"\xff\xd8\xff\xe0", "a", "image/jpeg"),
        (b"GIF89a", "a", "image/gif"),
        (b"RIFF....WEBP", "a", "image/webp"),
        (b"\0\0\0 ftypavif", "a", "image/avif"),
        (b"<svg xmlns=", "a.svg", "image/svg+xml"),
        (b"<svg xmlns=", "a.txt", None),
        (b"RIFF....WAVE", "a", None),
    ],
)
def test_images_are_told_apart(head: bytes, path: str, mime: str | None) -> None:
    assert image_type(head, path) == mime


def test_long_text_is_cut_between_characters(tmp_path: Path) -> None:
    (tmp_path / "long").write_text("é" * TEXT_LIMIT)
    (tmp_path / "odd").write_text("x" + "é" * TEXT_LIMIT)
    shown = preview(str(tmp_path / "odd"))
    assert isinstance(shown, TextPreview)
    assert shown.truncated
    assert set(shown.text) == {"x", "é"}
    assert isinstance(preview(str(tmp_path / "long")), TextPreview)


def test_other_bytes_are_shown_as_digits(tmp_path: Path) -> None:
    (tmp_path / "thing").write_bytes(bytes(range(32)))
    shown = preview(str(tmp_path / "thing"))
    assert isinstance(shown, BinaryPreview)
    assert shown.hex[0].startswith("000000  00 01 02")


def test_what_has_no_content_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("/etc/passwd")
    for name in ("pipe", "link", "."):
        assert isinstance(preview(str(tmp_path / name)), NoPreview)
    with pytest.raises(OSError, match="not an ordinary file"):
        image_bytes(str(tmp_path / "pipe"))


def test_a_file_that_has_gone_is_an_error_and_still_described(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        preview(str(tmp_path / "gone"))
    details = describe(str(tmp_path / "gone"), 1, 2)
    assert (details.name, details.problem) == ("gone", "it no longer exists")


def test_a_link_says_where_it_points(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("else\nwhere")
    details = describe(str(tmp_path / "link"), 1, 2)
    assert (details.kind, details.target) == ("link", "else\u240awhere")


def test_old_text_is_text_and_programs_are_not() -> None:
    assert as_text("café au lait".encode("latin-1"), whole=True) == "café au lait"
    assert as_text("wide".encode("utf-16"), whole=True) == "wide"
    assert as_text(b"\x7fELF\x01\x02\0", whole=True) is None
    assert as_text(bytes(range(1, 9)) * 4 + b"\xff", whole=True) is None


@given(st.text(), st.integers(0, 40))
def test_text_cut_anywhere_is_a_beginning_of_the_text(text: str, at: int) -> None:
    raw = text.encode()
    if b"\0" in raw or raw.startswith(b"\xef\xbb\xbf"):
        return
    shown = as_text(raw[:at], whole=at >= len(raw))
    assert shown is None or text.startswith(shown) or at < 4


@given(st.binary(max_size=100))
def test_a_hex_dump_holds_every_byte(raw: bytes) -> None:
    assert bytes.fromhex("".join(line[8:55] for line in hex_lines(raw))) == raw
