"""The application of the tutorial."""

from __future__ import annotations

import re
from pathlib import Path

from tests.requirements import ROOT

__all__ = ["write_tutorial"]


def write_tutorial(folder: Path) -> None:
    """Write the files that the tutorial lets its readers write, at its end."""
    text = (ROOT / "docs" / "tutorial.md").read_text("utf-8")
    blocks = re.findall(r"^```(\w+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    config, capability = (code for kind, code in blocks if kind == "json")
    program, with_plugin, test = (code for kind, code in blocks if kind == "python")
    [page] = [code for kind, code in blocks if kind == "html"]
    [button] = [code for kind, code in blocks if kind == "js"]
    [element] = re.findall(r"add `(<button.*</button>)` to the form", text)
    page = page.replace("</form>", f"  {element}\n</form>").replace("</script>", f"{button}</script>")
    imported, _, redefined = with_plugin.partition("\n\n\n")
    program = re.sub(r"def builder.*?\n\n\n", f"{redefined}\n\n", program, flags=re.DOTALL)
    files = {
        "tauri.conf.json": config,
        "capabilities/main.json": capability,
        "app.py": program.replace("\n\n\n@dataclass", f"\n{imported}\n\n\n@dataclass"),
        "test_app.py": test,
        "ui/index.html": page,
    }
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, "utf-8")
