"""What a wall says: four cards at most, every township, posts and never whoever holds them; nothing of a requester."""

from dataclasses import fields
from datetime import UTC, datetime, timedelta
from uuid import UUID

from deploy.packs import default_pack
from services.console.policy.board import ArrivalClock, CalledUnit, LiveRow, Row
from services.console.queries.walls import OverdueUnit, SoonDue, WallFacts
from services.console.web.assets import Assets
from services.console.web.view import View
from services.console.web.wall_view import CARDS_MAX, posts_of, wall_of_facts
from shared.duty import OnDuty

NOW = datetime(2026, 11, 28, 1, tzinfo=UTC)
PACK = default_pack()
VIEW = View("zh", Assets())


def called(number: int, minutes: int) -> LiveRow:
    arrival = ArrivalClock(
        summons_id=f"s{number}",
        state="running",
        ground="urgent",
        drill=False,
        called_at=NOW,
        due_at=NOW + timedelta(minutes=minutes),
        units=(CalledUnit(unit="police", state="arrived"), CalledUnit(unit="court", state="called")),
    )
    row = Row(code=f"26-{number}", level="I", category="labour.wages.arrears", place="350521104", arrivals=(arrival,))
    return LiveRow(id=UUID(int=number), version=1, row=row)


def facts(**changed: object) -> WallFacts:
    known: dict[str, object] = {
        "levels": {"I": 1, "IV": 4},
        "open": 5,
        "waiting": 0,
        "waiting_since": None,
        "received_today": 3,
        "closed_today": 1,
        "received_by_place": {"350521104": 2, None: 1},
        "arrivals": (),
        "overdue": (),
        "soon": (),
        "soon_total": 0,
    }
    return WallFacts(**{**known, **changed})  # type: ignore[arg-type]


def test_the_summons_due_first_stands_first_and_what_does_not_fit_is_said() -> None:
    arrivals = tuple(called(number, minutes) for number, minutes in enumerate((9, 3, 20, 15, 1, 7)))
    wall = wall_of_facts(facts(arrivals=arrivals), (), VIEW, PACK, NOW)
    assert [(card.due_at - NOW).seconds // 60 for card in wall.cards if card.due_at] == [1, 3, 7, 9]
    assert (len(wall.cards), wall.more_cards) == (CARDS_MAX, 2)
    assert ("公安分局", "arrived") in [(chip.short, chip.state) for chip in wall.cards[0].chips]


def test_every_township_has_a_bar_also_with_nothing() -> None:
    townships = wall_of_facts(facts(), (), VIEW, PACK, NOW).townships
    assert all(one.name in townships for one in PACK.townships)


def test_delays_and_what_is_due_soon_in_the_packs_words() -> None:
    due = NOW + timedelta(minutes=4)
    soon = (SoonDue("labour.wages.arrears", "350521104", None, "dispatcher", "dispatch", due),)
    wall = wall_of_facts(facts(overdue=(OverdueUnit("police", 3, NOW),), soon=soon, soon_total=1), (), VIEW, PACK, NOW)
    assert (wall.overdue[0].unit, wall.overdue[0].number) == ("公安分局", 3)
    assert (wall.soon[0].place, wall.soon[0].unit) == ("洛阳镇", "待分派")


def test_who_is_on_duty_is_a_post() -> None:
    turn = {"roster": "director", "since": NOW, "until": None, "why": "轮到"}
    on_duty = [
        OnDuty.model_validate({**turn, "staff": "police.director", "unit": "police", "shift": "primary"}),
        OnDuty.model_validate({**turn, "staff": "commander.1", "unit": None, "shift": "backup"}),
        OnDuty.model_validate({**turn, "staff": "nobody.9", "unit": None, "shift": "backup"}),
    ]
    told = posts_of("duty_director", on_duty, {"commander.1": "commander"}, VIEW, PACK)
    assert told.names == ("公安分局 主班", "指挥长 副班", "nobody.9 副班")


def test_a_wall_has_no_room_for_a_person_or_a_free_word() -> None:
    known = {"levels", "open", "waiting", "waiting_since", "received_today", "closed_today", "received_by_place"}
    assert {one.name for one in fields(WallFacts)} == known | {"arrivals", "overdue", "soon", "soon_total"}
    assert {one.name for one in fields(SoonDue)} == {"category", "place", "unit", "owes", "stage", "due_at"}
