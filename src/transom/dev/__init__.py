"""A developer's loop: the back end starts again when its code changes, under the eyes of one process that follows the files."""

from ._front_end import front_end_folder, script_of
from ._link import LINK, DevLink, dev_link
from ._messages import Down, Ended, Failed, Go, Hello, Imported, Inspect, Message, Reload, Report, Show
from ._supervisor import DevOptions, Supervisor
from ._watch import Follower, kind_of, watched_folders

__all__ = [
    "LINK",
    "DevLink",
    "DevOptions",
    "Down",
    "Ended",
    "Failed",
    "Follower",
    "Go",
    "Hello",
    "Imported",
    "Inspect",
    "Message",
    "Reload",
    "Report",
    "Show",
    "Supervisor",
    "dev_link",
    "front_end_folder",
    "kind_of",
    "script_of",
    "watched_folders",
]
