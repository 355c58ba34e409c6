"""Unions whose values carry the name of their variant, in the three forms that serde writes Rust's enums."""

from __future__ import annotations

import inspect
import types
from typing import TYPE_CHECKING, Any, ClassVar, dataclass_transform, get_args

import msgspec

from ...errors import RequestError
from .._typed_array import described
from ._rename import RenameRule, rename_field, rename_variant

__all__ = ["TaggedUnion", "encode_tagged", "make_tagged", "split_tagged", "types_in_tagged"]


class _Form:
    """How the values of one union are written.

    Attributes:
        variants: Tag -> variant, in the order of the program.
    """

    def __init__(
        self, tag: str | None, content: str | None, rename_all: RenameRule | None, rename_all_fields: RenameRule | None
    ) -> None:
        for rule in (rename_all, rename_all_fields):
            if rule is not None and rule not in get_args(RenameRule):
                raise TypeError(f"{rule!r} is not a renaming rule; there are {', '.join(get_args(RenameRule))}")
        if content is not None and tag is None:
            raise TypeError("content= says where the fields are beside the tag; give it tag= too")
        if tag is not None and tag == content:
            raise TypeError(f"tag= and content= are two keys of one object; both are {tag!r}")
        self.tag = tag
        self.content = content
        self.rename_all: RenameRule | None = rename_all
        self.rename_all_fields: RenameRule | None = rename_all_fields
        self.variants: dict[str, type[TaggedUnion]] = {}

    def compose(self, name: str, fields: Any, *, is_unit: bool) -> Any:
        """Return the plain form of a variant's name and its fields, an object."""
        if self.tag is None:
            return name if is_unit else {name: fields}
        if is_unit:
            return {self.tag: name}
        return {self.tag: name, **fields} if self.content is None else {self.tag: name, self.content: fields}

    def split(self, value: Any) -> tuple[Any, Any]:
        """Return the tag in a plain form and the fields of it; the inverse of `compose`."""
        if self.tag is None:
            if isinstance(value, str):
                return value, {}
            if isinstance(value, dict) and len(value) == 1:
                [(name, fields)] = value.items()
                return name, fields
            raise RequestError(f"Expected a text or an object of one key, its variant, got {described(value)}")
        if not isinstance(value, dict):
            raise RequestError(f"Expected `object` with the key `{self.tag}`, got {described(value)}")
        if self.tag not in value:
            raise RequestError(f"Object missing required field `{self.tag}`")
        if self.content is None:
            return value[self.tag], {key: item for key, item in value.items() if key != self.tag}
        return value[self.tag], value.get(self.content)


@dataclass_transform(frozen_default=True, field_specifiers=(msgspec.field,))
class TaggedUnion:
    """The base of a union whose values say which variant they are (Rust: an `enum` with data, and serde's attributes).

    A direct subclass is the union, with the options as arguments of the class; its subclasses are the variants, with
    their fields as in a dataclass. Annotate with the union; values are of its variants, do not change and can be matched:

        class DownloadEvent(TaggedUnion, tag="event", content="data", rename_all="camelCase", rename_all_fields="camelCase"): ...

        class Started(DownloadEvent):
            url: str
            download_id: int

        Started(url="https://example.com", download_id=1)  # {"event": "started", "data": {"url": ..., "downloadId": 1}}

    Args:
        tag: Key that holds the variant's name. `None`, as in serde: the name is the key of the fields, `{"Started": {...}}`.
        content: Key that holds the fields, which a variant without fields leaves out; `None` puts them beside the tag.
        rename_all: The case of the variants' names on the wire; `None` keeps them.
        rename_all_fields: The case of the fields' names; `None` keeps them.
        rename: In a variant: its name on the wire.

    Raises:
        TypeError: The options contradict each other, or two variants have one name.
    """

    __slots__ = ("__tagged_fields__",)
    __match_args__: ClassVar[tuple[str, ...]] = ()
    # A field may have any name but these.
    __tagged_form__: ClassVar[_Form]
    __tagged_name__: ClassVar[str]
    __tagged_type__: ClassVar[type[msgspec.Struct]]

    def __init_subclass__(
        cls,
        *,
        tag: str | None = None,
        content: str | None = None,
        rename_all: RenameRule | None = None,
        rename_all_fields: RenameRule | None = None,
        rename: str | None = None,
    ) -> None:
        super().__init_subclass__()
        if TaggedUnion in cls.__bases__:
            if inspect.get_annotations(cls):
                raise TypeError(
                    f"{cls.__name__} is a union, and fields belong to its variants: derive a class for each"
                )
            cls.__tagged_form__ = _Form(tag, content, rename_all, rename_all_fields)
            return
        if (tag, content, rename_all, rename_all_fields) != (None, None, None, None):
            raise TypeError(f"{cls.__name__} is a variant: tag, content and rename_all are options of the union")
        union, *others = cls.__bases__
        if others or TaggedUnion not in union.__bases__:
            raise TypeError(f"{cls.__name__} must derive from the union itself, and from nothing else")
        form = cls.__tagged_form__
        cls.__tagged_name__ = rename if rename is not None else rename_variant(cls.__name__, form.rename_all)
        cls.__tagged_type__ = _fields_type(cls, form)
        if form.variants.setdefault(cls.__tagged_name__, cls) is not cls:
            raise TypeError(f"two variants are named `{cls.__tagged_name__}`; give one of them another `rename`")
        cls.__match_args__ = cls.__tagged_type__.__struct_fields__  # type: ignore[misc]  # taken for a dataclass's own

    def __init__(self, *positional: Any, **named: Any) -> None:
        if not hasattr(self, "__tagged_type__"):
            raise TypeError(f"{type(self).__name__} is a union; make a value of one of its variants")
        _set_fields(self, self.__tagged_type__(*positional, **named))

    if not TYPE_CHECKING:  # a checker would take any name for a field

        def __getattr__(self, name: str) -> Any:
            if name in self.__match_args__:
                return getattr(self.__tagged_fields__, name)
            raise AttributeError(f"a {type(self).__name__} has no field `{name}`")

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"a {type(self).__name__} cannot be changed; make another one")

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and fields_of_tagged(other) == fields_of_tagged(self)

    def __hash__(self) -> int:
        return hash((type(self), fields_of_tagged(self)))

    def __repr__(self) -> str:
        return repr(fields_of_tagged(self))

    def __reduce__(self) -> tuple[Any, ...]:
        fields = fields_of_tagged(self)
        return make_tagged, (type(self), msgspec.structs.astuple(fields))


