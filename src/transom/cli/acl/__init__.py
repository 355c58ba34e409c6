"""`transom acl`: check, explain, list, draw and record the permissions of a project, and describe them to editors."""

from ._check import check
from ._graph import graph
from ._project import Project, check_permission, load_project
from ._record import record
from ._schemas import write_schemas
from ._show import explain, list_commands

__all__ = [
    "Project",
    "check",
    "check_permission",
    "explain",
    "graph",
    "list_commands",
    "load_project",
    "record",
    "write_schemas",
]
