"""What a wall says, in words: names of the pack, signs and times; the same for the page and for its renewal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.console.queries.walls import WallFacts
from services.console.web.board_lines import ArrivalCard, leaf_of, short_of
from services.console.web.charts import Bar, bars
from services.console.web.view import View
from shared.centre.pack import CentrePack
from shared.duty import OnDuty
from shared.story import Story

CARDS_MAX = 4
UNITS_MAX = 8
"""More units than that do not fit a card; how many there are beside is said."""

TOWNSHIPS_MAX = 6


@dataclass(frozen=True, slots=True)
class Overdue:
    unit: str
    number: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Soon:
    title: str
    place: str
    unit: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Post:
    """Who is on duty: a post's role or unit, never who holds it."""

    kind: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wall:
    facts: WallFacts
    cards: tuple[ArrivalCard, ...]
    more_cards: int
    overdue: tuple[Overdue, ...]
    soon: tuple[Soon, ...]
    townships: str
    duty: tuple[Post, ...]


def wall_of_facts(facts: WallFacts, duty: tuple[Post, ...], view: View, pack: CentrePack, now: datetime) -> Wall:
    story = Story(pack)
    cards = [card for line in view.called(view.lines(facts.arrivals, pack, now)) for card in line.arrivals]
    cards.sort(key=lambda card: card.order)
    return Wall(
        facts=facts,
        cards=tuple(cards[:CARDS_MAX]),
        more_cards=max(0, len(cards) - CARDS_MAX),
        overdue=tuple(Overdue(short_of(pack, one.unit), one.number, one.oldest_due) for one in facts.overdue),
        soon=tuple(
            Soon(
                leaf_of(pack, one.category, story),
                story.place(one.place),
                short_of(pack, one.unit) or view.word(one.stage, "ROW_STAGES"),
                one.due_at,
            )
            for one in facts.soon
        ),
        townships=_townships(facts, view, pack),
        duty=duty,
    )


def _townships(facts: WallFacts, view: View, pack: CentrePack) -> str:
    """Every township, also those nothing came from today."""
    counts: dict[str, int] = {one.code: 0 for one in pack.townships}
    for code, number in facts.received_by_place.items():
        place = pack.place(code) if code else None
        if place is not None:
            counts[place.chain[-1]] = counts.get(place.chain[-1], 0) + number
    names = {one.code: one.name for one in pack.townships}
    most = sorted(counts.items(), key=lambda pair: -pair[1])[:TOWNSHIPS_MAX]
    title = view.word("townships", "WALL_WORDS")
    return bars(title, [Bar(names.get(code, code), number, str(number)) for code, number in most], width=270, label=104)


def posts_of(kind: str, on_duty: Sequence[OnDuty], roles: Mapping[str, str], view: View, pack: CentrePack) -> Post:
    """`roles`: of the accounts of that name. A unit says more than a role; a code is what is left."""
    names = list[str]()
    for one in on_duty:
        unit = short_of(pack, one.unit)
        name = unit or (view.word(roles[one.staff], "ROLES") if one.staff in roles else one.staff)
        names.append(f"{name} {view.word(one.shift, 'SHIFTS')}")
    return Post(kind, tuple(dict.fromkeys(names)))
