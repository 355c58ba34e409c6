"""PyInstaller's hook for transom: modules that are imported by their names, and the scripts of pages."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from PyInstaller.utils.hooks import collect_data_files, collect_submodules

# What developers use, and each official plugin, of which the program's own imports bring those that it adds.
_LEFT_OUT = tuple(
    f"transom.{room}" for room in ("__main__", "bindings", "bundler", "cli", "dev", "inspector", "testing", "plugins")
)
_CORE_PLUGINS = ("app", "image", "menu", "path", "tray", "webview", "window")


def _is_needed(name: str) -> bool:
    return not name.startswith(_LEFT_OUT)


hiddenimports = [
    *collect_submodules("transom", filter=_is_needed),
    *(found for plugin in _CORE_PLUGINS for found in collect_submodules(f"transom.plugins.{plugin}")),
    *(f"transom.plugins.{plugin}" for plugin in _CORE_PLUGINS),
    "uvicorn.lifespan.on",
    "uvicorn.loops.auto",
    "uvicorn.protocols.http.auto",
    "uvicorn.protocols.websockets.auto",
]
datas = collect_data_files("transom", excludes=["bundler/**", "cli/**", "inspector/**", "testing/**", "**/*.d.ts"])
# As files: an analysed import of `gi.repository.Gtk` would bring GTK, its icons and its languages, which the system has.
if find_spec("gi") is not None:
    datas += collect_data_files("gi", include_py_files=True, includes=["*.py", "overrides/*.py", "repository/*.py"])
    hiddenimports += ["gi", "gi._gi"]
# Values of these packages are taken where the program has them; transom alone needs none.
# The inspector is for developers: a program that imports `transom.inspector` itself has it.
excludedimports = [
    "transom.inspector",
    "attr",
    "attrs",
    "cryptography",
    "nats",
    "numpy",
    "opentelemetry",
    "pyarrow",
    "pydantic",
    "psycopg",
    "redis",
    "tkinter",
]


def hook(hook_api: Any) -> None:
    """Bundle the program as a module too: processes of multiprocessing import the functions that it defines."""
    programs = [Path(script) for script in hook_api.analysis.inputs]
    names = [program.stem for program in programs if program.stem.isidentifier() and program.stem != "__main__"]
    hook_api.add_imports(*(name for name in names if not hook_api.module_graph.find_node(name)))
