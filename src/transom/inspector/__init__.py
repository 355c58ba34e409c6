"""The inspector of a running application: a page that shows its calls, events and channels, for developers only."""

from ._application import Inspector
from ._bounds import Bounds
from ._recorder import Recorder

__all__ = ["Bounds", "Inspector", "Recorder"]
