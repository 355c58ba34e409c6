"""An application for many users: one process, any number of sessions, each with its own windows, events and state."""

from ._core import ServerCore
from ._session import SessionCore
from ._user_folders import remove_user_folder, remove_user_folders

__all__ = ["ServerCore", "SessionCore", "remove_user_folder", "remove_user_folders"]
