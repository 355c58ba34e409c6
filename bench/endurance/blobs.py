"""Read N parts of a Blob in a plain page of WebKitGTK, and print the memory of the page's process after every batch.

    xvfb-run python -m bench.endurance.blobs 40000

Garbage is collected before each measurement, as in the phase `bulk`. transom is not involved, so the growth is memory
that WebKit keeps for every read, by any method; reading the same part each time makes no difference.
"""

from __future__ import annotations

import os
import sys
from typing import Any

import gi

from ._processes import memory_by_role, pages_of, tree_of

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import Gtk, WebKit2  # noqa: E402

_BATCH = 4000
_PAGE = f"""<script>
const blob = new Blob([new Uint8Array(1 << 20)]);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
(async () => {{
  for (let batch = 1; ; batch++) {{
    for (let i = 0; i < {_BATCH}; i++) await blob.slice(i, i + 1000).arrayBuffer();
    for (let i = 1; i <= 64; i++) {{
      new ArrayBuffer(16 << 20);
      if (i % 16 === 0) await pause(20);
    }}
    await pause(1000);
    document.title = batch;
  }}
}})();
</script>"""


def main(reads: int) -> None:
    """Read this many parts, in batches."""

    def on_batch(view: Any, _: object) -> None:
        done = int(view.get_title()) * _BATCH
        page = memory_by_role(0, pages_of(tree_of([os.getpid()])))["page"]
        print(f"{done} reads: {page:.1f} MB", flush=True)
        if done >= reads:
            Gtk.main_quit()

    view = WebKit2.WebView()
    view.connect("notify::title", on_batch)
    window = Gtk.Window()
    window.add(view)
    window.show_all()
    view.load_html(_PAGE, "http://localhost/")
    Gtk.main()


if __name__ == "__main__":
    main(int(sys.argv[1]))
