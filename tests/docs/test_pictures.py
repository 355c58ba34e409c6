"""The pictures in `docs/images`: a program takes each of them, and each is shown."""

from __future__ import annotations

import struct

import pytest

from tests.docs.pictures import IMAGES, PICTURES, Picture
from tests.requirements import ROOT


def test_no_picture_of_an_example_is_made_by_hand() -> None:
    stored = sorted(file.stem for file in IMAGES.iterdir() if file.suffix != ".svg")
    assert stored == sorted(picture.name for picture in PICTURES), "add it to tests/docs/pictures.py, which takes it"


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_the_stored_picture_has_the_size_that_is_taken_and_is_shown(picture: Picture) -> None:
    content = (IMAGES / f"{picture.name}.png").read_bytes()
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", content[16:24]) == picture.size
    pages = (path.read_text("utf-8") for path in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")))
    assert any(f"images/{picture.name}.png" in page for page in pages)
