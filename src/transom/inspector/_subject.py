"""The application that an inspector shows."""

from __future__ import annotations

from typing import NamedTuple

from ..core import AppCore
from ._recorder import Recorder

__all__ = ["Subject"]


class Subject(NamedTuple):
    """The application that an inspector shows.

    Attributes:
        app: The application.
        recorder: What it has done.
    """

    app: AppCore
    recorder: Recorder
