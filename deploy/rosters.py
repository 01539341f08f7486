"""Rosters written as a YAML file (`rosters.yaml` beside a centre pack), and putting them in force."""

import json
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.centre.errors import Fault, PackFaulty
from shared.centre.explain_schema import schema_faults
from shared.centre.locations import Locations
from shared.centre.yaml_source import YamlSource, read_yaml
from shared.contracts.actors import OPERATOR, Actor
from shared.contracts.base import Done
from shared.contracts.dispatch import ListRosters, Rosters, SetRoster
from shared.duty import Roster
from shared.infra.asking import Asker

FILE = "rosters.yaml"
WEEKDAYS = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}


class RostersFaulty(PackFaulty):
    """The file was refused as a whole; nothing of it was taken."""

    code = "rosters_faulty"
    what = "the roster file"


class _RosterFile(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    rosters: tuple[Roster, ...] = Field(min_length=1)


def load_rosters(path: Path) -> tuple[Roster, ...]:
    """The rosters of the file, or of `rosters.yaml` in the folder. Raises RostersFaulty, each fault with its line.

    A member may be written as the bare code of its post, a weekday as `mon` to `sun`.
    """
    source = read_yaml(path / FILE if path.is_dir() else path)
    if source.faults:
        raise RostersFaulty(tuple(source.faults))
    lines = Locations({place: (source.file, line) for place, line in source.lines.items()})
    try:
        file = _RosterFile.model_validate_json(json.dumps(_spelt_out(source.data)), strict=True)
    except ValidationError as misfit:
        raise RostersFaulty(tuple(schema_faults(misfit, lines, frozenset()))) from None
    _require_plain(file.rosters, source, lines)
    return file.rosters


def rosters_beside(pack: Path) -> tuple[Roster, ...]:
    """Those that lie in a pack's folder; none where it brings none. Raises RostersFaulty."""
    return load_rosters(pack) if (pack / FILE).exists() else ()


async def apply_rosters(asker: Asker, rosters: tuple[Roster, ...], *, by: Actor = OPERATOR) -> tuple[str, ...]:
    """Sets those that are not there yet; what is in force stays. Tells the codes it set."""
    known = {roster.code for roster in (await asker.ask_patiently(ListRosters(actor=by), Rosters)).rosters}
    missing = [roster for roster in rosters if roster.code not in known]
    for roster in missing:
        await asker.ask_patiently(SetRoster(actor=by, idempotency_key=uuid4().hex, roster=roster), Done)
    return tuple(roster.code for roster in missing)


def _spelt_out(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: _spelt_out(each, name) for name, each in cast(dict[str, Any], value).items()}
    if isinstance(value, list):
        return [_item(each, key) for each in cast(list[Any], value)]
    return value


def _item(value: Any, key: str) -> Any:
    if isinstance(value, str) and key == "members":
        return {"staff": value}
    if isinstance(value, str) and key == "weekdays":
        return WEEKDAYS.get(value.lower(), value)
    return _spelt_out(value)


def _require_plain(rosters: tuple[Roster, ...], source: YamlSource, lines: Locations) -> None:
    """What each roster alone cannot see: codes given twice, and overrides, which are made one by one."""
    faults: list[Fault] = []
    first: dict[str, int] = {}
    for index, roster in enumerate(rosters):
        if roster.code in first:
            what = f"two rosters are called '{roster.code}'; the first is on line {first[roster.code]}"
            faults.append(lines.fault("rosters", index, "code", what=what, advice="Give one of them another code"))
        first.setdefault(roster.code, source.lines.get(("rosters", index, "code"), 0))
        if roster.overrides:
            what = f"the roster '{roster.code}' is written with overrides"
            advice = "Make them with muster duty override, or import them from a sheet"
            faults.append(lines.fault("rosters", index, "overrides", what=what, advice=advice))
    if faults:
        raise RostersFaulty(tuple(faults))
