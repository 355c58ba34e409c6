"""Put the demo, with its built front end, into the wheel.

In a checkout the demo lives in `examples/atlas`; the wheel carries it as `transom/_demo`, so that `transom demo` works
from `pip install` too. The front end is built with npm here unless it is built already. Without npm the wheel is made
without it, and carries the reason: pip hides what a successful build prints, so `transom demo` is where it is said.
`TRANSOM_REQUIRE_DEMO=1` makes a wheel without the front end an error; releases are built so.
"""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

DEMO = "examples/atlas"
INTO = "transom/_demo"
CARRIED = ("atlas", "tauri.conf.json")
"""What the wheel takes from the demo as it is; the front end is added once it is built."""

REASON = f"{INTO}/front-end-missing.txt"
"""The file in a wheel without the front end; `transom demo` prints it."""


class DemoHook(BuildHookInterface[Any]):
    """Builds the demo's front end and includes the demo."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the demo to the files of a wheel.

        Args:
            version: `standard` for a wheel, `editable` for an editable install, which runs the demo in its place.
            build_data: Hatchling's; files to include are added to it.

        Raises:
            RuntimeError: The front end cannot be built, and `TRANSOM_REQUIRE_DEMO=1` asks for it.
        """
        if version != "standard":
            return
        root = Path(self.root)
        demo = root / DEMO
        include: dict[str, str] = build_data["force_include"]
        for name in CARRIED:
            include[str(demo / name)] = f"{INTO}/{name}"
        front_end = _front_end(root)
        try:
            if not front_end.is_fresh(demo / "ui"):
                self.app.display_info("Building the demo's front end with npm")
                front_end.build(demo / "ui")
        except front_end.CannotBuild as error:
            if os.environ.get("TRANSOM_REQUIRE_DEMO") == "1":
                raise RuntimeError(str(error)) from None
            self.app.display_warning(f"{error}\nThe wheel is made without the demo's front end.")
            include[str(self._reason(str(error)))] = REASON
        else:
            include[str(demo / "ui" / "dist")] = f"{INTO}/ui/dist"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what only the build needed."""
        Path(self.directory, "front-end-missing.txt").unlink(missing_ok=True)

    def _reason(self, message: str) -> Path:
        path = Path(self.directory, "front-end-missing.txt")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(message + "\n", encoding="utf-8")
        return path


def _front_end(root: Path) -> ModuleType:
    """Load `scripts/front_end.py`, which is not installed anywhere."""
    spec = importlib.util.spec_from_file_location("front_end", root / "scripts" / "front_end.py")
    if spec is None or spec.loader is None:
        raise RuntimeError("scripts/front_end.py is missing from the source tree")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
