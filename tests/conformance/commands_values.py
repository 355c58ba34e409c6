"""Commands of the conformance application for `docs/values.md`: every value in both directions."""

from __future__ import annotations

import datetime as dt
import enum
import uuid
from decimal import Decimal
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pydantic
from numpy.typing import NDArray

from transom import AppHandle, Channel, TaggedUnion, command


class Colour(enum.Enum):
    RED = "red"


class DownloadEvent(
    TaggedUnion, tag="event", content="data", rename_all="camelCase", rename_all_fields="camelCase"
): ...


class Started(DownloadEvent):
    url: str
    download_id: int
    content_length: int


class Progress(DownloadEvent):
    download_id: int
    chunk_length: int
    chunk: bytes = b""


class Finished(DownloadEvent): ...


class Reading(msgspec.Struct, rename="camel"):
    sensor_name: str
    samples: NDArray[np.float32]
    raw_bytes: bytes = b""


class Upload(pydantic.BaseModel):
    file_name: str = pydantic.Field(alias="fileName", min_length=1)
    content: bytes


_AT = dt.datetime(2024, 5, 6, 7, 8, 9, 123456, dt.UTC)
_VALUES: dict[str, Any] = {
    "safe": 2**53 - 1,
    "unsafe": 2**53 + 1,
    "text of unsafe": str(2**53 + 1),
    "not numbers": [float("nan"), float("inf"), float("-inf")],
    "datetime": _AT,
    "naive": _AT.replace(tzinfo=None),
    "date": _AT.date(),
    "time": _AT.time(),
    "timedelta": dt.timedelta(days=1, seconds=1.5),
    "decimal": Decimal("1.10"),
    "uuid": uuid.UUID(int=5),
    "path": PurePosixPath("/ü/b"),
    "enum": [Colour.RED, {Colour.RED: 1}],
    "set": {7},
    "buffers": [b"\x01", bytearray(b"\x02"), memoryview(b"\x03"), memoryview(np.array([1.5], "f4"))],
    "arrays": {
        name: np.array([[0, 1], [2, 3]], name)
        for name in ("i1", "u1", "<i2", ">u2", "i4", "u4", ">i8", "u8", "f4", "f8", "?")
    },
    "columns first": np.asfortranarray(np.array([[1, 2], [3, 4]], "u1")),
    "scalars": [np.float32(0.5), np.int64(7), np.bool_(True)],
    "half": np.zeros(1, "f2"),
    "table": pa.table({"name": ["a", "ü"], "size": [1, 2]}),
    "model": {"in": [Upload(fileName="f", content=b"\xff")]},
    "reading": Reading("s", np.ones(2, "f4"), b"\x01"),
    "event": [Started("u", 1, 1000), {"in": Finished()}],
}


@command
def value_of(kind: str) -> Any:
    return _VALUES[kind]


@command
def take_integer(value: int) -> str:
    return str(value)


@command
def take_float(value: float | None) -> str:
    return repr(value)


@command
def take_texts(
    at: dt.datetime, day: dt.date, took: dt.timedelta, cost: Decimal, key: uuid.UUID, path: Path, colour: Colour
) -> list[str]:
    return [repr(value) for value in (at, day, took, cost, key, path.parts, colour)]


@command
def take_bytes(data: bytes, more: dict[str, bytes] | None = None) -> Any:
    return [data.hex(), {key: value.hex() for key, value in (more or {}).items()}]


@command
def take_floats(values: NDArray[np.float32]) -> Any:
    return [values.dtype.name, values.tolist(), values * 2]


@command
def take_reading(reading: Reading) -> Any:
    return [reading.sensor_name, reading.samples.tolist(), reading.raw_bytes.hex(), reading]


@command
def take_upload(upload: Upload) -> Any:
    return [upload.file_name, upload.content.hex(), upload]


@command
def take_table(table: pa.Table) -> Any:
    return table.to_pydict()


@command
def take_event(event: DownloadEvent, events: list[DownloadEvent]) -> Any:
    return [repr(event), events]


@command
def download(app: AppHandle, url: str, on_event: Channel[DownloadEvent]) -> DownloadEvent:
    """Report a download as the seed of Tauri's documentation does, out of one buffer that is filled again and again."""
    app.emit("download", Started(url, 1, 1000))
    on_event.send(Started(url=url, download_id=1, content_length=1000))
    for chunk_length in (15, 150, 35):
        on_event.send(Progress(1, chunk_length))
    on_event.send(Finished())
    return Progress(1, 200, b"\x01")


@command
def reuse(on_event: Channel[Any], large: bool) -> None:
    """Send three views of one buffer, which is another one each time."""
    buffer = bytearray(300_000 if large else 3)
    array = np.zeros(len(buffer), "u1")
    for value in (1, 2, 3):
        buffer[:] = bytes([value]) * len(buffer)
        array[:] = value
        on_event.send([buffer, memoryview(buffer), array])
    buffer[:] = bytes(len(buffer))
    array[:] = 0
