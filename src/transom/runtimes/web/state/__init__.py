"""What the page of a window tells about it, and what it can do to it by itself."""

from ._page_scripts import PAGE_SCRIPTS, in_the_page
from ._state import STATE_READS, PageState, changes, parse_state

__all__ = ["PAGE_SCRIPTS", "STATE_READS", "PageState", "changes", "in_the_page", "parse_state"]
