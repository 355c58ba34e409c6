"""`transom icon` with a manifest of Tauri: each kind of icon is drawn from the picture that it names."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.requirements import needs_pillow
from transom.cli import main
from transom.cli.icon import make_icons
from transom.errors import ConfigError

RED, GREEN, BLUE, WHITE, CLEAR = (
    (255, 0, 0, 255),
    (0, 255, 0, 255),
    (0, 0, 255, 255),
    (255, 255, 255, 255),
    (0, 0, 0, 0),
)
_ANDROID = "{http://schemas.android.com/apk/res/android}drawable"
_Write = Callable[..., Path]


@pytest.fixture
def pillow() -> Any:
    return needs_pillow()


@pytest.fixture
def write(pillow: Any, tmp_path: Path) -> _Write:
    """Writes a manifest beside a red, a blue and a white square, and a small green one in the middle of nothing."""
    for name, color in (("red", RED), ("blue", BLUE), ("white", WHITE)):
        pillow.new("RGBA", (64, 64), color).save(tmp_path / f"{name}.png")
    green = pillow.new("RGBA", (64, 64), CLEAR)
    green.paste(GREEN, (20, 20, 44, 44))
    green.save(tmp_path / "green.png")

    def write(**fields: Any) -> Path:
        (tmp_path / "icons.json").write_text(json.dumps(fields), "utf-8")
        return tmp_path / "icons.json"

    return write


def _pixel(pillow: Any, file: Path, share: float) -> Any:
    with pillow.open(file) as image:
        return image.getpixel((round(image.width * share), image.height // 2))


def _adaptive(folder: Path) -> dict[str, str]:
    root = ET.parse(folder / "mipmap-anydpi-v26" / "ic_launcher.xml").getroot()
    return {layer.tag: layer.attrib[_ANDROID] for layer in root}


def test_each_layer_is_drawn_from_its_own_picture(pillow: Any, write: _Write, tmp_path: Path) -> None:
    manifest = write(
        default="red.png",
        bg_color="blue",
        android_fg="green.png",
        android_bg="blue.png",
        android_monochrome="white.png",
        android_fg_scale=75,
    )
    made = make_icons(manifest, tmp_path / "icons", ios_color="white")
    assert sorted(made) == sorted(path for path in (tmp_path / "icons").rglob("*") if path.is_file())
    assert _pixel(pillow, tmp_path / "icons" / "icon.png", 0.5) == RED
    android = tmp_path / "icons" / "android"
    density = android / "mipmap-xxxhdpi"
    layers = {"foreground": GREEN, "background": BLUE, "monochrome": WHITE}
    for name, color in layers.items():
        assert _pixel(pillow, density / f"ic_launcher_{name}.png", 0.5) == color
    assert _pixel(pillow, density / "ic_launcher_foreground.png", 0.25) == CLEAR  # as it is
    # The green square takes three quarters of the icon with one layer, and the blue picture is behind it.
    assert [_pixel(pillow, density / "ic_launcher.png", share) for share in (0.14, 0.3, 0.5, 0.7, 0.86)] == [
        BLUE,
        GREEN,
        GREEN,
        GREEN,
        BLUE,
    ]
    assert _adaptive(android) == {name: f"@mipmap/ic_launcher_{name}" for name in layers}
    assert not (android / "values").exists()


def test_a_manifest_needs_only_the_picture_of_all_icons(pillow: Any, write: _Write, tmp_path: Path) -> None:
    make_icons(write(default="green.png", bg_color="#0000ff80"), tmp_path / "icons", ios_color="white")
    android = tmp_path / "icons" / "android"
    assert _adaptive(android) == {
        "foreground": "@mipmap/ic_launcher_foreground",
        "background": "@color/ic_launcher_background",
    }
    assert ">#800000ff<" in (android / "values" / "ic_launcher_background.xml").read_text("utf-8")
    assert _pixel(pillow, android / "mipmap-mdpi" / "ic_launcher.png", 0.5) == GREEN
    assert _pixel(pillow, android / "mipmap-mdpi" / "ic_launcher.png", 0.2) == CLEAR
    assert _pixel(pillow, tmp_path / "icons" / "ios" / "AppIcon-60x60@2x.png", 0.1)[:3] == BLUE[:3]


def test_one_warning_names_the_fields_without_a_meaning(
    write: _Write, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    manifest = write(default="red.png", ios_color="#fff", androidFg="green.png")
    assert main(["icon", str(manifest), "-o", str(tmp_path / "icons"), "--png", "16"]) == 0
    [warning] = capsys.readouterr().err.splitlines()
    assert warning.startswith(f"warning: {manifest}: these fields have no meaning and are ignored: ios_color")
    assert "androidFg (did you mean android_fg?)" in warning


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is not a manifest of icons: input data was truncated; write it as"),
        ("[]", "is not a manifest of icons: expected `object`, got `array`; write it as"),
        ("{}", "missing required field `default`; write it as"),
        ('{"default": 1}', r"expected `str`, got `int` - at `\$.default`"),
        ('{"default": "red.png", "android_fg_scale": 0}', "android_fg_scale is 0, but percent from 1 to 1000"),
        ('{"default": "red.png", "bg_color": "blueish"}', "'blueish' is not a colour"),
        ('{"default": "none.png"}', "none.png: No such file or directory; name a square PNG or SVG file"),
        ('{"default": "red.png", "android_bg": "icons.json"}', "icons.json is not a whole PNG file"),
    ],
)
def test_a_wrong_manifest_is_one_sentence_and_writes_nothing(
    write: _Write, tmp_path: Path, text: str, said: str
) -> None:
    manifest = write()
    manifest.write_text(text, "utf-8")
    with pytest.raises(ConfigError, match=said):
        make_icons(manifest, tmp_path / "icons")
    assert not (tmp_path / "icons").exists()
