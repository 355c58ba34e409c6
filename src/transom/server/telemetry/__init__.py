"""Spans and metrics by the API of OpenTelemetry alone; nothing of it runs where no SDK is set up."""

from ._calls import TracedDispatcher
from ._telemetry import Observed, Telemetry, find_telemetry

__all__ = ["Observed", "Telemetry", "TracedDispatcher", "find_telemetry"]
