"""The application's threads: the event loop, the workers, and on which of them a caller is."""

from ._eager import Job
from ._executors import ExecutorSource
from ._loop import Loop
from ._ordered import OrderedCalls
from ._threads import Threads
from ._workers import MAX_WORKERS, WorkerPool, WorkerShare

__all__ = ["MAX_WORKERS", "ExecutorSource", "Job", "Loop", "OrderedCalls", "Threads", "WorkerPool", "WorkerShare"]
