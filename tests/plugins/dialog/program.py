"""An application whose page opens every dialog, and somebody who answers them: `program.py FOLDER` prints what became of it.

The somebody looks at GTK's windows, as a screen reader would, and presses the buttons that people would press.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from transom import Builder, command, generate_context, generate_handler
from transom.handles import AppHandle
from transom.plugins import dialog, fs

PAGE = """
const { invoke } = window.__TAURI_INTERNALS__;
const call = (name, args = {}) => invoke(`plugin:dialog|${name}`, args).catch((reason) => `rejected: ${reason}`);
const read = (path) => invoke('plugin:fs|read_text_file', { path }).then((bytes) => new TextDecoder().decode(bytes), String);
(async () => {
  const { folder } = await invoke('where');
  const results = {};
  results.message = await call('message', { message: 'Hello', title: 'Greeting_1', kind: 'warning' });
  results.custom = await call('message', { message: 'Which?', buttons: { YesNoCancelCustom: ['Save_it', 'Drop', 'Stay'] } });
  results.closed = await call('message', { message: 'Closed', buttons: 'YesNo' });
  results.ask = await call('ask', { message: 'Old?', okButtonLabel: 'Aye' });
  results.confirm = await call('confirm', { message: 'Old!' });
  const before = await read(`${folder}/one.txt`);
  results.open = await call('open', { options: { title: 'Take one', filters: [{ name: 'Texts', extensions: ['txt', 'md'] }], defaultPath: folder } });
  results.several = await call('open', { options: { multiple: true, defaultPath: `${folder}/pair` } });
  results.folder = await call('open', { options: { directory: true, recursive: true, defaultPath: folder } });
  results.save = await call('save', { options: { title: 'Keep', defaultPath: `${folder}/new.txt` } });
  results.cancelled = await call('open', { options: { defaultPath: folder } });
  results.reads = [before, await read(`${folder}/one.txt`), await read(`${folder}/sub/deep/four.txt`), await read(`${folder}/three.txt`)];
  results.saved = await invoke('plugin:fs|write_text_file', { path: results.save, data: 'kept', options: {} });
  alert('An alert');
  results.confirmed = [await confirm('Sure?'), await confirm('Sure?')];
  results.python = await invoke('from_python');
  await invoke('report', { results });
})();
"""


class Somebody:
    """Answers one dialog after the other.

    Args:
        folder: Where the files are.
    """

    def __init__(self, folder: Path) -> None:
        self.seen: list[dict[str, Any]] = []
        self._answers: list[Any] = [
            "Ok",
            "Drop",
            None,
            "Aye",
            "Cancel",
            [folder / "one.txt"],
            [folder / "pair/a.txt", folder / "pair/b.txt"],
            [folder / "sub"],
            "_Save",
            "_Cancel",
            "Ok",
            "Ok",
            None,
            "Yes",
            [folder / "two.txt"],
        ]
        self._answered: set[str] = set()

    def look(self) -> bool:
        """Answer what is there now; GLib calls it again and again."""
        from gi.repository import Gtk

        for window in Gtk.Window.list_toplevels():
            if isinstance(window, Gtk.Dialog) and window.get_visible() and window.get_name() not in self._answered:
                self._answered.add(window.get_name())
                self._answer(window)
        return bool(self._answers)

    def _answer(self, window: Any) -> None:
        from gi.repository import GLib, Gtk

        buttons = {button.get_label(): button for button in _buttons(window)}
        seen: dict[str, Any] = {"title": window.get_title(), "buttons": list(buttons), "modal": window.get_modal()}
        parent = window.get_transient_for()
        seen["parent"] = None if parent is None else parent.get_title()
        answer = self._answers.pop(0)
        if isinstance(window, Gtk.FileChooserDialog):
            seen["filters"] = [one.get_name() for one in window.list_filters()]
            seen["name"] = window.get_current_name() if window.get_action() == Gtk.FileChooserAction.SAVE else None
        else:
            seen["text"] = [window.get_property("text"), window.get_property("secondary-text")]
        self.seen.append(seen)
        if answer is None:
            window.close()
        elif isinstance(answer, str):
            label = answer.replace("_", "__") if answer not in buttons else answer
            buttons[label].clicked()
            # A chooser that still reads its folder does not save.
            GLib.timeout_add(100, lambda: window.get_visible() and (buttons[label].clicked(), True)[-1])
        else:
            # The list of files is read in the background, and what is selected counts once it is there.
            GLib.timeout_add(50, self._press, window, {str(path) for path in answer})

    def _press(self, window: Any, wanted: set[str]) -> bool:
        from gi.repository import Gtk

        if set(window.get_filenames()) != wanted:
            if len(wanted) > 1:
                window.select_all()
            else:
                window.select_filename(*wanted)
            return True
        window.response(Gtk.ResponseType.ACCEPT)
        return False


def _buttons(window: Any) -> list[Any]:
    """Return the buttons of a dialog from left to right."""
    found = (window.get_widget_for_response(number) for number in (*range(2, -1, -1), -6, -3))
    return [button for button in found if button is not None]


def main(folder: Path) -> None:
    somebody = Somebody(folder)
    reported: list[Any] = []

    @command
    def where() -> dict[str, str]:
        return {"folder": str(folder)}

    @command
    def report(app: AppHandle, results: Any) -> None:
        reported.append(results)
        app.exit()

    @command
    async def from_python(app: AppHandle) -> Any:
        asked = await dialog.ask_async(app, "From Python?", title="Python")
        return [asked, [str(path) for path in await dialog.pick_async(app, default_path=folder)]]

    def setup(app: AppHandle) -> None:
        from gi.repository import GLib

        app.add_capability(
            json.dumps(
                {
                    "identifier": "all",
                    "windows": ["*"],
                    "permissions": ["dialog:default", "fs:allow-read-text-file", "fs:allow-write-text-file"],
                }
            )
        )
        GLib.timeout_add(20, somebody.look)

    app = (
        Builder()
        .plugin(dialog.init())
        .plugin(fs.init())
        .invoke_handler(generate_handler(where, report, from_python))
        .setup(setup)
        .build(generate_context(folder / "project"), "webkitgtk")
    )
    app.run()
    print(json.dumps({"results": reported[0], "seen": somebody.seen}))  # noqa: T201 - the test reads it


def write_files(folder: Path) -> None:
    """Write the project and the files that are chosen."""
    project = folder / "project"
    (project / "dist").mkdir(parents=True)
    (project / "dist/index.html").write_text("<!doctype html><script src=page.js></script>", "utf-8")
    (project / "dist/page.js").write_text(PAGE, "utf-8")
    config = {
        "identifier": "app.transom.dialogs",
        "build": {"frontendDist": "dist"},
        "app": {"windows": [{"title": "Dialogs"}]},
    }
    (project / "tauri.conf.json").write_text(json.dumps(config), "utf-8")
    for name in ("one.txt", "two.txt", "three.txt", "sub/deep/four.txt", "pair/a.txt", "pair/b.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name, "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
