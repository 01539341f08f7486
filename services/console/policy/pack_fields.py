"""An entry of a centre pack as a form: its fields made from its noun, and read back into plain data. Pure."""

import json
import re
import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Annotated, Any, Literal, Union, cast, get_args, get_origin

from pydantic import BaseModel, ValidationError

from shared.centre.sections import Entry, Section
from shared.centre.yaml_source import read_value, written

Kind = Literal["text", "number", "tick", "choice", "choices", "list", "date", "time", "yaml"]
Typed = Mapping[str, Sequence[str]]
"""Field -> what was typed: one text, or several of a choice of several."""

# What a field names elsewhere in the pack: it is chosen from there, not typed.
REFERS: Mapping[str, str] = {
    "unit": "units",
    "supporters": "units",
    "units": "units",
    "categories": "categories",
    "parent": "categories",
    "places": "places",
    "townships": "townships",
    "township": "townships",
    "territory": "townships",
    "flags": "flags",
}
NOT_TYPED = frozenset({"line"})
BETWEEN = "；"
_PARTS = re.compile(r"[;；\n]")
YES = frozenset({"yes", "true", "1", "是"})
NO = frozenset({"no", "false", "0", "否", ""})


@dataclass(frozen=True, slots=True)
class Field:
    """`name` is a path (`liaison.code`); `options` its words where they are fixed, `of` the part they come from."""

    name: str
    kind: Kind
    required: bool
    options: tuple[str, ...] = ()
    of: str | None = None
    numbers: bool = False

    @property
    def last(self) -> str:
        return self.name.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class FieldFault:
    """`code` says what is wrong by a word of the table of faults; `said` more, where there is more to say."""

    field: str
    code: str
    said: str = ""


class EntryFaulty(Exception):
    """Nothing of it was taken. `faults` is never empty."""

    def __init__(self, faults: Sequence[FieldFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{fault.field}: {fault.code}" for fault in faults))


def fields_of(section: Section) -> tuple[Field, ...]:
    return tuple(_fields(section.noun, ""))


def _fields(noun: type[BaseModel], before: str) -> Iterator[Field]:
    for name, info in noun.model_fields.items():
        if name in NOT_TYPED:
            continue
        path = f"{before}{name}"
        plain = _without_none(info.annotation)
        if isinstance(plain, type) and issubclass(plain, BaseModel):
            yield from _fields(plain, f"{path}.")
        else:
            yield _field(path, plain, required=info.is_required())


def _field(path: str, plain: Any, *, required: bool) -> Field:
    last = path.rpartition(".")[2]
    if get_origin(plain) is Literal:
        return Field(path, "choice", required, tuple(map(str, get_args(plain))))
    if get_origin(plain) is tuple:
        inner = _without_none(get_args(plain)[0])
        if get_origin(inner) is Literal:
            return Field(path, "choices", required, tuple(map(str, get_args(inner))))
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            return Field(path, "yaml", required)
        if last in REFERS:
            return Field(path, "choices", required, of=REFERS[last])
        return Field(path, "list", required, numbers=inner is int)
    if last in REFERS:
        return Field(path, "choice", required, of=REFERS[last])
    kinds: Mapping[Any, Kind] = {bool: "tick", int: "number", date: "date", time: "time"}
    return Field(path, kinds.get(plain, "text"), required)


def _without_none(annotation: Any) -> Any:
    """`Annotated[X, ..] | None` -> X."""
    while True:
        if get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
        elif get_origin(annotation) in (Union, types.UnionType):
            (annotation,) = [each for each in get_args(annotation) if each is not type(None)]
        else:
            return annotation


# -- from an entry to what stands in its fields ------------------------------------------------------------------------


def typed_from(section: Section, entry: Mapping[str, Any]) -> dict[str, list[str]]:
    return {field.name: _typed(field, _at(entry, field.name)) for field in fields_of(section)}


def _at(entry: Mapping[str, Any], path: str) -> Any:
    value: Any = entry
    for part in path.split("."):
        value = cast("Mapping[str, Any]", value).get(part) if isinstance(value, Mapping) else None
    return value


def _typed(field: Field, value: Any) -> list[str]:
    if value is None or value == [] or value == "":
        return []
    if field.kind == "yaml":
        return [written(value)]
    if field.kind == "tick":
        return ["yes"] if value else []
    if field.kind in ("choices", "list"):
        return [str(each) for each in value]
    return [str(value)[:5] if field.kind == "time" and str(value).endswith(":00") else str(value)]


# -- and back ----------------------------------------------------------------------------------------------------------


def read_entry(section: Section, typed: Typed) -> Entry:
    """The whole entry, as the pack holds it. Raises EntryFaulty with every field at fault."""
    told: dict[str, Any] = {}
    faults: list[FieldFault] = []
    for field in fields_of(section):
        try:
            value = _value(field, typed.get(field.name, ()))
        except EntryFaulty as faulty:
            faults += faulty.faults
            continue
        if value is not None:
            _put(told, field.name, value)
    if faults:
        raise EntryFaulty(faults)
    return _checked(section, told)


def _checked(section: Section, told: Entry) -> Entry:
    try:
        noun = section.noun.model_validate_json(json.dumps(told), strict=True)
    except ValidationError as misfit:
        raise EntryFaulty([_fault(dict(error)) for error in misfit.errors(include_url=False)]) from None
    return noun.model_dump(mode="json", exclude=set(NOT_TYPED))


def _fault(error: dict[str, Any]) -> FieldFault:
    path = ".".join(part for part in error["loc"] if isinstance(part, str))
    said = str(error["msg"]).removeprefix("Value error, ") if error["type"] == "value_error" else ""
    return FieldFault(path, str(error["type"]), said)


def _value(field: Field, typed: Sequence[str]) -> Any:
    """None where nothing was typed: the noun's own default holds, or it says that it is missing."""
    texts = [text.strip() for text in typed if text.strip()]
    if field.kind == "tick":
        return bool(texts) and texts[0].lower() in YES
    if not texts:
        return None
    if field.kind == "yaml":
        return _yaml(field, "\n".join(typed))
    if field.kind == "number":
        return _number(field, texts[0])
    if field.kind in ("choices", "list"):
        parts = [part.strip() for text in texts for part in _PARTS.split(text) if part.strip()]
        return [_number(field, part) for part in parts] if field.numbers else parts
    return texts[0]


def _number(field: Field, text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise EntryFaulty([FieldFault(field.name, "int_parsing")]) from None


def _yaml(field: Field, text: str) -> Any:
    value, faults = read_value(text, field.name)
    if faults:
        raise EntryFaulty([FieldFault(field.name, "yaml", f"{fault.line}: {fault.what}") for fault in faults])
    return value


def _put(told: dict[str, Any], path: str, value: Any) -> None:
    *parents, last = path.split(".")
    for parent in parents:
        told = told.setdefault(parent, {})
    told[last] = value


# -- as a row of a sheet -----------------------------------------------------------------------------------------------


def cells_of(section: Section, entry: Mapping[str, Any]) -> dict[str, str]:
    """One text a field: several are written with ； between, what is nested as one line of YAML."""
    cells: dict[str, str] = {}
    for field in fields_of(section):
        value = _at(entry, field.name)
        if field.kind == "yaml":
            cells[field.name] = json.dumps(value, ensure_ascii=False) if value else ""
        else:
            cells[field.name] = BETWEEN.join(_typed(field, value))
    return cells
