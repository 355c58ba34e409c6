"""Opens and closes N windows of a plain page in Chromium and prints the memory of each of its page processes.

    python -m bench.endurance.windows 2000

The page opens one window after the other, each closes itself, and after every batch both collect their garbage, as in
the phase `windows`. Nothing of transom takes part: what grows is what the browser keeps. `windows.c` is for WebKitGTK.
"""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

from bench._run import end
from bench._systems import browser_command
from bench.worker._project import WORKER_FLAGS

from ._processes import memory_by_role, pages_of, tree_of

_BATCH = 100
_COLLECT = "gc({ type: 'major', execution: 'sync', flavor: 'last-resort' });"
_WINDOW = "<script>%s setTimeout(() => { opener.postMessage(1); window.close(); }, 30);</script>"
_PAGE = f"""<script>
let number = 0;
const open = () => window.open(++number % {_BATCH} ? '/window' : '/last', 'window-' + number);
addEventListener('message', async () => {{
  if (number % {_BATCH} === 0) {{
    {_COLLECT}
    await fetch('/batch', {{ method: 'POST' }});
  }}
  open();
}});
open();
</script>"""
_DOCUMENTS = {"/": _PAGE, "/window": _WINDOW % "", "/last": _WINDOW % _COLLECT}


class _Site(ThreadingHTTPServer):
    """The page and its windows, until so many are closed.

    Attributes:
        browser: Whose memory is printed.
    """

    browser: subprocess.Popen[str]

    def __init__(self, windows: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self._windows = windows
        self._closed = 0

    def count_batch(self) -> None:
        """Print the memory after one batch more."""
        self._closed += _BATCH
        memory = [memory_by_role(0, [pid])["page"] for pid in pages_of(tree_of([self.browser.pid]))]
        print(f"{self._closed} windows:", ", ".join(f"{each:.1f}" for each in memory), "MB", flush=True)
        if self._closed >= self._windows:
            Thread(target=self.shutdown, daemon=True).start()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self._answer(_DOCUMENTS.get(self.path, ""))

    def do_POST(self) -> None:
        assert isinstance(self.server, _Site)
        self.server.count_batch()
        self._answer("")

    def _answer(self, text: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(text)))
        with suppress(ConnectionError):  # the window that asked is closed
            self.end_headers()
            self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        pass


def main(windows: int) -> None:
    """Open and close so many windows, in hundreds."""
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder, _Site(windows) as site:
        command = [*browser_command(Path(folder)), *WORKER_FLAGS, f"http://127.0.0.1:{site.server_port}/"]
        site.browser = subprocess.Popen(command, stderr=subprocess.DEVNULL, text=True, start_new_session=True)
        try:
            site.serve_forever()
        finally:
            end(site.browser)


if __name__ == "__main__":
    main(int(sys.argv[1]))
