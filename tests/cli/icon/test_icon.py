"""`transom icon`: the files are those of Tauri's verb, and other programs read them."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import pytest

from tests.requirements import needs_icnsutil, needs_pillow, needs_svg
from transom.cli import main
from transom.cli.icon import make_icons
from transom.cli.icon._icns import icns
from transom.cli.icon._sizes import ICNS_OLD
from transom.errors import ConfigError

# What `tauri icon` 2.x writes: file -> pixels of a side.
DESKTOP = {
    "32x32.png": 32,
    "64x64.png": 64,
    "128x128.png": 128,
    "128x128@2x.png": 256,
    "icon.png": 512,
    "StoreLogo.png": 50,
    "Square30x30Logo.png": 30,
    "Square44x44Logo.png": 44,
    "Square71x71Logo.png": 71,
    "Square89x89Logo.png": 89,
    "Square107x107Logo.png": 107,
    "Square142x142Logo.png": 142,
    "Square150x150Logo.png": 150,
    "Square284x284Logo.png": 284,
    "Square310x310Logo.png": 310,
}
IOS = {
    "ios/AppIcon-20x20@1x.png": 20,
    "ios/AppIcon-20x20@2x.png": 40,
    "ios/AppIcon-20x20@2x-1.png": 40,
    "ios/AppIcon-20x20@3x.png": 60,
    "ios/AppIcon-29x29@1x.png": 29,
    "ios/AppIcon-29x29@2x.png": 58,
    "ios/AppIcon-29x29@2x-1.png": 58,
    "ios/AppIcon-29x29@3x.png": 87,
    "ios/AppIcon-40x40@1x.png": 40,
    "ios/AppIcon-40x40@2x.png": 80,
    "ios/AppIcon-40x40@2x-1.png": 80,
    "ios/AppIcon-40x40@3x.png": 120,
    "ios/AppIcon-60x60@2x.png": 120,
    "ios/AppIcon-60x60@3x.png": 180,
    "ios/AppIcon-76x76@1x.png": 76,
    "ios/AppIcon-76x76@2x.png": 152,
    "ios/AppIcon-83.5x83.5@2x.png": 167,
    "ios/AppIcon-512@2x.png": 1024,
}
LAUNCHERS = {"mdpi": (48, 108), "hdpi": (72, 162), "xhdpi": (96, 216), "xxhdpi": (144, 324), "xxxhdpi": (192, 432)}
ANDROID = {
    f"android/mipmap-{density}/ic_launcher{kind}.png": size
    for density, (icon, foreground) in LAUNCHERS.items()
    for kind, size in (("", icon), ("_round", icon), ("_foreground", foreground))
}
OTHER = {
    "icon.ico",
    "icon.icns",
    "android/values/ic_launcher_background.xml",
    "android/mipmap-anydpi-v26/ic_launcher.xml",
}
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="{}" height="32"><circle cx="16" cy="16" r="16" fill="#ff0000"/></svg>'


@pytest.fixture
def pillow() -> Any:
    return needs_pillow()


@pytest.fixture
def picture(pillow: Any, tmp_path: Path) -> Path:
    """A red square with a transparent border."""
    image = pillow.new("RGBA", (64, 64), (0, 0, 0, 0))
    image.paste((255, 0, 0, 255), (16, 16, 48, 48))
    image.save(tmp_path / "app-icon.png")
    return tmp_path / "app-icon.png"


def test_every_file_of_tauris_verb_is_there_with_its_size(pillow: Any, picture: Path, tmp_path: Path) -> None:
    into = tmp_path / "icons"
    made = make_icons(picture, into, ios_color="#0000ff")
    sizes = DESKTOP | IOS | ANDROID
    assert sorted(made) == sorted(path for path in into.rglob("*") if path.is_file())
    assert {str(path.relative_to(into)) for path in made} == sizes.keys() | OTHER
    for name, size in sizes.items():
        with pillow.open(into / name) as image:
            assert (name, image.format, image.mode, image.size) == (name, "PNG", "RGBA", (size, size))
    with pillow.open(into / "icon.png") as image:
        assert image.getpixel((256, 256)) == (255, 0, 0, 255)
        assert image.getpixel((2, 2))[3] == 0
    with pillow.open(into / "ios" / "AppIcon-60x60@3x.png") as image:
        assert image.getpixel((2, 2)) == (0, 0, 255, 255)  # no transparency
        assert image.getpixel((90, 90)) == (255, 0, 0, 255)
    color = (into / "android" / "values" / "ic_launcher_background.xml").read_text("utf-8")
    assert '<color name="ic_launcher_background">#0000ff</color>' in color


def test_windows_and_macos_files_have_the_sizes_of_tauri(pillow: Any, picture: Path, tmp_path: Path) -> None:
    make_icons(picture, tmp_path / "icons")
    data = (tmp_path / "icons" / "icon.ico").read_bytes()
    entries = [struct.unpack_from("<BBBBHHII", data, 6 + 16 * number) for number in range(6)]
    assert [entry[0] or 256 for entry in entries] == [32, 16, 24, 48, 64, 256]
    with pillow.open(tmp_path / "icons" / "icon.ico") as icon:
        assert icon.info["sizes"] == {(size, size) for size in (16, 24, 32, 48, 64, 256)}
        for size in icon.info["sizes"]:
            icon.size = size
            icon.load()
            assert icon.getpixel((size[0] // 2, size[0] // 2)) == (255, 0, 0, 255)
    with pillow.open(tmp_path / "icons" / "icon.icns") as icon:
        wanted = {(16, 1), (16, 2), (32, 1), (32, 2), (128, 1), (128, 2), (256, 1), (256, 2), (512, 1), (512, 2)}
        assert {(width, scale) for width, _, scale in icon.info["sizes"]} == wanted
        icon.load()
        assert icon.size == (1024, 1024)
        assert icon.getpixel((512, 512)) == (255, 0, 0, 255)


def test_another_program_reads_the_icons_of_macos(picture: Path, tmp_path: Path) -> None:
    icnsutil = needs_icnsutil()
    make_icons(picture, tmp_path / "icons")
    file = str(tmp_path / "icons" / "icon.icns")
    assert list(icnsutil.IcnsFile.verify(file)) == []
    kinds = ["is32", "s8mk", "il32", "l8mk", "ic11", "ic12", "ic07", "ic13", "ic08", "ic14", "ic09", "ic10"]
    assert list(icnsutil.IcnsFile(file).media) == kinds


def test_pictures_without_png_keep_every_pixel(pillow: Any, tmp_path: Path) -> None:
    icnsutil = needs_icnsutil()
    # Runs of every length, and rows whose pixels are all different.
    image = pillow.new("RGBA", (32, 32), (0, 0, 0, 0))
    for y in range(32):
        for x in range(32):
            image.putpixel((x, y), (x * y % 256, 200 if x < y else x, y // 8, 8 * x if y else 255))
    (tmp_path / "icon.icns").write_bytes(icns(lambda size: image.crop((0, 0, size, size)), {}, ICNS_OLD))
    media = icnsutil.IcnsFile(str(tmp_path / "icon.icns")).media
    with pillow.open(tmp_path / "icon.icns") as icon:
        for (colors, mask), size in ICNS_OLD.items():
            wanted = image.crop((0, 0, size, size))
            red, green, blue, opacity = (band.tobytes() for band in wanted.split())
            read = icnsutil.ArgbImage(data=media[colors], mask=media[mask])
            assert (read.rgb_data(compress=False), read.mask_data()) == (red + green + blue, opacity)
            assert icon.icns.getimage((size, size, 1)).tobytes() == wanted.tobytes()


def test_corners_of_android_are_round(pillow: Any, tmp_path: Path) -> None:
    pillow.new("RGBA", (64, 64), (255, 0, 0, 255)).save(tmp_path / "full.png")
    make_icons(tmp_path / "full.png", tmp_path / "icons")
    with pillow.open(tmp_path / "icons" / "android" / "mipmap-xxxhdpi" / "ic_launcher_round.png") as image:
        assert image.getpixel((96, 96)) == (255, 0, 0, 255)
        assert image.getpixel((96, 20))[3] == 255
        assert image.getpixel((30, 30))[3] == 0


def test_an_svg_is_drawn_at_every_size(pillow: Any, tmp_path: Path) -> None:
    needs_svg()
    (tmp_path / "icon.svg").write_text(SVG.format(32), "utf-8")
    made = make_icons(tmp_path / "icon.svg", tmp_path / "icons", [16, 512])
    assert [path.name for path in made] == ["16x16.png", "512x512.png"]
    with pillow.open(made[1]) as image:
        assert image.size == (512, 512)
        assert image.getpixel((256, 256)) == (255, 0, 0, 255)
        # The edge of the circle: a picture that was enlarged would have a soft one.
        row = [image.getpixel((x, 256))[3] for x in range(8)]
        assert row[0] in range(256)
        assert row[3:] == [255] * 5
        assert image.getpixel((20, 20))[3] == 0


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.png", b"text", "is not a whole PNG file"),
        ("a.png", b"\x89PNG\r\n\x1a\n", "is not a whole PNG file"),
        ("a.svg", b"<svg", "SVG files are drawn by librsvg"),
        ("a.svg", SVG.format(64).encode(), "has 64 x 32 pixels, but an icon must be square"),
    ],
)
def test_a_file_that_is_no_square_picture_is_named(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    needs_pillow()
    needs_svg()
    (tmp_path / name).write_bytes(data)
    with pytest.raises(ConfigError, match=said) as told:
        make_icons(tmp_path / name, tmp_path / "icons")
    assert str(tmp_path / name) in str(told.value)
    assert not (tmp_path / "icons").exists()


def test_other_mistakes_are_one_sentence_each(picture: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="'blueish' is not a colour"):
        make_icons(picture, tmp_path / "icons", ios_color="blueish")
    with pytest.raises(ConfigError, match="1 to 4096 pixels, and not 5000"):
        make_icons(picture, tmp_path / "icons", [5000])
    with pytest.raises(ConfigError, match="missing.png: No such file"):
        make_icons(tmp_path / "missing.png", tmp_path / "icons")
    with pytest.raises(ConfigError, match="cannot be written"):
        make_icons(picture, picture / "icons", [16])


def test_the_verb_writes_beside_the_configuration(
    picture: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["icon", "--png", "16"]) == 1
    assert "tauri.conf.json" in capsys.readouterr().err
    (tmp_path / "src-tauri").mkdir()
    (tmp_path / "src-tauri" / "tauri.conf.json").write_text("{}", "utf-8")
    assert main(["icon", "--png", "16,24", "--json"]) == 0
    icons = tmp_path / "src-tauri" / "icons"
    assert json.loads(capsys.readouterr().out) == [str(icons / "16x16.png"), str(icons / "24x24.png")]
    assert main(["icon", "--png", "big"]) == 1
    assert "write them as 16,48" in capsys.readouterr().err
