"""From a folder of YAML files to a checked pack, or to every fault that can be seen."""

import json
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from shared.centre.check import check_pack
from shared.centre.check_codes import double_codes_in
from shared.centre.errors import Fault, PackFaulty
from shared.centre.explain_schema import schema_faults
from shared.centre.holiday_files import (
    is_holiday_file,
    meant_as_holiday_file,
    read_holiday_files,
    stray_holiday_files,
)
from shared.centre.locations import Locations, PackPath
from shared.centre.pack import CentrePack
from shared.centre.yaml_source import YamlSource, read_yaml

FILES: Mapping[str, tuple[str, ...]] = {
    "centre.yaml": (
        "name",
        "centre",
        "title",
        "timezone",
        "office_hours",
        "holidays",
        "extra_workdays",
        "closures",
        "openings",
        "directors",
        "handing",
        "deferrals",
        "duplicates",
        "accountability",
        "closed_loop",
    ),
    "places.yaml": ("townships", "grids"),
    "units.yaml": ("units",),
    "windows.yaml": ("windows",),
    "categories.yaml": ("categories", "flags"),
    "jurisdiction.yaml": ("rules", "fallbacks", "triage"),
    "limits.yaml": ("limits",),
    "ladders.yaml": ("ladders",),
}
OPTIONAL_FILES: Mapping[str, tuple[str, ...]] = {
    "response_plans.yaml": ("response_plans",),
    "modes.yaml": ("modes",),
}
# They may lie in the folder, but are no part of the pack: rosters are planned by the month, not versioned with rules.
LEFT_ALONE = frozenset({"rosters.yaml"})
SECTIONS: Mapping[str, tuple[str, ...]] = {**FILES, **OPTIONAL_FILES}


def load_pack(directory: Path) -> CentrePack:
    """The pack in `directory`, complete and checked. Raises `PackFaulty` with all faults, each with file and line."""
    there = [file for file in OPTIONAL_FILES if (directory / file).exists()]
    sources = [read_yaml(directory / file) for file in (*FILES, *there)]
    notices = read_holiday_files(directory)
    locations = _locate(sources, notices)
    content = {section: value for source in sources for section, value in _sections(source)}
    if notices:
        content["holiday_years"] = [notice.data for notice in notices]
    faults = [*_stray_files(directory), *_file_faults(sources), *(one for each in notices for one in each.faults)]
    unread = {section for source in sources if source.faults for section in SECTIONS[source.file]}
    pack, misfits = _validated(content, locations, unread)
    if pack is None or faults:
        faults += [*misfits, *double_codes_in(content, locations)]
    else:
        faults += [*_lines_written_by_hand(pack, locations), *check_pack(pack, locations)]
    if pack is None or faults:
        raise PackFaulty(tuple(sorted(set(faults))))
    return _with_lines(pack, locations)


def _validated(
    content: Mapping[str, Any], locations: Locations, unread: set[str]
) -> tuple[CentrePack | None, tuple[Fault, ...]]:
    try:
        # Strict, and through JSON: no number passes for a text, while lists become tuples and texts become dates.
        return CentrePack.model_validate_json(json.dumps(content), strict=True), ()
    except ValidationError as error:
        return None, tuple(schema_faults(error, locations, unread))


def _with_lines(pack: CentrePack, locations: Locations) -> CentrePack:
    rules = (rule.model_copy(update={"line": locations.of("rules", index)[1]}) for index, rule in enumerate(pack.rules))
    return pack.model_copy(update={"rules": tuple(rules)})


def _lines_written_by_hand(pack: CentrePack, locations: Locations) -> Iterator[Fault]:
    for index, rule in enumerate(pack.rules):
        if rule.line != 0:
            what = f"the rule '{rule.id}' has its line number written by hand"
            yield locations.fault("rules", index, "line", what=what, advice="Delete it; it is found while reading")


def _sections(source: YamlSource) -> Iterator[tuple[str, Any]]:
    return ((section, source.data[section]) for section in SECTIONS[source.file] if section in source.data)


def _file_faults(sources: list[YamlSource]) -> Iterator[Fault]:
    home = {section: file for file, sections in SECTIONS.items() for section in sections}
    for source in sources:
        yield from source.faults
        for section in source.data.keys() - set(SECTIONS[source.file]):
            near = get_close_matches(section, SECTIONS[source.file], n=1)
            advice = f"Write '{near[0]}'" if near else f"This file holds {', '.join(SECTIONS[source.file])}"
            advice = f"Move it to {home[section]}" if section in home else advice
            what = f"the section '{section}' does not belong here"
            yield Fault(source.file, source.lines[(section,)], what, advice)


def _stray_files(directory: Path) -> Iterator[Fault]:
    for path in sorted(directory.glob("*.y*ml")):
        if path.name not in SECTIONS and path.name not in LEFT_ALONE and not is_holiday_file(path.name):
            near = meant_as_holiday_file(path.name) or next(iter(_near(path.name)), None)
            advice = f"Rename it to {near}" if near else f"Move it away; a pack is {', '.join(SECTIONS)}"
            yield Fault(path.name, 0, "the file is not part of a pack and would not be read", advice)
    yield from stray_holiday_files(directory)


def _near(name: str) -> list[str]:
    return get_close_matches(name, (*SECTIONS, *LEFT_ALONE), n=1)


def _locate(sources: list[YamlSource], notices: list[YamlSource]) -> Locations:
    lines: dict[PackPath, tuple[str, int]] = {}
    for source in sources:
        lines |= {(section,): (source.file, 1) for section in SECTIONS[source.file]}
        lines |= {path: (source.file, line) for path, line in source.lines.items() if path}
    for index, notice in enumerate(notices):
        lines["holiday_years", index] = (notice.file, 1)
        lines |= {("holiday_years", index, *path): (notice.file, line) for path, line in notice.lines.items()}
    return Locations(lines)
