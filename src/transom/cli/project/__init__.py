"""Verbs of the command line that work on a project: run it, begin it, describe it, and edit its permissions."""

from ._ask import ask_template, ask_text
from ._capabilities import add_permission, list_permissions, new_capability, remove_permission
from ._info import info
from ._init import init
from ._migrate import migrate
from ._plugins import add_plugin, list_plugins
from ._run import check_project, run

__all__ = [
    "add_permission",
    "add_plugin",
    "ask_template",
    "ask_text",
    "check_project",
    "info",
    "init",
    "list_permissions",
    "list_plugins",
    "migrate",
    "new_capability",
    "remove_permission",
    "run",
]
