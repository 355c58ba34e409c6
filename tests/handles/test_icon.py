from __future__ import annotations

from pathlib import Path

import msgspec

from tests.mock_app import context
from transom.handles import window_icon_file


def test_the_icon_is_the_first_picture_that_there_is(tmp_path: Path) -> None:
    config = msgspec.structs.replace(context().config, folder=tmp_path)
    assert window_icon_file(config) is None
    (tmp_path / "icons").mkdir()
    (tmp_path / "icons" / "icon.png").touch()
    assert window_icon_file(config) == tmp_path / "icons" / "icon.png"
    named = msgspec.structs.replace(config, bundle={"icon": ["icons/icon.ico", "missing.png", "icons/own.PNG"]})
    assert window_icon_file(named) == tmp_path / "icons" / "icon.png"
    (tmp_path / "icons" / "own.PNG").touch()
    assert window_icon_file(named) == tmp_path / "icons" / "own.PNG"
