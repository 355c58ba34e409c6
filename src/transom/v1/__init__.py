"""The Python side of Tauri 1.x under its names. Commands, state and errors are those of 2.x; `docs/generations.md` shows both.

| 1.x | here |
|---|---|
| `#[tauri::command(with_window)]`, `window: tauri::Window<M>` | `@command(with_window=True)`, `window: Window[Params]` |
| `Ok(value)`, `Err(error)` | `return value`, `raise CommandError(error)` |
| `tauri::Builder`, `generate_handler!`, `generate_context!` | `Builder`, `generate_handler`, `generate_context` |
| the trait `Manager` | `Manager`, which `AppHandle` and `Window` inherit from |
"""

from ..app import Context, generate_context
from ..errors import CommandError
from ..events import Event
from ..handles import State
from ._builder import Builder
from ._command import command, generate_handler
from ._handles import AppHandle, Manager, Params, Window

__all__ = [
    "AppHandle",
    "Builder",
    "CommandError",
    "Context",
    "Event",
    "Manager",
    "Params",
    "State",
    "Window",
    "command",
    "generate_context",
    "generate_handler",
]
