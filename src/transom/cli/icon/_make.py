"""Draws the pictures and writes the files."""

from __future__ import annotations

import functools
import io
import struct
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ...errors import ConfigError, ImageError
from ...runtimes import MAX_PIXELS, draw_svg
from ._icns import icns, png_bytes
from ._manifest import Manifest, read_manifest
from ._sizes import ANDROID, ICNS, ICNS_OLD, ICO, IOS, PNG

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["make_icons"]

_LARGEST = 4096  # pixels of a side
_Draw = Callable[[int], "Image.Image"]
_ADAPTIVE = """<?xml version="1.0" encoding="utf-8"?>
<adaptive-icon xmlns:android="http://schemas.android.com/apk/res/android">
  {}
</adaptive-icon>"""
_COLOR = """<?xml version="1.0" encoding="utf-8"?>
<resources>
  <color name="ic_launcher_background">#{}</color>
</resources>"""


class _Layers(NamedTuple):
    """What the icons of Android are drawn from.

    Attributes:
        whole: The picture of every other icon.
        foreground: The picture in front, which Android puts into the shape of its icons.
        background: The picture behind it; `None` for a colour.
        monochrome: The picture for icons in the colours of the user's theme; `None` for none.
    """

    whole: _Draw
    foreground: _Draw
    background: _Draw | None = None
    monochrome: _Draw | None = None


def make_icons(
    source: Path,
    into: Path,
    sizes: Sequence[int] = (),
    ios_color: str = "#fff",
    warn: Callable[[str], object] = lambda _: None,
) -> list[Path]:
    """Write the icons of an application, and return their files in the order in which they were written.

    Args:
        source: A square PNG or SVG file, or a manifest: a JSON file that names several.
        into: The folder; it is made if it does not exist.
        sizes: Pixels of a side; for each of them there is one PNG file, and nothing else. None for everything.
        ios_color: What is behind the icons of iOS, which cannot be transparent, and of Android: a colour of CSS. The colour
            of a manifest comes first.
        warn: Called with a sentence if fields of the manifest have no meaning.

    Raises:
        ConfigError: Pillow is missing, the manifest is wrong, a source is no square picture, the colour or a size is none,
            or a file cannot be written.
    """
    for size in sizes:
        if not 1 <= size <= _LARGEST:
            raise ConfigError(f"an icon has 1 to {_LARGEST} pixels, and not {size}")
    manifest = read_manifest(source, warn) if source.suffix.lower() == ".json" else Manifest(source)
    color = _color(manifest.color or ios_color)
    draw = _drawing(manifest.default)
    pictures: dict[Path, Callable[[], bytes]] = {}
    if sizes:
        pictures |= {into / f"{size}x{size}.png": functools.partial(_png, draw, size) for size in sizes}
    else:
        pictures |= {into / name: functools.partial(_png, draw, size) for name, size in PNG.items()}
        pictures |= {into / "icon.ico": lambda: _ico(draw), into / "icon.icns": lambda: icns(draw, ICNS, ICNS_OLD)}
        ios = _place(into, "apple/Assets.xcassets/AppIcon.appiconset", "ios")
        pictures |= {ios / name: functools.partial(_on_color, draw, size, color) for name, size in IOS.items()}
        pictures |= _android(_layers(draw, manifest), _place(into, "android/app/src/main/res", "android"), color)
    try:
        for file, picture in pictures.items():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(picture())
    except OSError as error:
        raise ConfigError(f"{error.filename or into} cannot be written: {error.strerror}") from None
    return list(pictures)


def _place(into: Path, generated: str, name: str) -> Path:
    # Tauri: where a mobile project was generated, its icons are replaced.
    project = into.parent / "gen" / generated
    return project if project.exists() else into / name


def _pillow() -> None:
    try:
        import PIL.Image  # noqa: F401 - only this verb needs it
    except ImportError:
        raise ConfigError("transom icon draws with the package Pillow: pip install 'transom[icon]'") from None


def _color(text: str) -> tuple[int, ...]:
    _pillow()
    from PIL import ImageColor

    try:
        return ImageColor.getcolor(text, "RGBA")  # type: ignore[return-value] # RGBA has four numbers
    except ValueError:
        raise ConfigError(f"{text!r} is not a colour; use one of CSS, such as #fff or white") from None


