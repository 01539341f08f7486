"""`muster route`: who answers for a case, and why: as it would be decided, and as it was."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, cast, get_args

import typer

from deploy.cli.doctor import CentreOption, DataOption, JsonOption
from deploy.cli.route_tables import print_explained, print_tried
from deploy.cli.rulings import rulings
from deploy.cli.words import fail, print_json, run_async
from deploy.packs import pack_in_force
from deploy.session import Place, asking, find_addresses
from shared.centre.jurisdiction import Route, route
from shared.centre.load import load_pack
from shared.centre.nouns import LEVELS, CaseSource, Level
from shared.centre.pack import CentrePack
from shared.centre.response import PlannedUnit, plan_for
from shared.clock import WallClock
from shared.codes import CodeWrong, parse_case_code
from shared.contracts.actors import OPERATOR
from shared.contracts.dispatch import ExplainRoute, ListRulings, RouteExplained, Ruling, Rulings
from shared.errors import RemoteRefusal, Unavailable
from shared.infra.asking import Asker
from shared.story import Story

app = typer.Typer(no_args_is_help=True, help="Who answers for a case, and why (派单依据).")
app.command("rulings")(rulings)
SOURCES: tuple[str, ...] = get_args(CaseSource)
PRECEDENTS_SHOWN = 5
YEARS = range(1990, 9999)  # rules and calendars look at the days around one, too


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the table is asked, in the pack's codes."""

    category: str | None
    place: str | None
    level: Level
    source: str
    flags: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Tried:
    """A dry run with all that explains it. `precedents` is None where nobody could be asked for them."""

    pack: CentrePack
    inputs: Inputs
    route: Route
    plan: tuple[PlannedUnit, ...]
    precedents: tuple[Ruling, ...] | None

    def as_dict(self) -> dict[str, Any]:
        precedents = self.precedents
        return {
            "pack_version": self.pack.version,
            "inputs": {name: getattr(self.inputs, name) for name in Inputs.__slots__}
            | {"at": self.inputs.at.isoformat()},
            "route": self.route.model_dump(mode="json"),
            "response_plan": [each._asdict() for each in self.plan],
            "precedents": None if precedents is None else [each.model_dump(mode="json") for each in precedents],
        }


@app.command("try")
def try_route(
    category: Annotated[str | None, typer.Option(help="the matter: a code or name of the pack")] = None,
    place: Annotated[str | None, typer.Option(help="where it lies: a code or name of the pack")] = None,
    level: Annotated[str, typer.Option(help="I (the highest) to IV")] = "IV",
    source: Annotated[str, typer.Option(help=" | ".join(SOURCES))] = "window",
    flag: Annotated[list[str] | None, typer.Option(help="a mark of the matter; may be given again")] = None,
    at: Annotated[
        str | None, typer.Option(help="when it is accepted, e.g. 2026-10-01T23:00; centre's time; else now")
    ] = None,
    pack: Annotated[Path | None, typer.Option(help="a pack's folder; else the pack in force")] = None,
    data: DataOption = None,
    centre: CentreOption = None,
    as_json: JsonOption = False,
) -> None:
    """A dry run: who would answer, by which rule, who would not and why. Nothing is changed."""
    _require_known("level", level, LEVELS)
    _require_known("source", source, SOURCES)

    def asked_of(current: CentrePack) -> Inputs:
        found = _category(current, category), _place(current, place)
        flags = tuple(_flag(current, each) for each in flag or ())
        return Inputs(*found, cast("Level", level), source, flags, _instant(current, at))

    async def work() -> Tried:
        where = Place.here(data, centre)
        if pack is not None:
            drafted = load_pack(pack)
            inputs = asked_of(drafted)
            return _tried(drafted, inputs, await _precedents_if_running(where, inputs))
        async with asking(where) as asker:
            current = await pack_in_force(asker)
            if current is None:
                fail("no centre pack is in force yet: muster centre apply, or name a folder with --pack")
            inputs = asked_of(current)
            return _tried(current, inputs, await _precedents(asker, inputs))

    tried = run_async(work())
    print_json(tried.as_dict()) if as_json else print_tried(tried)


