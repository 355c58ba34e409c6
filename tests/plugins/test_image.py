from __future__ import annotations

from pathlib import Path

import pytest

from tests.images import PIXELS, png
from tests.mock_app import Running, invoke_buffers
from tests.requirements import needs_gdk_pixbuf
from transom.plugins.image import image_plugin
from transom.runtimes._mock import MockRejection


def test_the_commands() -> None:
    assert sorted(image_plugin().commands or ()) == ["from_bytes", "from_path", "new", "rgba", "size"]


def test_an_image_of_pixels_is_held_until_it_is_closed(application: Running) -> None:
    page = application.page
    span = [[["rgba"], "Uint8Array", 0, 0, len(PIXELS)]]
    rid = invoke_buffers(page, 900, "plugin:image|new", '{"rgba":null,"width":2,"height":2}', span, PIXELS)
    assert page.invoke("plugin:image|size", {"rid": rid}) == {"width": 2, "height": 2}
    assert page.invoke("plugin:image|rgba", {"rid": rid}) == PIXELS
    page.invoke("plugin:resources|close", {"rid": rid})
    for command in ("size", "rgba"):
        with pytest.raises(MockRejection) as caught:
            page.invoke(f"plugin:image|{command}", {"rid": rid})
        assert caught.value.value == f"The resource id {rid} is invalid."


def test_files_and_their_bytes_are_decoded(application: Running, tmp_path: Path) -> None:
    needs_gdk_pixbuf()
    (tmp_path / "icon.png").write_bytes(png())
    of_bytes = application.page.invoke("plugin:image|from_bytes", {"bytes": list(png())})
    of_path = application.page.invoke("plugin:image|from_path", {"path": str(tmp_path / "icon.png")})
    for rid in (of_bytes, of_path):
        assert application.page.invoke("plugin:image|rgba", {"rid": rid}) == PIXELS


@pytest.mark.parametrize(
    ("command", "arguments", "said"),
    [
        ("new", {"rgba": [1, 2, 3], "width": 1, "height": 1}, "3 bytes are not an RGBA image of 1 x 1 pixels"),
        ("new", {"rgba": [], "width": 0, "height": 0}, "an image of 0 x 0 pixels is not possible"),
        ("new", {"rgba": [], "width": -1, "height": 1e300}, "invalid args"),
        ("from_bytes", {"bytes": [1, 2, 3]}, "failed to process image"),
        ("from_path", {"path": "/secret/icon.png"}, "failed to process image: the file cannot be read: No such file"),
    ],
)
def test_a_wrong_image_rejects_and_says_why(
    application: Running, command: str, arguments: dict[str, object], said: str
) -> None:
    with pytest.raises(MockRejection) as caught:
        application.page.invoke(f"plugin:image|{command}", arguments)
    assert said in str(caught.value.value)
    assert "secret" not in str(caught.value.value)
