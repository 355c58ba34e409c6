from __future__ import annotations

import os
import struct
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.images import PIXELS, bitmap, ico, png
from tests.requirements import needs_gdk_pixbuf
from transom.errors import ImageError, InvalidResource
from transom.pages import ResourceTable
from transom.runtimes import Image, JsImage


def solid(size: int, value: int) -> bytes:
    return bytes([value]) * (size * size * 4)


def test_an_image_keeps_its_pixels_and_its_size() -> None:
    image = Image(bytearray(PIXELS), 2, 2)
    assert (image.rgba, image.width, image.height) == (PIXELS, 2, 2)
    assert image == Image(PIXELS, 2, 2) != Image(PIXELS, 1, 4)


@pytest.mark.parametrize(
    ("data", "width", "height"), [(PIXELS, 2, 1), (PIXELS, 3, 2), (b"", 0, 0), (b"", -1, -1), (b"", 1 << 31, 1 << 31)]
)
def test_pixels_of_another_size_are_refused(data: bytes, width: int, height: int) -> None:
    with pytest.raises(ImageError, match="pixels"):
        Image(data, width, height)


def test_a_png_file_is_decoded() -> None:
    needs_gdk_pixbuf()
    assert Image.from_bytes(png()) == Image(PIXELS, 2, 2)
    assert Image.from_bytes(memoryview(png(solid(3, 7), 3, 3))) == Image(solid(3, 7), 3, 3)


def test_the_largest_image_of_an_ico_file_counts() -> None:
    needs_gdk_pixbuf()
    file = ico((1, png(solid(1, 9), 1, 1)), (2, png()), (1, bitmap(solid(1, 8), 1, 1)))
    assert Image.from_bytes(file) == Image(PIXELS, 2, 2)
    assert Image.from_bytes(ico((2, bitmap()))) == Image(PIXELS, 2, 2)
    assert Image.from_bytes(ico((1, png(solid(1, 9), 1, 1)), (256, png(solid(256, 1), 256, 256)))).width == 256


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a",
        png()[:20],
        png()[:40],
        png(claimed=(1 << 20, 1 << 20)),
        png(claimed=(0, 0)),
        ico(),
        ico((2, png()))[:10],
        ico((2, b"short")),
        ico((2, png(claimed=(1 << 20, 1 << 20)))),
        ico((2, struct.pack("<Iii", 40, 1 << 30, 1 << 30) + bytes(28))),
    ],
)
def test_what_is_no_image_is_refused(data: bytes) -> None:
    needs_gdk_pixbuf()
    with pytest.raises(ImageError, match="failed to process image"):
        Image.from_bytes(data)


@given(st.sampled_from([png(), ico((2, bitmap())), ico((2, png()))]), st.integers(0, 200), st.binary(max_size=8))
@example(png(), 16, b"\xff\xff\xff\xff")
def test_damaged_bytes_give_an_image_or_an_error(data: bytes, at: int, damage: bytes) -> None:
    needs_gdk_pixbuf()
    try:
        image = Image.from_bytes(data[:at] + damage + data[at + len(damage) :])
    except ImageError:
        return
    assert len(image.rgba) == image.width * image.height * 4


def test_a_file_is_read_and_its_path_is_never_told(tmp_path: Path) -> None:
    needs_gdk_pixbuf()
    (tmp_path / "icon.png").write_bytes(png())
    assert Image.from_path(tmp_path / "icon.png") == Image(PIXELS, 2, 2)
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "empty").touch()
    for name in ("none", ".", "pipe", "empty", "\0"):
        with pytest.raises(ImageError) as caught:
            Image.from_path(tmp_path / name)
        assert str(tmp_path) not in str(caught.value)


def test_every_form_that_a_page_sends_is_taken(tmp_path: Path) -> None:
    needs_gdk_pixbuf()
    (tmp_path / "icon.png").write_bytes(png())
    image = Image(PIXELS, 2, 2)

    class Owner:
        table = ResourceTable()

        def resources_table(self) -> ResourceTable:
            return self.table

    rid = Owner.table.add(image)
    rgba = {"rgba": list(PIXELS), "width": 2, "height": 2}
    for form in (str(tmp_path / "icon.png"), png(), list(png()), memoryview(png()), rid, rgba):
        assert JsImage(form).into_img(Owner()) == image
    for wrong in (True, None, 1.5, {}, {"rgba": 1, "width": 2, "height": 2}, [256], ["a"], "/", {**rgba, "width": "2"}):
        with pytest.raises(ImageError):
            JsImage(wrong).into_img(Owner())
    with pytest.raises(InvalidResource):
        JsImage(rid ^ 1).into_img(Owner())
