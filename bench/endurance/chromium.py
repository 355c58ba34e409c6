"""Open N windows of a plain page in Chromium, or load it N times, and print the memory of each page process.

    python -m bench.endurance.chromium windows 2000
    python -m bench.endurance.chromium reloads 4000

The page opens one window at a time, and each window closes itself; or the page reloads itself. Garbage is collected
after every batch, as in the phases with these names. transom is not involved, so the growth is memory that the browser
keeps. `windows.c` is the same for WebKitGTK.
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
_RELOADED = f"""<script>
const number = Number(sessionStorage.number ?? 0) + 1;
sessionStorage.number = number;
addEventListener('load', () => setTimeout(async () => {{
  if (number % {_BATCH} === 0) {{
    {_COLLECT}
    await fetch('/batch', {{ method: 'POST' }});
  }}
  location.reload();
}}, 15));
</script>"""
_DOCUMENTS = {
    "windows": {"/": _PAGE, "/window": _WINDOW % "", "/last": _WINDOW % _COLLECT},
    "reloads": {"/": _RELOADED},
}


class _Site(ThreadingHTTPServer):
    """Serve the page until it has reached the amount.

    Attributes:
        browser: The browser whose memory is printed.
        documents: Path -> HTML.
    """

    browser: subprocess.Popen[str]

    def __init__(self, what: str, amount: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.documents = _DOCUMENTS[what]
        self._what = what
        self._amount = amount
        self._done = 0

    def count_batch(self) -> None:
        """Print the memory after another batch."""
        self._done += _BATCH
        memory = [memory_by_role(0, [pid])["page"] for pid in pages_of(tree_of([self.browser.pid]))]
        print(f"{self._done} {self._what}:", ", ".join(f"{each:.1f}" for each in memory), "MB", flush=True)
        if self._done >= self._amount:
            Thread(target=self.shutdown, daemon=True).start()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        assert isinstance(self.server, _Site)
        self._answer(self.server.documents.get(self.path, ""))

    def do_POST(self) -> None:
        assert isinstance(self.server, _Site)
        self.server.count_batch()
        self._answer("")

    def _answer(self, text: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(text)))
        with suppress(ConnectionError):  # the window has been closed
            self.end_headers()
            self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        pass


def main(what: str, amount: int) -> None:
    """Open and close this many windows, or reload the page this many times, in batches of a hundred.

    Raises:
        KeyError: `what` is neither `windows` nor `reloads`.
    """
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder, _Site(what, amount) as site:
        command = [*browser_command(Path(folder)), *WORKER_FLAGS, f"http://127.0.0.1:{site.server_port}/"]
        site.browser = subprocess.Popen(command, stderr=subprocess.DEVNULL, text=True, start_new_session=True)
        try:
            site.serve_forever()
        finally:
            end(site.browser)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
