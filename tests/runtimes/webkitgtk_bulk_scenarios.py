"""Programs as those of `webkitgtk_scenarios`, about the file that a page and the application share."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from tests.runtimes.fake_host import FakeHost, FakeSession
from tests.runtimes.webkitgtk_scenarios import SCENARIOS, fetched_packs, page, run, scenario
from transom.runtimes import EvaluateScript
from transom.runtimes.webkitgtk.bulk._bulk import SharedFile


@scenario
def shared_file(folder: Path) -> Any:
    """A page that replaces whatever it can get hold of, until a pack has come in the file."""
    page(folder, """
      const seen = [];
      const spy = (holder, name) => { const before = holder[name]; holder[name] = function (...rest) { seen.push(name); return before.apply(this, rest) } };
      spy(HTMLElement.prototype, 'click');
      spy(EventTarget.prototype, 'dispatchEvent');
      spy(FileReader.prototype, 'readAsArrayBuffer');
      spy(Blob.prototype, 'slice');
      spy(Document.prototype, 'createElement');
      spy(Reflect, 'apply');
      const natively = Reflect.apply;
      for (const holder of [window, document]) for (const name of ['click', 'change', 'input', 'transom'])
        holder.addEventListener(name, () => seen.push(name), true);
      Object.defineProperty(HTMLInputElement.prototype, 'files', {get() { seen.push('files'); return [] }});
      const {call, apply} = Function.prototype;
      Function.prototype.call = function (...rest) { if (rest[0] instanceof Blob) seen.push('call'); return natively(this, rest[0], rest.slice(1)) };
      window.FileReader = class { constructor() { seen.push('FileReader') } };
      let size = 1 << 20, wrong = 0;
      for (;;) {
        const all = await Promise.all([invoke('bytes', {size}), invoke('bytes', {size: size * 2}), invoke('bytes', {size: 512})]);
        for (const [i, data] of all.entries()) {
          const bytes = new Uint8Array(data);
          if (bytes.length !== [size, size * 2, 512][i] || bytes.some((byte, at) => byte !== at % 256)) wrong++;
        }
        await report({wrong, seen, inputs: document.querySelectorAll('input').length});
      }
    """)  # fmt: skip
    fetched = fetched_packs()

    def on_report(host: FakeHost, session: FakeSession, report: Any) -> None:
        if len(session.packs_sent) > len(fetched) + 5:
            host.runtime.quit(0)

    host, code, log = run(folder, on_report=on_report)
    return {"code": code, "log": log, "report": host.reports[-1]["value"], "fetched": len(fetched)}


@scenario
def unshared_file(folder: Path) -> Any:
    """The page cannot read the file: it is not there, is another one, or is another one from some pack on."""
    page(folder, """
      let wrong = 0;
      for (let i = 0; i < 40; i++) {
        const bytes = new Uint8Array(await invoke('bytes', {size: 1 << 20}));
        if (bytes.length !== 1 << 20 || bytes.some((byte, at) => byte !== at % 256)) wrong++;
      }
      await report(wrong);
    """)  # fmt: skip
    fetched = fetched_packs()
    how = os.environ["HOW"]
    if how == "spoilt":
        write = SharedFile.write

        def spoil(file: SharedFile, at: int, buffers: Any) -> None:
            write(file, at, buffers)
            if len(buffers[0]) == 1 << 20:  # and not the token
                os.utime(file.path, (1, 1))

        SharedFile.write = spoil  # type: ignore[method-assign]
    else:
        other = folder / "other.bin"
        if how == "other":
            other.write_bytes(bytes(128 << 20))
        SharedFile.path = property(lambda file: str(other))  # type: ignore[assignment,method-assign]
    host, code, log = run(folder)
    return {"code": code, "log": log, "report": host.reports, "fetched": len(fetched)}


@scenario
def unfetched(folder: Path) -> Any:
    """The page can neither read the file nor fetch: its own policy forbids it."""
    page(folder, """
      let rejected = 0;
      for (let i = 0; i < 3; i++) await invoke('bytes', {size: 9 << 20}).catch(() => rejected++);
      for (;;) await report([rejected, (await invoke('bytes', {size: 512})).byteLength]);
    """)  # fmt: skip
    document = folder / "index.html"
    policy = "<meta http-equiv=Content-Security-Policy content=\"connect-src 'none'\">"
    document.write_text(document.read_text("utf-8").replace("<title>", f"{policy}<title>"), "utf-8")
    SharedFile.path = property(lambda file: str(folder / "missing.bin"))  # type: ignore[assignment,method-assign]

    def on_report(host: FakeHost, session: FakeSession, report: Any) -> None:
        if len(session.packs_sent) == 3:
            host.runtime.quit(0)

    host, code, log = run(folder, on_report=on_report)
    return {"code": code, "log": log, "report": host.reports[0], "packs": sorted(host.sessions[0].packs_sent)}


@scenario
def overtaking(folder: Path) -> Any:
    """Small calls, and one with some bytes more than go in a reply, are made in the turn of one with very many."""
    page(folder, """
      const wrong = (data) => { const bytes = new Uint8Array(data); for (let at = 0; at < bytes.length; at += 4093) if (bytes[at] !== at % 256) return true };
      const reports = [];
      for (let round = 0; round < 3; round++) {
        const order = [];
        const call = async (name, command, args) => { const data = await invoke(command, args); order.push(name); return data };
        const [long, short] = await Promise.all([
          call('long', 'bytes', {size: 101 << 20}),
          call('short', 'bytes', {size: 300 << 10}),
          call('small', 'echo', {}),
          call('later', 'later', {}).then(() => call('again', 'later', {})),
        ]);
        reports.push([order.at(-1), order.length, long.byteLength - (101 << 20), short.byteLength, wrong(long), wrong(short)]);
      }
      await report(reports);
    """)  # fmt: skip
    fetched = fetched_packs()
    host, code, log = run(folder)
    packs = host.sessions[0].packs_sent
    return {"code": code, "log": log, "report": host.reports, "fetched": len(fetched), "packs": packs}


@scenario
def fake_timers(folder: Path) -> Any:
    """A body for which the file has to grow waits for another one to be told of; the page has replaced its timers."""
    page(folder, """
      window.setTimeout = () => 0;
      for (let i = 0; i < 30; i++) await invoke('bytes', {size: 300 << 10});
      const both = await Promise.all([600, 3000].map((size) => invoke('bytes', {size: size << 10})));
      await report(both.map(({byteLength}) => byteLength >> 10));
    """)  # fmt: skip
    fetched = fetched_packs()
    host, code, log = run(folder)
    return {"code": code, "log": log, "report": host.reports, "in the file": len(fetched) < 30}


@scenario
def foreign_choosers(folder: Path) -> Any:
    """Inputs of the page, opened by a gesture, that would like to be taken for the script's own."""
    page(folder, """
      window.attempt = (accept) => new Promise((resolve) => {
        const input = document.createElement('input');
        Object.assign(input, {type: 'file', accept, onchange: () => resolve('a file'), oncancel: () => resolve('cancelled')});
        input.click();
        setTimeout(() => resolve('nothing'), 20000);
      }).then(report);
      const {length} = new Uint8Array(await invoke('bytes', {size: 1 << 20}));
      await report(length);
    """)  # fmt: skip
    scripts = [f"attempt('application/x-transom-{token}')" for token in ("", "0" * 32)]

    def on_report(host: FakeHost, session: FakeSession, report: Any) -> None:
        if not scripts:
            return host.runtime.quit(0)
        return host.runtime.perform(EvaluateScript("main", scripts.pop()))

    host, code, log = run(folder, on_report=on_report)
    return {"code": code, "log": log, "report": host.reports}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(SCENARIOS[sys.argv[1]](Path(sys.argv[2]))))
