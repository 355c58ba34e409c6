"""The isolation pattern: the project's isolation application, which sees every call before the back end does."""

from ._application import ISOLATED_RUNTIMES, IsolationApplication

__all__ = ["ISOLATED_RUNTIMES", "IsolationApplication"]
