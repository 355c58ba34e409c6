from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.mock_app import Running
from tests.plugins.fs.pages import APP_DATA, base, call, refused, send, write
from tests.requirements import needs_names_outside_utf8
from transom.plugins.fs import _handles
from transom.runtimes._mock import MockRejection


def test_whole_files_are_written_and_read(application: Running, data: Path) -> None:
    page = application.page
    (data / "a b").mkdir()
    assert write(page, "write_file", "a b/ü.bin", b"\0\xff" * 500, baseDir=APP_DATA) is None
    assert (data / "a b/ü.bin").read_bytes() == b"\0\xff" * 500
    assert call(page, "read_file", path="a b/ü.bin", options=base()) == b"\0\xff" * 500
    write(page, "write_text_file", str(data / "t.txt"), "Zoë".encode())
    assert bytes(call(page, "read_text_file", path=f"file://{quote(str(data / 't.txt'))}")) == "Zoë".encode()
    write(page, "write_text_file", "t.txt", b"!", baseDir=APP_DATA, append=True)
    assert (data / "t.txt").read_text("utf-8") == "Zoë!"
    write(page, "write_text_file", "t.txt", b"x", baseDir=APP_DATA)
    assert (data / "t.txt").read_text("utf-8") == "x"
    write(page, "write_file", "m", b"", baseDir=APP_DATA, mode=0o600)
    assert (data / "m").stat().st_mode & 0o777 == 0o600


def test_the_json_form_of_the_oldest_client(application: Running, data: Path) -> None:
    call(application.page, "write_text_file", path="t.txt", data="Zoë", options=base())
    call(application.page, "write_file", path="b", data=[0, 255], options=base(append=False))
    assert ((data / "t.txt").read_text("utf-8"), (data / "b").read_bytes()) == ("Zoë", b"\0\xff")


def test_a_call_without_the_parts_of_a_file_rejects(application: Running) -> None:
    page = application.page
    with pytest.raises(MockRejection, match="missing file path"):
        page.answer(send(page, "write_file", b"x", {}))
    assert "unexpected invoke body" in refused(page, "write_file", path=1)
    with pytest.raises(MockRejection, match="unexpected invoke body"):
        page.answer(send(page, "write_file", b"x", {"path": "a", "options": '{"baseDir": 99}'}))


def test_create_and_create_new(application: Running, data: Path) -> None:
    page = application.page
    text = "failed to open file at path: %s with error: %s (os error %d)"
    with pytest.raises(MockRejection) as missing:
        write(page, "write_file", "no", b"", baseDir=APP_DATA, create=False)
    assert missing.value.value == text % (data / "no", "No such file or directory", 2)
    write(page, "write_file", "new", b"1", baseDir=APP_DATA, createNew=True)
    with pytest.raises(MockRejection) as present:
        write(page, "write_file", "new", b"2", baseDir=APP_DATA, createNew=True)
    assert present.value.value == text % (data / "new", "File exists", 17)


def test_folders_are_made_listed_and_removed(application: Running, data: Path) -> None:
    page = application.page
    call(page, "mkdir", path="a", options=base(mode=0o700))
    assert (data / "a").stat().st_mode & 0o777 == 0o700
    call(page, "mkdir", path="a/b/c", options=base(recursive=True))
    call(page, "mkdir", path="a/b/c", options=base(recursive=True))
    assert "File exists (os error 17)" in refused(page, "mkdir", path="a/b", options=base())
    assert "failed to create directory at path" in refused(page, "mkdir", path="x/y", options=base())
    (data / "a/f.txt").touch()
    (data / "a/l").symlink_to("f.txt")
    (data / "a/broken").symlink_to("nothing")
    found = {entry["name"]: entry for entry in call(page, "read_dir", path="a", options=base())}
    assert {name: (e["isDirectory"], e["isFile"], e["isSymlink"]) for name, e in found.items()} == {
        "b": (True, False, False),
        "f.txt": (False, True, False),
        "l": (False, True, True),
        "broken": (False, False, True),
    }
    assert "Directory not empty" in refused(page, "remove", path="a", options=base())
    call(page, "remove", path="a/l", options=base())
    assert (data / "a/f.txt").exists()
    call(page, "remove", path="a", options=base(recursive=True))
    assert not (data / "a").exists()
    assert "failed to get metadata of path" in refused(page, "remove", path="a", options=base())
    assert "failed to read directory at path" in refused(page, "read_dir", path="a", options=base())


