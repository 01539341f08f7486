"""A centre lives through a stretch of simulated time: cases, holidays, rosters, a surge, and what follows from them."""

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import asyncpg

from deploy.demo.office import Office
from deploy.embedded.running import ServerAddresses
from deploy.packs import default_pack, default_pack_dir
from deploy.rosters import apply_rosters, rosters_beside
from shared.clock import MovedClock
from shared.contracts.base import Envelope
from shared.contracts.subjects import SERVICES
from shared.duty import Roster
from tests.requests.ledger import Ledger
from tests.support.chaos.books import Books, Streamed
from tests.support.chaos.checker import faults_in
from tests.support.chaos.digests import digest_of
from tests.support.chaos.reading import read_tables
from tests.support.direct import DirectCentre
from tests.year.diary import Diary
from tests.year.oracle import ZONE
from tests.year.people import People
from tests.year.proofs import ClockProof, prove_clocks
from tests.year.report import Report, report_of, unbalanced

HOUSEKEEPING = ("intake-erase-expired", "dispatch-erase-notes", "escalation-audit")
"""Once a simulated night instead of every hour or minute: nothing of it has an instant it is due at."""

LEFT_OUT = (
    *(f"{service}-clear-answers" for service in SERVICES),
    *("notification-clear-old", "intake-learn-categories"),
)
"""What goes after its time is kept here, so that the books of the whole year can be read; nothing learns."""

MORE_THAN_A_SURGE_LASTS = timedelta(days=6)


@dataclass
class Lived:
    books: Books
    report: Report
    clocks: ClockProof
    faults: list[str]
    ledger: Ledger
    refused: Counter[str]
    seconds: float
    instants: int
    acts: int
    seconds_of: dict[str, float] = field(default_factory=dict)


async def live(
    addresses: ServerAddresses,
    keys: Path,
    *,
    begins: date,
    ends: date,
    cases_a_day: float,
    seed: int,
    surge_on: date | None = None,
) -> Lived:
    """From the morning of `begins` to the morning of `ends`. Raises where a rule is broken on the way."""
    began_s = time.perf_counter()
    ledger = Ledger(window_of=lambda staff: staff.partition(".")[2])
    first, last = (datetime.combine(day, time_of_day(7), ZONE) for day in (begins, ends))
    centre = DirectCentre(
        addresses,
        f"y{uuid4().hex[:10]}",
        keys,
        MovedClock(first),
        pack=default_pack(),
        without=(*HOUSEKEEPING, *LEFT_OUT),
        by_their_word=True,
    )
    await centre.open()
    try:
        await apply_rosters(centre.asker, tuple(_from(roster, begins) for roster in rosters_beside(default_pack_dir())))
        await centre.settle()
        diary = Diary(centre)
        people = People(diary, seed)

        def hearing(envelope: Envelope) -> None:
            ledger.hear(envelope)
            people.hear(envelope)

        centre.hearing = hearing
        _plan(diary, people, begins, ends, cases_a_day=cases_a_day, seed=seed, surge_on=surge_on)
        await diary.live_until(last)
        ledger.balance()
        lived_s = time.perf_counter() - began_s
        books = await _books(centre, last)
        report = report_of(books, begins=first, ends=last)
        return Lived(
            books=books,
            report=report,
            clocks=prove_clocks(books),
            faults=[*_faults(books), *unbalanced(report)],
            ledger=ledger,
            refused=diary.refused,
            seconds=lived_s,
            instants=diary.instants,
            acts=diary.acts,
            seconds_of={"lived": round(lived_s, 1), "proved": round(time.perf_counter() - began_s - lived_s, 1)},
        )
    finally:
        await centre.close()


