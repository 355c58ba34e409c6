"""The common part of window and webview handles: a label."""

from __future__ import annotations

from typing import ClassVar

from ..pages import Client
from ..wire import EventTarget, TargetKind
from ._application import Application
from ._handle import Handle

__all__ = ["LabelledHandle"]


class LabelledHandle(Handle):
    """A window or webview, by its label."""

    __slots__ = ("label",)
    _kind: ClassVar[TargetKind] = "Window"

    def __init__(self, app: Application, client: Client, label: str) -> None:
        super().__init__(app, client)
        self.label = label

    @property
    def _target(self) -> EventTarget:
        return EventTarget(self._kind, self.label)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.label!r}>"

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return False
        assert isinstance(other, LabelledHandle)
        return other.label == self.label and other._client is self._client

    def __hash__(self) -> int:
        return hash((type(self), self.label))
