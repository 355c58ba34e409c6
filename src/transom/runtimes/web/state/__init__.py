"""The state of a window as its page reports it, and the changes that its page can make."""

from ._page_scripts import PAGE_SCRIPTS, TAB_SCRIPTS, in_the_page
from ._state import STATE_READS, PageState, changes, parse_state

__all__ = ["PAGE_SCRIPTS", "STATE_READS", "TAB_SCRIPTS", "PageState", "changes", "in_the_page", "parse_state"]