@app.command()
def explain(
    code: Annotated[str, typer.Argument(help="the case code, e.g. 26-0000104-5")],
    data: DataOption = None,
    centre: CentreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Why this unit: every decision about who answers for a case, what it stood on, and what did not decide."""
    try:
        canonical = parse_case_code(code)
    except CodeWrong as wrong:
        fail(f"{code!r} is not a case code: {wrong}", code=2)

    async def work() -> tuple[RouteExplained, CentrePack | None]:
        async with asking(Place.here(data, centre)) as asker:
            told = await asker.ask(ExplainRoute(actor=OPERATOR, case_code=canonical), RouteExplained)
            return told, await pack_in_force(asker)

    told, current = run_async(work())
    if as_json or current is None:
        print_json(told.model_dump(mode="json"))
    else:
        print_explained(Story(current), told)


def _tried(pack: CentrePack, inputs: Inputs, precedents: tuple[Ruling, ...] | None) -> Tried:
    decided = route(
        pack,
        category=inputs.category,
        place=inputs.place,
        source=inputs.source,
        level=inputs.level,
        flags=inputs.flags,
        at=inputs.at,
    )
    return Tried(pack, inputs, decided, plan_for(pack, inputs.category, inputs.level), precedents)


async def _precedents_if_running(where: Place, inputs: Inputs) -> tuple[Ruling, ...] | None:
    """For a pack from a folder no server is started: what runs already is asked, else nobody."""
    if find_addresses(where) is None:
        return None
    try:
        async with asking(where) as asker:
            return await _precedents(asker, inputs)
    except Unavailable:
        return None


async def _precedents(asker: Asker, inputs: Inputs) -> tuple[Ruling, ...] | None:
    if inputs.category is None or inputs.place is None:
        return ()
    request = ListRulings(actor=OPERATOR, category=inputs.category, place=inputs.place, limit=PRECEDENTS_SHOWN)
    try:
        return (await asker.ask(request, Rulings)).rulings
    except (Unavailable, RemoteRefusal):
        return None  # the dry run is worth showing without them, and says that they are not known


# -- what was typed ----------------------------------------------------------------------------------------------------


def _category(pack: CentrePack, text: str | None) -> str | None:
    if text is None:
        return None
    found = pack.find_category(text)
    if found is None:
        fail(f"--category {text!r} is not a category of the pack {pack.name}: give its code or its name", code=2)
    return found.code


def _place(pack: CentrePack, text: str | None) -> str | None:
    if text is None:
        return None
    found = pack.place(text) or pack.find_place(text)
    if found is None:
        fail(f"--place {text!r} is not a place of the pack {pack.name}: give its code or its name", code=2)
    return found.code


def _flag(pack: CentrePack, text: str) -> str:
    found = next((flag.code for flag in pack.flags if text in (flag.code, flag.name)), None)
    if found is None:
        known = ", ".join(f"{flag.code} ({flag.name})" for flag in pack.flags) or "none"
        fail(f"--flag {text!r} is not a flag of the pack {pack.name}; it has: {known}", code=2)
    return found


def _instant(pack: CentrePack, text: str | None) -> datetime:
    zone = Story(pack).zone
    if text is None:
        return WallClock().now().astimezone(zone)
    try:
        given = datetime.fromisoformat(text)
        at = given.replace(tzinfo=zone) if given.tzinfo is None else given.astimezone(zone)
    except (ValueError, OverflowError):
        fail(f"--at {text!r} is not an instant: write 2026-10-01T23:00", code=2)
    if at.year not in YEARS:
        fail(f"--at {text!r}: no case is accepted in the year {at.year}", code=2)
    return at


def _require_known(option: str, given: str, known: tuple[str, ...]) -> None:
    if given not in known:
        fail(f"there is no {option} {given!r}: {', '.join(known)}", code=2)
