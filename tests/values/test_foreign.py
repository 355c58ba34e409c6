from __future__ import annotations

import json
import re
import struct
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from tests.requirements import needs_numpy, needs_pyarrow, needs_pydantic
from transom.errors import RequestError
from transom.values import LiftedBuffer, check_foreign, decode_foreign, encode_body, encode_json
from transom.values._typed_array import typed_view


def _buffer(value: Any) -> LiftedBuffer:
    [buffer] = encode_body({"here": value}).buffers
    return buffer


def _json(value: Any) -> Any:
    body = encode_body(value)
    assert body.buffers == ()
    return json.loads(body.json)


def test_no_library_is_imported_that_the_application_does_not_use() -> None:
    program = (
        "import sys, transom, transom.values, transom.core, dataclasses\n"
        "transom.values.encode_body([{'a': b'x'}, dataclasses.make_dataclass('A', ['b'])(1)])\n"
        "print(sorted({'numpy', 'pyarrow', 'pydantic', 'attrs'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "[]"


# NumPy

ELEMENTS = {
    "int8": "Int8Array",
    "int16": "Int16Array",
    "int32": "Int32Array",
    "int64": "BigInt64Array",
    "uint8": "Uint8Array",
    "uint16": "Uint16Array",
    "uint32": "Uint32Array",
    "uint64": "BigUint64Array",
    "float32": "Float32Array",
    "float64": "Float64Array",
}


@pytest.mark.parametrize("dtype", ELEMENTS)
@pytest.mark.parametrize("order", ["<", ">"])
def test_an_array_is_a_typed_array_both_ways(dtype: str, order: str) -> None:
    numpy = needs_numpy()
    elements = numpy.array([[1, 2, 3], [4, 5, 6]], numpy.dtype(dtype).newbyteorder(order))
    for array in (elements, numpy.asfortranarray(elements), elements[::1, :]):
        sent = _buffer(array)
        assert sent.kind == ELEMENTS[dtype]
        view = typed_view(sent.kind, sent.data)
        for annotation in (numpy.ndarray[Any, numpy.dtype[getattr(numpy, dtype)]], numpy.ndarray):
            came = decode_foreign(annotation, view)
            assert came.dtype == numpy.dtype(dtype)
            assert came.tolist() == [1, 2, 3, 4, 5, 6]
            assert not came.flags.writeable


def test_views_scalars_and_empty_arrays() -> None:
    numpy = needs_numpy()
    assert bytes(_buffer(numpy.arange(10, dtype="u1")[1::3]).data) == bytes([1, 4, 7])
    assert _buffer(numpy.empty((0, 3), "f4"))[1:] == ("Float32Array", memoryview(b""))
    assert _buffer(numpy.array(1.5))[1:] == ("Float64Array", memoryview(numpy.float64(1.5).tobytes()))
    scalars = [numpy.float32(1.5), numpy.int64(-3), numpy.bool_(True), numpy.uint8(7), numpy.str_("s")]
    assert _json({"all": scalars, "one": numpy.float64("nan")}) == {"all": [1.5, -3, True, 7, "s"], "one": None}
    assert _json(numpy.float64(0.5)) == 0.5


def test_booleans_are_bytes_of_zero_and_one() -> None:
    numpy = needs_numpy()
    sent = _buffer(numpy.array([True, False, True]))
    assert sent[1:] == ("Uint8Array", memoryview(b"\1\0\1"))
    came = decode_foreign(numpy.ndarray[Any, numpy.dtype[numpy.bool_]], typed_view("Uint8Array", memoryview(b"\1\0\2")))
    assert (came.dtype, came.tolist()) == (numpy.bool_, [True, False, True])


def test_a_sent_array_may_be_filled_again() -> None:
    numpy = needs_numpy()
    array = numpy.array([1, 2], "u1")
    sent = _buffer(array)
    array[:] = 9
    assert bytes(sent.data) == b"\1\2"


@pytest.mark.parametrize("dtype", ["float16", "complex64", "datetime64[s]", "object", "S3", "longdouble", "i4,f4"])
def test_elements_that_javascript_has_not_are_refused(dtype: str) -> None:
    numpy = needs_numpy()
    with pytest.raises(TypeError, match=r"^an array of .* has no typed array in JavaScript; convert it first, "):
        encode_body([numpy.zeros(2, dtype)])


@pytest.mark.parametrize(
    ("element", "kind", "wanted"),
    [
        ("float32", "Float64Array", "Float32Array"),
        ("float64", "Float32Array", "Float64Array"),
        ("uint8", "Int8Array", "Uint8Array"),
        ("int64", "BigUint64Array", "BigInt64Array"),
        ("bool_", "Int8Array", "Uint8Array"),
        ("floating", "Int32Array", "typed array of floating"),
        ("integer", "Float32Array", "typed array of integer"),
    ],
)
def test_a_typed_array_of_another_class_is_refused_and_not_converted(element: str, kind: str, wanted: str) -> None:
    numpy = needs_numpy()
    with pytest.raises(RequestError, match=f"^Expected `{wanted}`, got `{kind}`$"):
        decode_foreign(
            numpy.ndarray[Any, numpy.dtype[getattr(numpy, element)]], typed_view(kind, memoryview(bytes(16)))
        )


@pytest.mark.parametrize(("value", "got"), [(None, "null"), ([1, 2], "`array`"), ("AAAA", "`str`")])
def test_what_is_no_buffer_is_no_array(value: Any, got: str) -> None:
    numpy = needs_numpy()
    with pytest.raises(RequestError, match=f"^Expected `Float32Array`, got {got}$"):
        decode_foreign(numpy.ndarray[Any, numpy.dtype[numpy.float32]], value)
    with pytest.raises(RequestError, match=f"^Expected `typed array`, got {got}$"):
        decode_foreign(numpy.ndarray, value)


def test_plain_bytes_are_elements_of_eight_bits_only() -> None:
    numpy = needs_numpy()
    assert decode_foreign(numpy.ndarray[Any, numpy.dtype[numpy.uint8]], memoryview(b"ab")).tolist() == [97, 98]
    with pytest.raises(RequestError, match="^Expected `Float32Array`, got bytes$"):
        decode_foreign(numpy.ndarray[Any, numpy.dtype[numpy.float32]], memoryview(b"abcd"))


def test_elements_at_an_odd_place_are_aligned_for_those_who_need_it() -> None:
    numpy = needs_numpy()
    data = memoryview(b"x" + numpy.arange(3, dtype="f8").tobytes())[1:]
    came = decode_foreign(numpy.ndarray, typed_view("Float64Array", data))
    assert came.flags.aligned
    assert not came.flags.writeable
    assert came.tolist() == [0, 1, 2]


def test_annotations_of_arrays_that_no_page_could_send() -> None:
    numpy = needs_numpy()
    for element in (numpy.float64, numpy.bool_, numpy.number, numpy.generic, Any):
        check_foreign(numpy.ndarray[Any, numpy.dtype[element]])
        check_foreign(numpy.ndarray[tuple[int], numpy.dtype[element]])
        check_foreign(numpy.ndarray[tuple[Any, ...], numpy.dtype[element]])
    check_foreign(numpy.ndarray)
    for element in (numpy.longlong, numpy.int_, numpy.ulonglong):
        check_foreign(numpy.ndarray[Any, numpy.dtype[element]])
    with pytest.raises(TypeError, match=r"^arrays arrive flat, as JavaScript has them; write NDArray"):
        check_foreign(numpy.ndarray[tuple[int, int], numpy.dtype[numpy.float32]])
    for element in (numpy.float16, numpy.complex128, numpy.datetime64, numpy.str_, numpy.object_):
        with pytest.raises(
            TypeError, match=f"^no typed array of JavaScript has elements of numpy.{element.__name__}; "
        ):
            check_foreign(numpy.ndarray[Any, numpy.dtype[element]])


# pyarrow


def test_tables_and_batches_are_arrow_ipc_streams_both_ways() -> None:
    arrow = needs_pyarrow()
    table = arrow.table({"name": ["a", None, "ü"], "size": [1, 2, 3]})
    batch = table.to_batches()[0]
    for value in (table, batch, table.slice(1)):
        sent = _buffer(value)
        assert sent.kind == "ArrayBuffer"
        whole = value if isinstance(value, arrow.Table) else arrow.Table.from_batches([value])
        assert decode_foreign(arrow.Table, sent.data).equals(whole)
        assert decode_foreign(arrow.RecordBatch, sent.data).to_pylist() == value.to_pylist()


def test_a_batch_is_made_of_none_and_of_several() -> None:
    arrow = needs_pyarrow()
    table = arrow.table({"a": [1, 2]})
    none = decode_foreign(arrow.RecordBatch, _buffer(table.slice(0, 0)).data)
    assert (none.num_rows, none.schema) == (0, table.schema)
    several = arrow.concat_tables([table, table])
    assert decode_foreign(arrow.RecordBatch, _buffer(several).data).to_pydict() == {"a": [1, 2, 1, 2]}


@pytest.mark.parametrize("value", [memoryview(b""), memoryview(b"junk that is no stream"), "text", None, [1]])
def test_what_is_no_stream_is_refused(value: Any) -> None:
    arrow = needs_pyarrow()
    with pytest.raises(RequestError, match="^Expected bytes of an Arrow IPC stream"):
        decode_foreign(arrow.Table, value)


def test_a_stream_with_offsets_out_of_bounds_is_refused() -> None:
    arrow = needs_pyarrow()
    sent = bytes(_buffer(arrow.table({"a": ["abc", "def"]})).data)
    offsets = struct.pack("<iii", 0, 3, 6)
    assert sent.count(offsets) == 1
    broken = sent.replace(offsets, struct.pack("<iii", 0, 2**30, 6))
    with pytest.raises(RequestError, match="^Expected bytes of an Arrow IPC stream: "):
        decode_foreign(arrow.Table, broken)


# pydantic


def _model(**fields: Any) -> Any:
    pydantic = needs_pydantic()
    config = {"arbitrary_types_allowed": True, "populate_by_name": True}
    return pydantic.create_model("Model", __config__=config, **fields)


def test_models_without_buffers_are_what_pydantic_writes() -> None:
    pydantic = needs_pydantic()
    model = _model(
        at=(datetime, ...), took=(timedelta, ...), secret=(pydantic.SecretStr, ...), url=(pydantic.HttpUrl, ...)
    )
    value = model(at=datetime(2024, 5, 6, tzinfo=UTC), took=timedelta(1), secret="s", url="http://a.b")
    written = {"at": "2024-05-06T00:00:00Z", "took": "P1D", "secret": "**********", "url": "http://a.b/"}
    assert _json(value) == written == value.model_dump(mode="json")
    assert _json([{"m": value}]) == [{"m": written}]
    assert _json([value.url]) == ["http://a.b/"]


def test_buffers_in_models_are_lifted_and_the_rest_stays_what_pydantic_writes() -> None:
    pydantic, numpy = needs_pydantic(), needs_numpy()
    inner = _model(data=(bytes, ...), cost=(Decimal, ...))
    model = _model(
        raw_data=(bytes, pydantic.Field(alias="rawData")),
        elements=(numpy.ndarray, ...),
        url=(pydantic.HttpUrl, ...),
        secret=(pydantic.SecretStr, ...),
        inner=(list[inner], ...),
    )
    value = model(
        raw_data=b"\xff",
        elements=numpy.ones(2),
        url="http://a.b",
        secret="s",
        inner=[inner(data=b"in", cost=Decimal("1.50"))],
    )

    class Around(msgspec.Struct):
        model: Any

    for around, prefix in ((value, []), ([value], [0]), (Around(value), ["model"]), ({"m": [value]}, ["m", 0])):
        body = encode_body(around)
        places = [(json.loads(path)[len(prefix) :], kind, bytes(data)) for path, kind, data in body.buffers]
        assert sorted(places, key=str) == sorted(
            [
                (["rawData"], "ArrayBuffer", b"\xff"),
                (["elements"], "Float64Array", numpy.ones(2).tobytes()),
                (["inner", 0, "data"], "ArrayBuffer", b"in"),
            ],
            key=str,
        )
        plain = json.loads(body.json)
        for key in prefix:
            plain = plain[key]
        assert plain == {
            "rawData": None,
            "elements": None,
            "url": "http://a.b/",
            "secret": "**********",
            "inner": [{"data": None, "cost": "1.50"}],
        }


def test_pydantic_dataclasses_keep_their_aliases() -> None:
    pydantic = needs_pydantic()
    field = pydantic.Field(alias="rawData")
    made = pydantic.dataclasses.dataclass(
        type("Made", (), {"__annotations__": {"raw_data": bytes}, "raw_data": field, "__module__": __name__})
    )
    body = encode_body([made(rawData=b"x")])
    assert (json.loads(body.json), bytes(body.buffers[0].data)) == ([{"rawData": None}], b"x")


def test_what_pydantic_does_not_know_either_is_refused() -> None:
    numpy = needs_numpy()
    model = _model(data=(bytes, b""), other=(Any, None))
    for value in (object(), numpy.zeros(1, "c8")):
        with pytest.raises(TypeError):
            encode_body(model(other=value))


class DataFrame:
    """Stands for the tables of pandas and polars."""

    def to_dict(self) -> None: ...


class Series(DataFrame):
    def to_list(self) -> None: ...


@pytest.mark.parametrize(
    ("kind", "module", "fix"),
    [
        (DataFrame, "pandas.core.frame", 'convert it first, with .to_dict("records") for a list of rows'),
        (DataFrame, "polars.dataframe.frame", "convert it first, with .to_dicts() for a list of rows"),
        (Series, "pandas.core.series", "convert it first, with .to_list()"),
        (DataFrame, "mine", "return JSON types, msgspec or dataclass values, or bytes"),
    ],
)
def test_a_table_says_how_it_can_be_sent(kind: type, module: str, fix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kind, "__module__", module)
    with pytest.raises(TypeError, match=re.escape(f"of the type {kind.__name__} cannot be sent to the page; {fix}")):
        encode_json({"rows": kind()})


def test_a_missing_value_of_pandas_is_null(monkeypatch: pytest.MonkeyPatch) -> None:
    missing = object()
    monkeypatch.setitem(sys.modules, "pandas", SimpleNamespace(NA=missing))  # type: ignore[arg-type]
    assert encode_json([{"a": missing}]) == b'[{"a":null}]'
    with pytest.raises(TypeError, match="of the type object cannot be sent"):
        encode_json(object())
