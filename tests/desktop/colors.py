"""Prints how many pixels of a rectangle of the screen have each color: `python -m tests.desktop.colors X Y WIDTH HEIGHT`.

One JSON object: `{"#336699": 100, ...}`.
"""

from __future__ import annotations

import json
import sys
from collections import Counter

import gi

gi.require_version("Gdk", "3.0")
from gi.repository import Gdk  # noqa: E402


def main() -> None:
    """Look at the screen."""
    shot = Gdk.pixbuf_get_from_window(Gdk.get_default_root_window(), *map(int, sys.argv[1:5]))
    data, step, line = shot.get_pixels(), shot.get_n_channels(), shot.get_rowstride()
    counted = Counter(
        "#" + data[row * line + column * step : row * line + column * step + 3].hex()
        for row in range(shot.get_height())
        for column in range(shot.get_width())
    )
    json.dump(counted, sys.stdout)


if __name__ == "__main__":
    main()
