"""Read what a project's files say about permissions: capabilities, and the permissions of its own commands."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from ..acl import Capability, Fault, Permission, capabilities_in, capability_of, read_permissions
from ..config import Config, Problem
from ..errors import ConfigError
from ..names import nearest_name
from ._config_file import document_of
from ._document import SUFFIXES, Document, config_error

__all__ = ["AccessFiles", "CapabilitySource", "capability_sources", "load_access", "read_capability_file"]

Lines = list[tuple[str, int, str]]
"""File, line and text of problems."""

_SCHEMAS = "schemas"  # Tauri: what editors complete these files by lies in a folder of this name
_LISTED = ("app", "security", "capabilities")
_ALLOWLIST = ("tauri", "allowlist")  # what the one capability of a file of Tauri 1 was made from


class CapabilitySource(msgspec.Struct, frozen=True, kw_only=True):
    """A capability, and where it is written.

    Attributes:
        capability: The capability.
        document: The file.
        place: Its place in the file.
    """

    capability: Capability
    document: Document
    place: tuple[str | int, ...]

    def where_in(self, folder: Path | None) -> Callable[[tuple[str | int, ...]], str]:
        """Return a function that names file and line of a field, by its place in the capability.

        Args:
            folder: The folder of `tauri.conf.json`, to which the file's path is relative; `None` for the whole path.
        """
        base = folder.parent if folder is not None and folder.name == "src-tauri" else folder
        file = self.document.file if base is None else os.path.relpath(self.document.file, base)
        return lambda place: f"{file}:{self.document.line((*self.place, *place))}"

    @property
    def where(self) -> str:
        """The file and the line at which it begins."""
        return self.document.where(self.place)

    def problems(self, faults: Iterable[Fault]) -> Lines:
        """Return faults of the capability with their file and line."""
        return _problems(self.document, (Fault((*self.place, *place), text) for place, text in faults))


class AccessFiles(msgspec.Struct, frozen=True, kw_only=True):
    """The content of a project's files about permissions.

    Attributes:
        folder: Where new files belong; `None` without a project.
        capabilities: The capabilities that count, in the order of their identifiers.
        default: Identifiers in the application's default set.
        sets: Its other sets.
        permissions: Its permissions.
        notes: What has no effect, with file and line.
    """

    folder: Path | None = None
    capabilities: tuple[CapabilitySource, ...] = ()
    default: tuple[str, ...] = ()
    sets: dict[str, tuple[str, ...]] = {}
    permissions: tuple[Permission, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def has_app_acl(self) -> bool:
        """Whether the application has permissions for its own commands. Tauri: it has an app manifest."""
        return bool(self.default or self.sets or self.permissions)


def load_access(config: Config) -> AccessFiles:
    """Read `capabilities/` and `permissions/` beside a configuration, and `app.security.capabilities` in it.

    Args:
        config: The configuration.

    Raises:
        ConfigError: A file cannot be read or is wrong; the text names every file, line and field.
    """
    lines: Lines = []
    notes: list[str] = []
    files = [*_capability_files(config.folder, lines, notes)]
    capabilities = [*_chosen(config, files, lines, notes)]
    permissions = _Permissions(lines)
    for document in _documents(config.folder / "permissions", lines):
        permissions.add(document)
    if lines:
        raise config_error(lines)
    return AccessFiles(
        folder=config.folder,
        capabilities=tuple(sorted(capabilities, key=lambda source: source.capability.identifier)),
        default=permissions.default or (),
        sets=permissions.sets,
        permissions=tuple(permissions.permissions),
        notes=tuple(notes),
    )


def read_capability_file(path: Path) -> list[CapabilitySource]:
    """Read one capability file.

    Args:
        path: The file, by whose name its format is known.

    Raises:
        ConfigError: It cannot be read or is wrong; the text names every line and field.
    """
    return _sources(Document.read(path))


def capability_sources(value: Any, name: str) -> list[CapabilitySource]:
    """Return the capabilities of a JSON value, as a capability file has it.

    Args:
        value: The value.
        name: What texts name in place of a file.

    Raises:
        ConfigError: It is wrong; the text names every field.
    """
    return _sources(Document(file=name, value=value, lines={(): 1}))


def _sources(document: Document) -> list[CapabilitySource]:
    faults: list[Fault] = []
    found = capabilities_in(document.value, faults, faults)
    if faults:
        raise config_error(_problems(document, faults))
    return [CapabilitySource(capability=capability, document=document, place=place) for place, capability in found]


def _documents(folder: Path, lines: Lines) -> Iterator[Document]:
    for path in sorted(folder.glob("**/*")):
        if path.suffix not in SUFFIXES or path.parent.name == _SCHEMAS or not path.is_file():
            continue
        try:
            yield Document.read(path)
        except ConfigError as error:
            lines.append((str(path), error.line or 1, error.message))


def _problems(document: Document, faults: Iterable[Fault]) -> Lines:
    return document.problems(Problem(place, text) for place, text in faults)


def _noted(document: Document, notes: Iterable[Fault]) -> list[str]:
    return [f"{file}:{line}: {text}" for file, line, text in _problems(document, notes)]


def _capability_files(folder: Path, lines: Lines, notes: list[str]) -> Iterator[CapabilitySource]:
    seen: dict[str, CapabilitySource] = {}
    for document in _documents(folder / "capabilities", lines):
        faults: list[Fault] = []
        ignored: list[Fault] = []
        for place, capability in capabilities_in(document.value, faults, ignored):
            source = CapabilitySource(capability=capability, document=document, place=place)
            first = seen.setdefault(capability.identifier, source)
            if first is source:
                yield source
            else:
                faults.append(_taken(place, first))
        lines += _problems(document, faults)
        notes += _noted(document, ignored)


def _taken(place: tuple[str | int, ...], first: CapabilitySource) -> Fault:
    # Tauri: the sentence up to the semicolon.
    text = f"capability with identifier `{first.capability.identifier}` already exists; it is in {first.where}"
    return Fault((*place, "identifier"), text)


def _chosen(
    config: Config, files: list[CapabilitySource], lines: Lines, notes: list[str]
) -> Iterator[CapabilitySource]:
    """Yield the capabilities that the configuration chooses, and those that are written in it. Tauri: none means all."""
    listed = config.app.security.capabilities
    if not listed:
        yield from files
        return
    document = document_of(config, _LISTED)
    known = {source.capability.identifier: source for source in files}
    faults: list[Fault] = []
    ignored: list[Fault] = []
    for index, each in enumerate(listed):
        place = (*_LISTED, index) if config.generation == "2.x" else _ALLOWLIST
        if isinstance(each, str):
            source = known.get(each)
            if source is None:
                faults.append(Fault(place, _no_file(each, known)))
            else:
                yield source
            continue
        capability = capability_of(each, place, faults, ignored)
        if capability is not None and capability.identifier in known:
            faults.append(_taken(place, known[capability.identifier]))
        elif capability is not None:
            source = CapabilitySource(capability=capability, document=document, place=place)
            known[capability.identifier] = source
            yield source
    lines += _problems(document, faults)
    notes += _noted(document, ignored)


def _no_file(identifier: str, known: Iterable[str]) -> str:
    near = nearest_name(identifier, known)
    if near is not None:
        return f"no capability file has the identifier `{identifier}`; did you mean `{near}`?"
    return f"no file in the folder `capabilities` has the identifier `{identifier}`; there are {', '.join(known) or 'none'}"


class _Permissions:
    """Collects the permission files of an application."""

    def __init__(self, lines: Lines) -> None:
        self.default: tuple[str, ...] | None = None
        self.sets: dict[str, tuple[str, ...]] = {}
        self.permissions: list[Permission] = []
        self._lines = lines
        self._seen: dict[str, str] = {}

    def add(self, document: Document) -> None:
        faults: list[Fault] = []
        file = read_permissions(document.value, faults)
        names = [
            *((("default",), "default") for _ in range(file.default is not None)),
            *((("set", index, "identifier"), name) for index, (name, _) in enumerate(file.sets)),
            *((("permission", index, "identifier"), each.identifier) for index, each in enumerate(file.permissions)),
        ]
        for place, name in names:
            where = document.where(place)
            if self._seen.setdefault(name, where) is not where:
                faults.append(Fault(place, f"permission `{name}` already exists; it is in {self._seen[name]}"))
        self._lines += _problems(document, faults)
        self.default = self.default if file.default is None else file.default
        self.sets |= dict(file.sets)
        self.permissions += file.permissions
