"""Put what npm builds into the wheel: the demo with its front end, and the bundle behind `app.withGlobalTauri`.

In a checkout the demo lives in `examples/atlas`; the wheel carries it as `transom/_demo`, so that `transom demo` works
from `pip install` too. The bundle is made from the npm package @tauri-apps/api, and its licence is beside it. Both are
built with npm here unless they are built already. Without npm the wheel is made without them, and carries the reason:
pip hides what a successful build prints, so whatever needs them is where it is said.
`TRANSOM_REQUIRE_DEMO=1` makes a wheel without them an error; releases are built so.
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
CARRIED = ("atlas", "capabilities", "tauri.conf.json")
"""What the wheel takes from the demo as it is; the front end is added once it is built."""

REASONS = (f"{INTO}/front-end-missing.txt", "transom/wire/dist/missing.txt")
"""The files in a wheel without what npm builds; `transom demo` and `app.withGlobalTauri` say what is in them."""


class DemoHook(BuildHookInterface[Any]):
    """Builds the demo's front end and the bundle, and includes them and the demo."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the demo and the bundle to the files of a wheel.

        Args:
            version: `standard` for a wheel, `editable` for an editable install, which has both in their places.
            build_data: Hatchling's; files to include are added to it.

        Raises:
            RuntimeError: One of them cannot be built, and `TRANSOM_REQUIRE_DEMO=1` asks for it.
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
            if not front_end.is_global_api_fresh(root):
                self.app.display_info("Building window.__TAURI__ with npm")
                front_end.build_global_api(root)
        except front_end.CannotBuild as error:
            if os.environ.get("TRANSOM_REQUIRE_DEMO") == "1":
                raise RuntimeError(str(error)) from None
            self.app.display_warning(f"{error}\nThe wheel is made without the demo's front end and window.__TAURI__.")
            for path, name in zip(self._reasons(), REASONS, strict=True):
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(f"{error}\n", encoding="utf-8")
                include[str(path)] = name
        else:
            include[str(demo / "ui" / "dist")] = f"{INTO}/ui/dist"
            include[str(front_end.global_api_folder(root))] = "transom/wire/dist"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what only the build needed."""
        for path in self._reasons():
            path.unlink(missing_ok=True)

    def _reasons(self) -> list[Path]:
        # One file for each place in the wheel: Hatchling includes a file once.
        return [Path(self.directory, name.replace("/", "-")) for name in REASONS]


def _front_end(root: Path) -> ModuleType:
    """Load `scripts/front_end.py`, which is not installed anywhere."""
    spec = importlib.util.spec_from_file_location("front_end", root / "scripts" / "front_end.py")
    if spec is None or spec.loader is None:
        raise RuntimeError("scripts/front_end.py is missing from the source tree")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