def types_in_tagged(kind: type[TaggedUnion]) -> list[type[msgspec.Struct]]:
    """Return the types of the fields: one for a variant, one a variant for a union."""
    return [variant.__tagged_type__ for variant in kind.__tagged_form__.variants.values() if issubclass(variant, kind)]


def fields_of_tagged(value: Any) -> msgspec.Struct:
    """Return the fields of a value of a tagged union."""
    fields: msgspec.Struct = value.__tagged_fields__
    return fields


def split_tagged(kind: type[TaggedUnion], value: Any) -> tuple[type[TaggedUnion], Any]:
    """Return the variant that a plain value names and the plain value of its fields.

    Raises:
        RequestError: It names none, or not one of this class.
    """
    form = kind.__tagged_form__
    name, fields = form.split(value)
    variant = form.variants.get(name) if isinstance(name, str) else None
    if variant is None or not issubclass(variant, kind):
        known = (tag for tag, variant in form.variants.items() if issubclass(variant, kind))
        got = f"`{name}`" if isinstance(name, str) else described(name)
        raise RequestError(f"Expected a variant, one of {', '.join(f'`{tag}`' for tag in known)}, got {got}")
    return variant, {} if fields is None and not variant.__match_args__ else fields


def make_tagged(variant: type[TaggedUnion], fields: msgspec.Struct | tuple[Any, ...]) -> TaggedUnion:
    """Return the value of a variant with these fields, which are of its type in `types_in_tagged` or the values of that."""
    value = object.__new__(variant)
    _set_fields(value, variant.__tagged_type__(*fields) if isinstance(fields, tuple) else fields)
    return value


def encode_tagged(value: TaggedUnion) -> Any:
    """Return the plain form of a value, whose fields the encoder has still to look at."""
    form = value.__tagged_form__
    fields: Any = fields_of_tagged(value)
    if form.tag is not None and form.content is None:  # beside the tag: in one object with it
        fields = dict(zip(type(fields).__struct_encode_fields__, msgspec.structs.astuple(fields), strict=True))
    return form.compose(value.__tagged_name__, fields, is_unit=not value.__match_args__)


def _set_fields(value: TaggedUnion, fields: msgspec.Struct) -> None:
    object.__setattr__(value, "__tagged_fields__", fields)


def _fields_type(variant: Any, form: _Form) -> type[msgspec.Struct]:
    """Make the Struct of a variant's fields, which takes their defaults out of the class: they would hide the fields."""
    annotations = inspect.get_annotations(variant)
    names = [name for name, annotation in annotations.items() if "ClassVar" not in str(annotation)]
    if (
        form.tag is not None
        and form.content is None
        and form.tag in (rename_field(name, form.rename_all_fields) for name in names)
    ):
        raise TypeError(f"{variant.__name__}: the field `{form.tag}` has the key of the tag; give the union a content=")
    namespace: dict[str, Any] = {"__module__": variant.__module__, "__qualname__": variant.__qualname__}
    for name in names:
        if name in variant.__dict__:
            namespace[name] = variant.__dict__[name]
            delattr(variant, name)
    namespace["__annotations__"] = {name: annotations[name] for name in names}
    options = {"frozen": True, "rename": {name: rename_field(name, form.rename_all_fields) for name in names}}
    return types.new_class(variant.__name__, (msgspec.Struct,), options, lambda body: body.update(namespace))
