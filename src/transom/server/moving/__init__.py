"""Sessions that move from process to process: what they keep is stored in the engine, and one process owns it at a time."""

from ._find import find_store
from ._mover import Mover, Taken
from ._record import SessionRecord
from ._saver import Saver
from ._store import Place

__all__ = ["Mover", "Place", "Saver", "SessionRecord", "Taken", "find_store"]
