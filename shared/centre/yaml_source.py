"""One YAML file as plain data, with the line of every part. Collects every fault it can still see."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from shared.centre.errors import Fault
from shared.centre.locations import PackPath

# A pack file is written by hand; beyond this it is not one, and would only fill the memory.
FILE_SIZE_MAX_BYTES = 4_000_000
_TAG = "tag:yaml.org,2002:"
# ruamel's nodes carry no types; what is used of them: id, tag, value, start_mark.line.
_Node = Any


@dataclass(slots=True)
class YamlSource:
    """The plain data of one file. `lines` counts from 1; `data` is empty where the file could not be read at all."""

    file: str
    data: dict[str, Any] = field(default_factory=dict[str, Any])
    lines: dict[PackPath, int] = field(default_factory=dict[PackPath, int])
    faults: list[Fault] = field(default_factory=list[Fault])
    _seen: set[int] = field(default_factory=set[int])

    def refuse(self, line: int, what: str, advice: str) -> None:
        self.faults.append(Fault(self.file, line, what, advice))

    def take(self, top: _Node) -> None:
        """The whole file: a mapping of sections. An empty file is an empty mapping."""
        if top is not None and top.id == "mapping":
            self.data = self._plain(top, ())
        elif top is not None:
            what = "the file does not begin with a section name"
            self.refuse(_line(top), what, "Begin with a section such as 'units:'")

    def value(self, node: _Node) -> Any:
        return self._plain(node, ())

    def _plain(self, node: _Node, path: PackPath) -> Any:
        self.lines.setdefault(path, _line(node))
        if id(node) in self._seen:
            # The composer gives an alias as the node it points to; following it could go round for ever.
            self.refuse(_line(node), "an anchor (&name) is used again as an alias (*name)", "Write the value out")
            return None
        self._seen.add(id(node))
        if node.id == "mapping":
            return dict(self._pairs(node, path))
        if node.id == "sequence":
            return [self._plain(item, (*path, index)) for index, item in enumerate(node.value)]
        return self._scalar(node)

    def _pairs(self, node: _Node, path: PackPath) -> Iterator[tuple[str, Any]]:
        taken: dict[str, int] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if key_node.id != "scalar":
                self.refuse(_line(key_node), "a key is not a plain word", "Write a field name before the colon")
            elif key in taken:
                advice = f"Keep one of the two; the first is on line {taken[key]}"
                self.refuse(_line(key_node), f"the key '{key}' is written twice", advice)
            else:
                taken[key] = self.lines[*path, key] = _line(key_node)
                yield key, self._plain(value_node, (*path, key))

    def _scalar(self, node: _Node) -> str | int | float | bool | None:
        text = str(node.value)
        match str(node.tag).removeprefix(_TAG):
            # Dates stay text: the pack's own model reads them, and says better what is wrong with one.
            case "str" | "timestamp":
                return text
            case "null":
                return None
            case "bool":
                return text.lower() == "true"
            case "int":
                return _whole_number(text)
            case "float":
                return float(text.replace("_", "").replace(".inf", "inf").replace(".nan", "nan"))
            case tag:
                self.refuse(
                    _line(node), f"the tag {tag} has no meaning in a pack", "Write the plain value, without tag"
                )
                return None


def read_yaml(path: Path) -> YamlSource:
    """Read one pack file. Never raises for what is in the file: `faults` says it."""
    source = YamlSource(path.name)
    text = _read_text(path, source)
    if text is None:
        return source
    try:
        source.take(_compose(text))
    except YAMLError as error:
        _refuse_yaml(source, error)
    except (RecursionError, ValueError) as error:
        source.refuse(0, f"the file cannot be understood ({type(error).__name__})", "Write it without deep nesting")
    return source


def read_value(text: str, name: str) -> tuple[Any, tuple[Fault, ...]]:
    """One value written as YAML: a list, a mapping, a word. Never raises for what is written: the faults say it."""
    source = YamlSource(name)
    value = None
    try:
        node = _compose(text)
        value = None if node is None else source.value(node)
    except YAMLError as error:
        _refuse_yaml(source, error)
    except (RecursionError, ValueError) as error:
        source.refuse(0, f"it cannot be understood ({type(error).__name__})", "Write it without deep nesting")
    return value, tuple(source.faults)


def written(value: Any) -> str:
    """As `read_value` reads it again; in the order given, in block style."""
    writer: Any = YAML(typ="safe", pure=True)
    writer.default_flow_style = False
    writer.allow_unicode = True
    writer.sort_base_mapping_type_on_output = False
    writer.width = 100
    text = StringIO()
    writer.dump(value, text)
    return text.getvalue().removesuffix("...\n")


def _compose(text: str) -> _Node:
    reader: Any = YAML(typ="safe", pure=True)
    return reader.compose(text)


def _refuse_yaml(source: YamlSource, error: Any) -> None:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be read"
    advice = "Correct the punctuation or the indentation on this line or just above it"
    source.refuse(0 if mark is None else int(mark.line) + 1, f"not valid YAML: {problem}", advice)


def _read_text(path: Path, source: YamlSource) -> str | None:
    try:
        raw = path.read_bytes()
        if len(raw) > FILE_SIZE_MAX_BYTES:
            source.refuse(0, f"the file is larger than {FILE_SIZE_MAX_BYTES} bytes", "Shorten the file")
            return None
        return raw.decode("utf-8-sig")
    except OSError as error:
        source.refuse(0, f"the file cannot be read ({error.strerror})", "Put it into the pack's folder, readable")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        source.refuse(line, "the file is not UTF-8 text", "Save the file with UTF-8 encoding")
    return None


def _whole_number(text: str) -> int:
    digits = text.replace("_", "")
    try:
        return int(digits, 0)
    except ValueError:
        return int(digits, 10)  # 007


def _line(node: _Node) -> int:
    return int(node.start_mark.line) + 1