def _drawing(source: Path) -> _Draw:
    """Return what draws the source with so many pixels."""
    from PIL import Image, UnidentifiedImageError

    try:
        data = source.read_bytes()
    except OSError as error:
        raise ConfigError(f"{source}: {error.strerror}; name a square PNG or SVG file") from None
    if source.suffix.lower() == ".svg":
        return _svg_drawing(source, data)
    try:
        with Image.open(io.BytesIO(data), formats=["PNG"]) as opened:
            _check_square(source, *opened.size)
            picture = opened.convert("RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise ConfigError(f"{source} is not a whole PNG file; convert the picture to PNG or SVG") from None
    # Pillow multiplies by the opacity when it scales, so that transparent pixels add no colour.
    return lambda size: picture.resize((size, size), Image.Resampling.LANCZOS)


def _svg_drawing(source: Path, data: bytes) -> _Draw:
    from PIL import Image

    try:
        _, (width, height) = draw_svg(data, 16)
    except ImageError as error:
        raise ConfigError(f"{source}: {error}") from None
    _check_square(source, width, height)
    return lambda size: Image.frombytes("RGBA", (size, size), draw_svg(data, size)[0])


def _check_square(source: Path, width: int, height: int) -> None:
    if width != height:
        raise ConfigError(
            f"{source} has {width} x {height} pixels, but an icon must be square; crop it, or add a border"
        )
    if width * height > MAX_PIXELS:
        raise ConfigError(f"{source} has {width} x {height} pixels; 1024 x 1024 are enough")


def _png(draw: _Draw, size: int) -> bytes:
    return png_bytes(draw(size))


def _on_color(draw: _Draw, size: int, color: tuple[int, ...]) -> bytes:
    from PIL import Image

    behind = Image.new("RGBA", (size, size), color)
    behind.alpha_composite(draw(size))
    return png_bytes(behind)


def _ico(draw: _Draw) -> bytes:
    """Return a file of Windows whose pictures are PNG, as Tauri's."""
    pictures = [_png(draw, size) for size in ICO]
    place = 6 + 16 * len(pictures)
    text = struct.pack("<HHH", 0, 1, len(pictures))
    for size, data in zip(ICO, pictures, strict=True):
        # A byte of 0 stands for 256 pixels; no palette, one plane, 32 bits a pixel.
        text += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(data), place)
        place += len(data)
    return text + b"".join(pictures)


def _layers(draw: _Draw, manifest: Manifest) -> _Layers:
    foreground = _drawing(manifest.foreground) if manifest.foreground else draw
    monochrome = _drawing(manifest.monochrome) if manifest.monochrome else None
    if manifest.background is None:
        return _Layers(draw, foreground, None, monochrome)
    background = _drawing(manifest.background)

    # Tauri: only with a picture behind it, and only for Android before 8, whose icons have one layer.
    def whole(size: int) -> Image.Image:
        picture = background(size)
        front = foreground(size) if manifest.scale is None else _scaled(foreground, size, manifest.scale)
        picture.alpha_composite(front)
        return picture

    return _Layers(whole, foreground, background, monochrome)


def _scaled(draw: _Draw, size: int, percent: float) -> Image.Image:
    """Draw what is not transparent so large that its longer side has this share of the size, in the middle."""
    from PIL import Image

    # Drawn larger first, so that what is cut out is not enlarged.
    picture = draw(size * 4)
    picture = picture.crop(picture.getbbox())
    scale = size * percent / 100 / max(picture.size)
    width, height = (max(1, round(side * scale)) for side in picture.size)
    scaled = picture.resize((width, height), Image.Resampling.LANCZOS)
    middle = Image.new("RGBA", (size, size), (0, 0, 0, 0))
    middle.paste(scaled, ((size - width) // 2, (size - height) // 2))
    return middle


def _android(layers: _Layers, folder: Path, color: tuple[int, ...]) -> dict[Path, Callable[[], bytes]]:
    found: dict[Path, Callable[[], bytes]] = {}
    drawn = {
        "foreground": layers.foreground,
        "background": layers.background,
        "monochrome": layers.monochrome,
    }
    for density, (size, layer) in ANDROID.items():
        place = folder / f"mipmap-{density}"
        # Tauri: a margin and corners, as shares of the size.
        corner = round(size * 0.0833)
        for name, draw in drawn.items():
            if draw is not None:
                found[place / f"ic_launcher_{name}.png"] = functools.partial(_png, draw, layer)
        found[place / "ic_launcher.png"] = functools.partial(_rounded, layers.whole, size, corner, corner)
        margin = round(size * 0.04)
        found[place / "ic_launcher_round.png"] = functools.partial(_rounded, layers.whole, size, margin, size // 2)
    if layers.background is None:
        # Android wants the opacity first.
        red_green_blue, opacity = bytes(color[:3]), bytes(color[3:])
        text = (red_green_blue if opacity == b"\xff" else opacity + red_green_blue).hex()
        found[folder / "values" / "ic_launcher_background.xml"] = _COLOR.format(text).encode
    adaptive = _ADAPTIVE.format("\n  ".join(_adaptive_lines(name for name, draw in drawn.items() if draw is not None)))
    found[folder / "mipmap-anydpi-v26" / "ic_launcher.xml"] = adaptive.encode
    return found


def _adaptive_lines(layers: Iterable[str]) -> list[str]:
    there = {name: f"@mipmap/ic_launcher_{name}" for name in layers}
    places = {"foreground": "", "background": "@color/ic_launcher_background", **there}
    return [f'<{name} android:drawable="{place}"/>' for name, place in places.items()]


def _rounded(draw: _Draw, size: int, margin: int, corner: int) -> bytes:
    from PIL import Image, ImageDraw

    inner = size - 2 * margin
    # Drawn four times as large and scaled down: Pillow's own edges are not smooth.
    mask = Image.new("L", (inner * 4, inner * 4), 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, inner * 4 - 1, inner * 4 - 1), min(corner * 4, inner * 2), fill=255)
    picture = Image.new("RGBA", (size, size), (0, 0, 0, 0))
    clear = Image.new("RGBA", (inner, inner), (0, 0, 0, 0))
    shown = Image.composite(draw(inner), clear, mask.resize((inner, inner), Image.Resampling.LANCZOS))
    picture.paste(shown, (margin, margin))
    return png_bytes(picture)
