from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.mock_app import running
from tests.plugins.guests import guests
from tests.plugins.windowed import windowed
from transom.app import Builder
from transom.errors import CommandError
from transom.plugins import clipboard_manager

PACKAGE = "@tauri-apps/plugin-clipboard-manager"
OTHER = Path(__file__).parent / "other_program.py"
COMMANDS = ("write-text", "read-text", "write-image", "read-image", "write-html", "clear")
PERMISSIONS = ["core:default", *(f"clipboard-manager:allow-{name}" for name in COMMANDS)]

SCRIPT = f"""
const read = (...what) => outside('{sys.executable}', '{OTHER}', ...what);
const {{ Image }} = await import('@tauri-apps/api/image');
const result = {{}};
await plugin.writeText('h\\u00e9llo \\u{{1F600}}\\nline');
result.text = [await read('read', 'UTF8_STRING'), await plugin.readText()];
await plugin.writeText('');
await plugin.writeHtml('<b>bold \\u00e9</b>', 'plain');
result.html = [await read('read', 'text/html'), await read('read', 'UTF8_STRING'), await plugin.readText()];
await plugin.writeHtml('<i>only</i>');
result.targets = await read('targets');
const pixels = new Uint8Array(3 * 2 * 4).map((_, index) => (index % 4 === 3 ? 255 : index * 9));
await plugin.writeImage(await Image.new(pixels, 3, 2));
result.image = await read('image');
const image = await plugin.readImage();
result.back = [await image.size(), [...await image.rgba()].join() === [...pixels].join()];
result.noText = await plugin.readText().catch((error) => error);
await plugin.clear();
result.cleared = [await read('targets'), await plugin.readText().catch((error) => error), await plugin.readImage().catch((error) => error)];
result.wrong = await plugin.writeImage([1, 2, 3]).catch((error) => typeof error);
await plugin.writeText('last');
return result;
"""


def test_the_npm_package_shares_the_clipboard_with_other_programs(tmp_path: Path, display: str) -> None:
    result = windowed(tmp_path, display, PACKAGE, SCRIPT, permissions=PERMISSIONS)
    assert result["text"] == ["héllo 😀\nline"] * 2
    assert result["html"][0].endswith("<b>bold é</b>")
    assert result["html"][1:] == ["plain", "plain"]
    assert "text/html" in result["targets"].split("\n")
    assert "UTF8_STRING" not in result["targets"].split("\n")
    assert result["image"] == "3 2 000912ff"
    assert result["back"] == [{"width": 3, "height": 2}, True]
    empty = "The clipboard contents were not available in the requested format or the clipboard is empty."
    assert result["noText"] == empty
    assert result["cleared"] == ["", empty, empty]
    assert result["wrong"] == "string"


def test_in_a_browser_the_page_is_told_what_to_use(tmp_path: Path) -> None:
    with guests(tmp_path, clipboard_manager.init(), permissions=PERMISSIONS[1:], packages=[PACKAGE]) as page:
        for call in ("writeText('a')", "readText()", "writeImage([1])", "readImage()", "writeHtml('a')", "clear()"):
            assert "use navigator.clipboard in the page" in page.fails(PACKAGE, f"await plugin.{call}")["reason"]


def test_a_runtime_without_a_clipboard_says_so_to_python() -> None:
    with (
        running(builder=Builder().plugin(clipboard_manager.init())) as application,
        pytest.raises(CommandError, match="the runtime mock has no clipboard"),
    ):
        clipboard_manager.read_text(application.app.handle())
