"""A client's pages: the queue to each, its calls with their states, its channels and its resources."""

from ._call import Call, CallState, IllegalTransition, Respond, cancelled_report
from ._cancel import CancellationToken
from ._channel import ChannelState, PageChannel, Pullable
from ._client import Client
from ._limits import Allowance, QueueLimits
from ._resource import Resource, ResourceTable, ResourceTables
from ._session import PageSession

__all__ = [
    "Allowance",
    "Call",
    "CallState",
    "CancellationToken",
    "ChannelState",
    "Client",
    "IllegalTransition",
    "PageChannel",
    "PageSession",
    "Pullable",
    "QueueLimits",
    "Resource",
    "ResourceTable",
    "ResourceTables",
    "Respond",
    "cancelled_report",
]