def test_a_name_that_is_not_utf8_is_listed(application: Running, data: Path) -> None:
    needs_names_outside_utf8(data)
    (data / os.fsdecode(b"a\xff")).touch()
    assert [entry["name"] for entry in call(application.page, "read_dir", path="", options=base())] == [
        "a\N{REPLACEMENT CHARACTER}"
    ]


def test_copy_and_rename(application: Running, data: Path) -> None:
    page = application.page
    (data / "a").write_bytes(b"abc" * 10)
    (data / "a").chmod(0o640)
    bases = {"fromPathBaseDir": APP_DATA, "toPathBaseDir": APP_DATA}
    call(page, "copy_file", fromPath="a", toPath="b", options=bases)
    assert (data / "b").read_bytes() == b"abc" * 10
    assert (data / "b").stat().st_mode & 0o777 == 0o640
    assert "they are the same file" in refused(page, "copy_file", fromPath="a", toPath="a", options=bases)
    assert (data / "a").read_bytes() == b"abc" * 10
    assert "No such file or directory (os error 2)" in refused(
        page, "copy_file", fromPath="x", toPath="y", options=bases
    )
    assert not (data / "y").exists()
    call(page, "rename", oldPath="b", newPath="c", options={"oldPathBaseDir": APP_DATA, "newPathBaseDir": APP_DATA})
    assert sorted(path.name for path in data.iterdir()) == ["a", "c"]


def test_metadata(application: Running, data: Path) -> None:
    page = application.page
    (data / "f").write_bytes(b"12345")
    (data / "f").chmod(0o444)
    os.utime(data / "f", ns=(1_500_000_000_123_456_789, 1_600_000_000_987_654_321))
    (data / "l").symlink_to("f")
    info = call(page, "stat", path="l", options=base())
    assert (info["isFile"], info["isSymlink"], info["size"], info["readonly"]) == (True, False, 5, True)
    assert (info["atime"], info["mtime"]) == (1_500_000_000_123, 1_600_000_000_987)
    assert info["ino"] == (data / "f").stat().st_ino
    assert stat.S_IMODE(info["mode"]) == 0o444
    link = call(page, "lstat", path="l", options=base())
    assert (link["isFile"], link["isSymlink"]) == (False, True)
    assert (
        set(link)
        == set(info)
        == {
            *(
                "isFile",
                "isDirectory",
                "isSymlink",
                "size",
                "mtime",
                "atime",
                "birthtime",
                "readonly",
                "fileAttributes",
            ),
            *("dev", "ino", "mode", "nlink", "uid", "gid", "rdev", "blksize", "blocks"),
        }
    )
    assert "failed to get metadata of path" in refused(page, "stat", path="x", options=base())
    assert [call(page, "exists", path=path, options=base()) for path in ("f", "x", "f/x")] == [True, False, False]
    (data / "d/e").mkdir(parents=True)
    (data / "d/e/g").write_bytes(b"1234567")
    assert [call(page, "size", path=path, options=base()) for path in ("f", "d")] == [5, 7]
    call(page, "truncate", path="d/e/g", len=3, options=base())
    assert (data / "d/e/g").read_bytes() == b"123"
    call(page, "truncate", path="d/e/g", options=base())
    assert (data / "d/e/g").read_bytes() == b""


