"""The compiler of TypeScript, for modules that `transom bindings` writes."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from pathlib import Path

from tests.requirements import ROOT, needs_node, needs_vite

__all__ = ["check_uses", "refused"]

_OPTIONS = "--noEmit --strict --skipLibCheck --target es2022 --module esnext --moduleResolution bundler --lib es2022,dom".split()


def refused(lines: Iterable[str]) -> str:
    """Return the TypeScript that compiles only if every one of these lines does not."""
    return "".join(f"// @ts-expect-error\n{{ {line} }}\n" for line in lines)


def check_uses(folder: Path, module: str, uses: str) -> None:
    """Check that TypeScript which imports `./bindings` compiles under `strict`.

    Raises:
        AssertionError: It does not; the text has the messages of the compiler.
    """
    (folder / "node_modules" / "@tauri-apps").mkdir(parents=True)
    (folder / "node_modules" / "@tauri-apps" / "api").symlink_to(needs_vite() / "@tauri-apps" / "api")
    (folder / "node_modules" / "transom-api").symlink_to(ROOT / "packages" / "transom-api")
    (folder / "bindings.ts").write_text(module, "utf-8")
    (folder / "uses.ts").write_text(uses, "utf-8")
    command = [needs_node(), needs_vite() / "typescript" / "bin" / "tsc", *_OPTIONS, "uses.ts"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout
