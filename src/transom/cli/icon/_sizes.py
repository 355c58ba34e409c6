"""The files that Tauri's verb `icon` makes, with their names and sizes (tauri-cli, `icon.rs`)."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["ANDROID", "ICNS", "ICNS_OLD", "ICO", "IOS", "PNG"]

# File -> pixels of a side: for Windows' store, and for desktops.
PNG: Mapping[str, int] = {
    "StoreLogo.png": 50,
    **{f"Square{size}x{size}Logo.png": size for size in (30, 44, 71, 89, 107, 142, 150, 284, 310)},
    "32x32.png": 32,
    "64x64.png": 64,
    "128x128.png": 128,
    "128x128@2x.png": 256,
    "icon.png": 512,
}
# Pixels of the pictures of `icon.ico`, in this order: some programs show the first.
ICO = (32, 16, 24, 48, 64, 256)
# Types of a picture of `icon.icns` without compression, and of its opacity -> pixels: macOS draws its smallest icons from them.
ICNS_OLD: Mapping[tuple[str, str], int] = {("is32", "s8mk"): 16, ("il32", "l8mk"): 32}
# Type of a PNG picture of `icon.icns` -> pixels.
ICNS: Mapping[str, int] = {
    "ic11": 32,
    "ic12": 64,
    "ic07": 128,
    "ic13": 256,
    "ic08": 256,
    "ic14": 512,
    "ic09": 512,
    "ic10": 1024,
}
# Density -> pixels of the icon, and of its foreground.
ANDROID: Mapping[str, tuple[int, int]] = {
    "mdpi": (48, 108),
    "hdpi": (72, 162),
    "xhdpi": (96, 216),
    "xxhdpi": (144, 324),
    "xxxhdpi": (192, 432),
}
# Points -> how many pixels for each, once or more often.
_POINTS: Mapping[str, tuple[int, ...]] = {
    "20x20": (1, 2, 3),
    "29x29": (1, 2, 3),
    "40x40": (1, 2, 3),
    "60x60": (2, 3),
    "76x76": (1, 2),
    "83.5x83.5": (2,),
    "512": (2,),
}
# File -> pixels. iPads have the sizes of 20, 29 and 40 points twice.
IOS: Mapping[str, int] = {
    **{
        f"AppIcon-{name}@{times}x.png": int(float(name.partition("x")[0]) * times)
        for name, all_times in _POINTS.items()
        for times in all_times
    },
    **{f"AppIcon-{points}x{points}@2x-1.png": points * 2 for points in (20, 29, 40)},
}
