"""Holiday notices an administrator adds to a pack: `holidays-2027.yaml`, or `2027.yaml` in the folder `holidays`."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from shared.centre.errors import Fault
from shared.centre.yaml_source import YamlSource, read_yaml

HOLIDAY_FOLDER = "holidays"
_BESIDE = re.compile(r"holidays-(\d{4})\.yaml")
_WITHIN = re.compile(r"(?:holidays-)?(\d{4})\.yaml")
_YEAR = re.compile(r"\d{4}")


def read_holiday_files(directory: Path) -> list[YamlSource]:
    """Every notice of the pack, in the order of the files' names. Never raises for what is in a file."""
    beside = (path for path in _yaml_files(directory) if _BESIDE.fullmatch(path.name))
    within = (path for path in _yaml_files(directory / HOLIDAY_FOLDER) if _WITHIN.fullmatch(path.name))
    return [*map(_read, beside), *(_called(_read(path), f"{HOLIDAY_FOLDER}/{path.name}") for path in within)]


def is_holiday_file(name: str) -> bool:
    return _BESIDE.fullmatch(name) is not None


def stray_holiday_files(directory: Path) -> Iterator[Fault]:
    """Files in the folder of holidays that would not be read."""
    for path in _yaml_files(directory / HOLIDAY_FOLDER):
        if _WITHIN.fullmatch(path.name) is None:
            what = "the file is named for no year and would not be read"
            yield Fault(f"{HOLIDAY_FOLDER}/{path.name}", 0, what, f"Rename it to {_year_in(path.name)}.yaml")


def meant_as_holiday_file(name: str) -> str | None:
    """The right name for a file beside the others that looks like a notice with a slip in its name."""
    return f"holidays-{_year_in(name)}.yaml" if name.lower().startswith("holiday") else None


def _read(path: Path) -> YamlSource:
    source = read_yaml(path)
    year = _year_in(path.name)
    if not source.faults and str(source.data.get("year", year)) != year:
        what = f"the file is named for {year} and holds the notice for {source.data['year']}"
        source.refuse(source.lines[("year",)], what, "Correct the year, or rename the file")
    return source


def _called(source: YamlSource, name: str) -> YamlSource:
    source.file = name
    source.faults = [replace(fault, file=name) for fault in source.faults]
    return source


def _year_in(name: str) -> str:
    found = _YEAR.search(name)
    return "2027" if found is None else found.group()


def _yaml_files(directory: Path) -> list[Path]:
    return sorted(directory.glob("*.y*ml"))
