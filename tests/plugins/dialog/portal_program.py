"""An application whose page chooses files: `portal_program.py FOLDER` prints what it got."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from transom import Builder, command, generate_context, generate_handler
from transom.handles import AppHandle
from transom.plugins import dialog, fs

PAGE = """
const { invoke } = window.__TAURI_INTERNALS__;
const choose = (name, options) => invoke(`plugin:dialog|${name}`, { options }).catch((reason) => `rejected: ${reason}`);
const read = (path) => invoke('plugin:fs|read_text_file', { path }).then((bytes) => new TextDecoder().decode(bytes), String);
(async () => {
  const { folder } = await invoke('where');
  const filters = [{ name: 'Texts', extensions: ['txt'] }];
  const before = await read(`${folder}/one.txt`);
  const results = [
    await choose('open', { title: 'Take one', filters, defaultPath: folder }),
    await choose('open', { multiple: true }),
    await choose('open', { directory: true, recursive: true }),
    await choose('save', { title: 'Keep', defaultPath: `${folder}/new.txt` }),
    await choose('open', {}),
  ];
  const reads = [before, await read(`${folder}/one.txt`), await read(`${folder}/sub/deep/four.txt`), await read(`${folder}/three.txt`)];
  const python = await invoke('from_python');
  choose('open', { title: 'Left open' });
  await invoke('until_asked');
  await invoke('report', { results: { results, reads, python } });
})();
"""


def main(folder: Path) -> None:
    reported: list[Any] = []

    @command
    def where() -> dict[str, str]:
        return {"folder": str(folder)}

    @command
    def report(app: AppHandle, results: Any) -> None:
        reported.append(results)
        app.exit()

    @command
    async def from_python(app: AppHandle) -> list[str]:
        return [str(path) for path in await dialog.pick_async(app)]

    @command
    def until_asked() -> None:
        (folder / "asked").read_bytes()

    def setup(app: AppHandle) -> None:
        permissions = ["dialog:default", "fs:allow-read-text-file"]
        app.add_capability(json.dumps({"identifier": "all", "windows": ["*"], "permissions": permissions}))

    os.mkfifo(folder / "asked")
    (folder / "project/dist/page.js").write_text(PAGE, "utf-8")
    builder = Builder().plugin(dialog.init()).plugin(fs.init()).setup(setup)
    builder.invoke_handler(generate_handler(where, report, from_python, until_asked))
    builder.build(generate_context(folder / "project"), "webkitgtk").run()
    print(json.dumps(reported[0]))  # noqa: T201 - the test reads it


if __name__ == "__main__":
    main(Path(sys.argv[1]))
