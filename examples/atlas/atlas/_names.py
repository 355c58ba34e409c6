"""Make file names printable, and guess the kind of a file from its name."""

from __future__ import annotations

import os
from typing import Final

FILE_KINDS: Final = (
    "image",
    "video",
    "audio",
    "document",
    "code",
    "archive",
    "data",
    "program",
    "other",
)
"""The kinds of files, in the order of every list of sizes by kind."""

# Add here to give an extension a kind; all others are "other".
EXTENSIONS: Final = {
    "image": "png jpg jpeg gif webp avif bmp tif tiff svg ico heic heif raw cr2 nef arw dng psd xcf kra icns xpm",
    "video": "mp4 mkv webm mov avi wmv flv m4v mpg mpeg ogv 3gp",
    "audio": "mp3 flac ogg opus m4a aac wav wma aiff mid midi sf2 oga",
    "document": (
        "pdf doc docx odt rtf txt md rst tex xls xlsx ods ppt pptx odp epub mobi djvu html htm org pages key numbers"
    ),
    "code": (
        "py pyi pyx js mjs cjs ts tsx jsx c h cc cpp cxx hpp hh rs go java kt kts scala rb php pl pm lua sh bash zsh fish "
        "cs fs swift m mm sql css scss less vue svelte asm s el clj hs ml ex exs erl dart r jl zig nim vim cmake mk ipynb"
    ),
    "archive": "zip tar gz tgz bz2 xz zst 7z rar lz lz4 lzma cab deb rpm apk jar war whl egg iso img dmg crate snap pack",
    "data": (
        "json jsonl json5 xml yaml yml toml csv tsv db sqlite sqlite3 parquet arrow feather npy npz h5 hdf5 pkl pickle "
        "log ini conf cfg lock mo po bin dat idx tflite onnx pt safetensors gguf map proto wal"
    ),
    "program": "so a o dll exe dylib pyc pyo class wasm ko elf msi app rlib rmeta lib obj node appimage",
}

KIND_OF: Final = {extension: kind for kind, words in EXTENSIONS.items() for extension in words.split()}

_VISIBLE: Final = {
    **{code: chr(0x2400 + code) for code in range(0x20)},
    0x7F: "\u2421",
    **{code: f"\\x{code:02x}" for code in range(0x80, 0xA0)},
    # Bidirectional controls could make `gpj.exe` look like `exe.jpg`, and line separators could break a row.
    **{
        code: f"\\u{code:04x}"
        for code in (0x061C, 0x200E, 0x200F, 0x2028, 0x2029, *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF)
    },
}


def printable(name: str) -> str:
    r"""Convert a name or path from the file system to text that is safe to display and encode.

    Bytes that are not UTF-8 become `\xff`, and control characters become visible symbols, so that no name looks empty
    or breaks its line. The result is for display only and cannot open the file.
    """
    text = os.fsencode(name).decode("utf-8", "backslashreplace")
    return text.translate(_VISIBLE)


def kind_of(name: str) -> str:
    """Return the kind of a file from its extension; `libc.so.6` counts as `so`."""
    stem, _, extension = name.rpartition(".")
    if not stem:
        return "other"
    kind = KIND_OF.get(extension.lower())
    if kind is not None:
        return kind
    return "program" if ".so." in name else "other"
