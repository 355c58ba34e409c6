"""Programs for the tests of the webkitgtk runtime in which frames and pages attack the application. See `webkitgtk_scenarios`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from tests.runtimes.fake_host import FakeHost, FakeSession, new_window
from tests.runtimes.webkitgtk_scenarios import SCENARIOS, page, run, scenario
from transom.runtimes import EvaluateScript, Runtime

# A second window measures how long its calls wait while the first one attacks.
PROBE = """
  let longest = 0, last = performance.now(), count = 0;
  const until = performance.now() + MILLISECONDS;
  while (performance.now() < until) {
    const start = performance.now();
    await invoke('echo', {});
    longest = Math.max(longest, performance.now() - start);
    count++;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await report({longest, count});
"""


def flood(folder: Path, script: str, milliseconds: int = 3000, **settings: Any) -> Any:
    """Run a script in a frame of the first window, and return how long calls of the second one took."""
    text = f"<!doctype html><script>(async () => {{{script}}})()</script>"
    body = f'<iframe sandbox="allow-scripts" srcdoc="{text.replace("&", "&amp;").replace(chr(34), "&quot;")}"></iframe>'
    page(folder, "await report('attacked');", body)
    page(folder, PROBE.replace("MILLISECONDS", str(milliseconds)), name="probe.html")

    def on_report(host: FakeHost, session: FakeSession, report: Any) -> None:
        if session.page.label == "probe":
            host.runtime.quit(0)

    def start(runtime: Runtime) -> None:
        runtime.perform(new_window("main"))
        runtime.perform(new_window("probe", url="probe.html"))

    host, code, log = run(folder, csp=None, start=start, on_report=on_report, **settings)
    probe = [report["value"] for report in host.reports if isinstance(report["value"], dict)]
    return {
        "code": code,
        "log": log[:20],
        "longest": probe[0]["longest"] if probe else None,
        "count": probe and probe[0]["count"],
    }


@scenario
def strange_messages(folder: Path) -> Any:
    """A script that has learned the name of the handler posts values that are no strings, and strings without the key."""
    page(folder, """
      globalThis.attack = async (name) => {
        const handler = webkit.messageHandlers[name];
        let a = [1, 1];
        for (let i = 0; i < 39; i++) a = [a, a];
        const values = [a, {a}, 5, null, undefined, true, new Date(), new Map([[a, a]]), '', 'x', 'x'.repeat(1 << 20)];
        const answers = [];
        for (const value of values) answers.push(await handler.postMessage(value));
        await report(answers.every((answer) => answer === undefined));
      };
      await report('ready');
    """)  # fmt: skip

    def on_report(host: FakeHost, session: FakeSession, report: Any) -> None:
        if len(host.reports) > 1:
            return host.runtime.quit(0)
        (name,) = host.runtime._windows["main"].pages._handlers  # type: ignore[attr-defined]
        return host.runtime.perform(EvaluateScript("main", f"attack('{name}')"))

    host, code, log = run(folder, on_report=on_report)
    return {"code": code, "log": log, "report": host.reports}


@scenario
def refused_files(folder: Path) -> Any:
    return flood(folder, """
      await new Promise((resolve) => setTimeout(resolve, 1000));
      for (let i = 0; i < 10000; i++) fetch('asset://localhost/%2Fetc%2Fsecret' + i, {mode: 'no-cors'}).catch(() => {});
    """, 6000, asset_scope=lambda path: path.suffix == ".bin")  # fmt: skip


if __name__ == "__main__":
    sys.stdout.write(json.dumps(SCENARIOS[sys.argv[1]](Path(sys.argv[2]))))