def test_an_open_file(application: Running, data: Path) -> None:
    page = application.page
    rid = call(page, "open", path="f", options=base(read=True, write=True, create=True))
    assert call(page, "write", rid=rid, data=list(b"hello world")) == 11
    assert call(page, "seek", rid=rid, offset=6, whence=0) == 6
    assert call(page, "read", rid=rid, len=100) == b"world" + (5).to_bytes(8, "big")
    assert call(page, "read", rid=rid, len=100) == (0).to_bytes(8, "big")
    assert call(page, "seek", rid=rid, offset=-2, whence=2) == 9
    assert call(page, "seek", rid=rid, offset=-4, whence=1) == 5
    call(page, "ftruncate", rid=rid, len=5)
    assert call(page, "fstat", rid=rid)["size"] == 5
    assert "failed to seek file with error: Invalid argument (os error 22)" in refused(
        page, "seek", rid=rid, offset=-1, whence=0
    )
    page.invoke("plugin:resources|close", {"rid": rid})
    assert refused(page, "read", rid=rid, len=1) == f"The resource id {rid} is invalid."
    assert (data / "f").read_bytes() == b"hello"


def test_how_a_file_is_opened(application: Running, data: Path) -> None:
    page = application.page
    (data / "f").write_bytes(b"12345")
    rid = call(page, "open", path="f", options=base())
    assert "Bad file descriptor (os error 9)" in refused(page, "write", rid=rid, data=[1])
    rid = call(page, "open", path="f", options=base(append=True))
    call(page, "write", rid=rid, data=[54])
    assert (data / "f").read_bytes() == b"123456"
    call(page, "open", path="f", options=base(write=True, truncate=True))
    assert (data / "f").read_bytes() == b""
    rid = call(page, "create", path="g", options=base())
    call(page, "write", rid=rid, data=[55])
    assert (data / "g").read_bytes() == b"7"
    assert "File exists" in refused(page, "open", path="g", options=base(write=True, createNew=True))
    for wrong in ({"read": False}, {"create": True}, {"append": True, "truncate": True}):
        assert "Invalid argument (os error 22)" in refused(page, "open", path="f", options=base(**wrong))


def test_open_files_end_with_their_page(application: Running, data: Path) -> None:
    page = application.page
    (data / "f").touch()
    rid = call(page, "open", path="f", options=base())
    other = application.open("other")
    assert refused(other, "read", rid=rid, len=1) == f"The resource id {rid} is invalid."
    before = sum(1 for _ in Path("/proc/self/fd").iterdir())
    window = application.app.get_webview_window("main")
    assert window is not None
    window.reload()
    assert sum(1 for _ in Path("/proc/self/fd").iterdir()) < before


@pytest.mark.parametrize(
    ("encoding", "python"),
    [(None, "utf-8"), ("utf-16le", "utf-16le"), ("utf-16be", "utf-16be"), ("windows-1252", "cp1252")],
)
def test_lines_are_read_one_by_one_in_their_encoding(
    application: Running, data: Path, encoding: Any, python: str
) -> None:
    lines = ["äx", "", "\u010a\u0a00z" if "16" in python else "z", "end"]
    (data / "t").write_bytes(
        "\r\n".join(lines[:2]).encode(python) + "\n".encode(python) + "\n".join(lines[2:]).encode(python)
    )
    page = application.page
    rid = call(page, "read_text_file_lines", path="t", options=base(encoding=encoding))
    found = [bytes(call(page, "read_text_file_lines_next", rid=rid)) for _ in range(5)]
    assert [line[:-1].decode(python) for line in found[:4]] == lines
    assert {line[-1] for line in found[:4]} == {0}
    assert found[4] == b"\1"
    assert refused(page, "read_text_file_lines_next", rid=rid) == f"The resource id {rid} is invalid."


def test_sparse_giants_fill_no_memory(application: Running, data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = application.page
    write(page, "write_file", "giant", b"", baseDir=APP_DATA)
    call(page, "truncate", path="giant", len=1 << 40, options=base())
    assert "has more than 1024 MiB; read it in parts with open()" in refused(
        page, "read_file", path="giant", options=base()
    )
    monkeypatch.setattr(_handles, "_LONGEST", 1 << 16)
    for encoding in (None, "utf-16le"):
        rid = call(page, "read_text_file_lines", path="giant", options=base(encoding=encoding))
        assert "read it in parts with open()" in refused(page, "read_text_file_lines_next", rid=rid)
        assert refused(page, "read_text_file_lines_next", rid=rid) == f"The resource id {rid} is invalid."