async def _books(centre: DirectCentre, at: datetime) -> Books:
    """There is no broker: what does not wait any more counts as streamed."""
    connection = await asyncpg.connect(centre.database_url)
    try:
        books = await read_tables(connection, at=at)
        said = {event.event_id: Streamed(event.event_id, digest_of(event.envelope)) for event in books.events}
        streamed: dict[str, tuple[Streamed, ...]] = {}
        for service in SERVICES:
            published = (
                f"select event_id::text as id from {service}.event"
                f" where position not in (select position from {service}.unsent) order by position"
            )
            streamed[service] = tuple(said[row["id"]] for row in await connection.fetch(published))
        return replace(books, streamed=streamed)
    finally:
        await connection.close()


def _faults(books: Books) -> Iterator[str]:
    """What must hold after an outage must hold after a year."""
    for name, found in faults_in(books).items():
        yield from (f"{name}: {words}" for words in found)


def _from(roster: Roster, begins: date) -> Roster:
    """In force from the Monday before on: the pack's sample begins in a year of its own."""
    monday = begins - timedelta(days=begins.weekday())
    turns = tuple(turn.model_copy(update={"starts_on": monday}) for turn in roster.rotations)
    return roster.model_copy(update={"rotations": turns})


def _plan(
    diary: Diary,
    people: People,
    begins: date,
    ends: date,
    *,
    cases_a_day: float,
    seed: int,
    surge_on: date | None,
) -> None:
    dice, office = Random(f"days/{seed}"), Office(diary.centre.pack)
    for number in range((ends - begins).days):
        day = begins + timedelta(days=number)
        for at in _entries(dice, office, day, cases_a_day):
            diary.at(at, people.bring)
        diary.at(datetime.combine(day, time_of_day(2, 30), ZONE), lambda: _housekeeping(diary))
        if day.weekday() == 0:
            diary.at(datetime.combine(day, time_of_day(8), ZONE), lambda: people.hands_the_watch_over())
    if surge_on is not None:
        at = datetime.combine(surge_on, time_of_day(15), ZONE)
        for level, after in (("II", timedelta(0)), ("I", timedelta(hours=20))):
            diary.at(at + after, lambda level=level: people.switches(level, MORE_THAN_A_SURGE_LASTS))
        diary.at(at + timedelta(days=3), lambda: people.prolongs(2 * MORE_THAN_A_SURGE_LASTS))
        diary.at(at + MORE_THAN_A_SURGE_LASTS, people.ends_the_surge)


def _entries(dice: Random, office: Office, day: date, cases_a_day: float) -> Iterator[datetime]:
    """In office hours; on days off a few by platforms and superiors, at any hour."""
    sessions = office.sessions(day)
    wanted = cases_a_day if sessions else cases_a_day / 6
    for _ in range(int(wanted) + (dice.random() < wanted % 1)):
        if not sessions:
            yield datetime.combine(day, time_of_day(dice.randrange(24), dice.randrange(60)), ZONE)
            continue
        opens, closes = dice.choice(sessions)
        yield opens + timedelta(seconds=dice.randrange(int((closes - opens).total_seconds())))


async def _housekeeping(diary: Diary) -> None:
    for sweep in diary.centre.sweeps():
        if sweep.name in HOUSEKEEPING:
            await diary.centre.sweep(sweep)
            diary.centre.next_due[sweep.name] = None


def told(lived: Lived) -> dict[str, Any]:
    """The figures worth keeping."""
    clocks = lived.clocks
    return {
        "report": lived.report,
        "clocks": {
            "armed": clocks.armed,
            "due_counted_by_hand": clocks.counted,
            "extensions_counted_by_hand": clocks.extended,
            "by_unit_of_time": dict(clocks.by_unit_of_time),
            "given_other_terms": dict(clocks.moved),
            "fired": clocks.fired,
            "warned": clocks.warned,
            "across": clocks.across,
            "faults": len(clocks.faults),
        },
        "broken": len(lived.faults),
        "refused": dict(lived.refused.most_common()),
        "instants": lived.instants,
        "acts": lived.acts,
        "seconds": lived.seconds_of,
    }
