"""The program around an application: how it starts again, and what its author may have forgotten."""

from ._restart import restart_program
from ._unfinished import warn_of_missing_documents, warn_of_no_run

__all__ = ["restart_program", "warn_of_missing_documents", "warn_of_no_run"]
