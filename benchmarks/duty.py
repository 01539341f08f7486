"""How fast "who is responsible at t" is answered over a year of rosters for 30 units: computed, and by dispatch."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any
from uuid import uuid4

import asyncpg

import services.dispatch
from benchmarks.product import data_folder
from deploy.broker_users import nats_users
from deploy.databases import with_database
from deploy.embedded.servers import EmbeddedServers
from deploy.packs import default_pack
from services.dispatch.model import SPINE
from services.dispatch.operations.packs import apply_centre_pack
from services.dispatch.operations.rosters import make_override, set_roster
from services.dispatch.queries.duty import who_is_responsible
from shared.centre.pack import CentrePack, Post, Unit
from shared.centre.working_time import calendar_of
from shared.clock import MovedClock
from shared.contracts.actors import OPERATOR
from shared.contracts.dispatch import ApplyCentrePack, MakeOverride, SetRoster, WhoIsResponsible
from shared.duty import Member, Override, Roster, Rotation, who
from shared.infra.database import make_engine, make_sessions
from shared.infra.event_record import EventRecord
from shared.infra.migrations import migrate
from shared.infra.unit_of_work import UnitOfWork

MIGRATIONS = Path(services.dispatch.__file__).parent / "migrations"
UNITS = 30
POSTS = 6
OVERRIDES = 50
ASKED = 3_000
YEAR = datetime(2026, 1, 1, tzinfo=UTC)


def measure() -> dict[str, Any]:
    pack = _pack_of_thirty()
    rosters = [_roster(unit.code, number) for number, unit in enumerate(pack.units[:UNITS])]
    overridden = [roster.model_copy(update={"overrides": _overrides(roster)}) for roster in rosters]
    return {
        "rosters": {"units": len(rosters), "posts_each": POSTS, "overrides_each": OVERRIDES, "instants_asked": ASKED},
        "computed_one_unit_ms": _computed(overridden, pack, every=False),
        "computed_all_units_ms": _computed(overridden, pack, every=True),
        "asked_of_dispatch_ms": asyncio.run(_asked(rosters, pack)),
        "wanted": {"p99_ms": 5},
    }


def _pack_of_thirty() -> CentrePack:
    pack = default_pack()
    model = next(unit for unit in pack.units if unit.kind == "department")
    more = [_unit_like(model, f"unit-{number}") for number in range(max(0, UNITS - len(pack.units)))]
    return pack.model_copy(update={"units": (*pack.units, *more)})


def _unit_like(model: Unit, code: str) -> Unit:
    posts = {
        place: Post(code=f"{code}.{place}", title=f"{code} {place}", contact=f"{place}.{code}@example.invalid")
        for place in ("liaison", "lead")
    }
    return model.model_copy(update={"code": code, "name": code, "short": code, "aliases": (), **posts})


def _roster(unit: str, number: int) -> Roster:
    """Days of every kind: by turns all days, workdays, days off with weekday masks and hours."""
    members = tuple(Member(staff=f"{unit}.post-{each}", unit=unit) for each in range(POSTS))
    starts_on = date(2026, 1, 1)
    daily = Rotation(
        id="workdays", members=members, every="daily", days="workdays", starts_on=starts_on, weekdays=(0, 1, 2, 3, 4, 5)
    )
    off = Rotation(id="days-off", members=members, every="daily", days="days_off", starts_on=starts_on)
    backup = Rotation(id="backup", shift="backup", members=members, every="weekly", starts_on=starts_on)
    return Roster(
        code=f"liaison-{number}", kind="liaison", unit=unit, title=f"联络员 {unit}", rotations=(daily, off, backup)
    )


def _overrides(roster: Roster) -> tuple[Override, ...]:
    """One each week of the year, by turns a post added and one replaced."""
    unit = roster.unit
    return tuple(
        Override(
            action="replace" if week % 2 else "add",
            staff=f"{unit}.reserve-{week}",
            instead_of=f"{unit}.post-{week % POSTS}" if week % 2 else None,
            starts_at=YEAR + timedelta(weeks=week, days=1),
            ends_at=YEAR + timedelta(weeks=week, days=4),
            reason="替班",
        )
        for week in range(OVERRIDES)
    )


def _instants() -> list[datetime]:
    chosen = random.Random(7)  # the same instants each time
    return [YEAR + timedelta(minutes=chosen.randrange(365 * 24 * 60)) for _ in range(ASKED)]


def _computed(rosters: Sequence[Roster], pack: CentrePack, *, every: bool) -> dict[str, float]:
    calendar = calendar_of(pack)
    took: list[float] = []
    for number, at in enumerate(_instants()):
        asked = rosters if every else rosters[number % len(rosters)]
        began = time.process_time()  # what else runs on the machine is not what is asked here
        who(asked, at, calendar)
        took.append(time.process_time() - began)
    return _figures(took)


async def _asked(rosters: Sequence[Roster], pack: CentrePack) -> dict[str, float]:
    """The whole query of dispatch over PostgreSQL, rosters read from the database each time."""
    with data_folder() as data:
        servers = EmbeddedServers(data, nats_users())
        addresses = await asyncio.to_thread(servers.start)
        try:
            connection = await asyncpg.connect(addresses.database_url)
            await connection.execute("create database bench_duty")
            await connection.close()
            return await _over(with_database(addresses.database_url, "bench_duty"), rosters, pack)
        finally:
            await asyncio.to_thread(servers.stop)


async def _over(database_url: str, rosters: Sequence[Roster], pack: CentrePack) -> dict[str, float]:
    engine = make_engine(database_url, service="dispatch")
    record = EventRecord(SPINE, service="dispatch", centre="qz")
    clock = MovedClock(YEAR)
    work = UnitOfWork(make_sessions(engine), SPINE, record, service="dispatch", centre="qz", clock=clock)
    try:
        await migrate(engine, schema="dispatch", folder=MIGRATIONS)
        await _fill(work, rosters, pack)
        now, units = YEAR + timedelta(days=200), [roster.unit for roster in rosters]
        took: list[float] = []
        for number, at in enumerate(_instants()):
            request = WhoIsResponsible(actor=OPERATOR, unit=units[number % len(units)], at=at)
            took.append(await _seconds(lambda request=request: who_is_responsible(work, request, now=now)))
        return _figures(took[100:])
    finally:
        await engine.dispose()


async def _fill(work: UnitOfWork, rosters: Sequence[Roster], pack: CentrePack) -> None:
    content = pack.model_dump(mode="json")
    await apply_centre_pack(work, ApplyCentrePack(actor=OPERATOR, idempotency_key=uuid4().hex, pack=content), now=YEAR)
    for roster in rosters:
        command = SetRoster(actor=OPERATOR, idempotency_key=uuid4().hex, roster=roster)
        await set_roster(work, command, now=YEAR)
        for override in _overrides(roster):
            made = MakeOverride(
                actor=OPERATOR,
                idempotency_key=uuid4().hex,
                roster=roster.code,
                override=override.model_copy(update={"action": "add", "instead_of": None}),
            )
            await make_override(work, made, now=YEAR)


async def _seconds(ask: Callable[[], Awaitable[object]]) -> float:
    began = time.perf_counter()
    await ask()
    return time.perf_counter() - began


def _figures(took: list[float]) -> dict[str, float]:
    ordered = sorted(took)
    return {
        "median": round(median(ordered) * 1000, 3),
        "p99": round(ordered[int(len(ordered) * 0.99)] * 1000, 3),
        "max": round(ordered[-1] * 1000, 3),
    }
