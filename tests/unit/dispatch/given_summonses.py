"""A summons, its units and who answers, without any database and without the case's own ways."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa

from services.dispatch.model import CalledUnit, Graded, RollCall, Summons
from services.dispatch.policy.picking import Pick
from services.dispatch.policy.summoning import CalledUnitVerb
from shared.codes import case_code
from shared.contracts.actors import Actor, Role
from shared.contracts.dispatch import AskDrill
from shared.links import AnswerLink, LinkSigner, Purpose
from tests.unit.dispatch.given import COMMANDER, DIRECTOR, MONDAY, ROOM, asking, minutes, quanzhou

POLICE, FIRE, MARKET = "police", "fire-rescue", "market"
LATER = MONDAY + minutes(3)
ROOM_CODE, WRONG_CODE = "123456", "654321"
GRADED: Graded = {"category": None, "place": None, "level": "IV", "pack_version": "v1"}
SECRET = "s" * 40
SIGNER = LinkSigner((SECRET,), centre="qz")


def liaison(unit: str | None) -> Actor:
    return Actor(staff=f"{unit}.liaison", role=Role.LIAISON_OFFICER, unit=unit)


def summons_asked(*units: str, picks: Sequence[Pick] = ()) -> tuple[Summons, list[CalledUnit]]:
    ask = asking(case_code(2026, 1), *units, by=DIRECTOR)
    named = picks or [Pick(unit) for unit in units]
    summons, called, _ = Summons.ask(ask, uuid4(), ask.case_code, named, summons_id=uuid4(), now=MONDAY)
    return summons, called


def approve(summons: Summons, units: Sequence[CalledUnit], *, by: Actor = COMMANDER, now: datetime = MONDAY) -> None:
    summons.approve(units, GRADED, by=by, pack_version="v1", room_code=ROOM_CODE, now=now)


def running(*units: str) -> RollCall:
    summons, called = summons_asked(*units)
    approve(summons, called)
    return RollCall(summons, called)


def drill(*units: str) -> AskDrill:
    return AskDrill(actor=DIRECTOR, idempotency_key=uuid4().hex, units=units, reason="季度演练")


def drilling(*units: str) -> RollCall:
    summons, called, _ = Summons.ask_drill(drill(*units), summons_id=uuid4(), now=MONDAY)
    approve(summons, called)
    return RollCall(summons, called)


def states(units: Sequence[CalledUnit]) -> dict[str, str]:
    return {unit.unit: unit.state for unit in units}


def answer_link(summons_id: UUID, unit: str = POLICE, purpose: Purpose = "acknowledge") -> AnswerLink:
    return AnswerLink(
        link_id=uuid4(),
        centre="qz",
        purpose=purpose,
        summons_id=summons_id,
        unit=unit,
        staff=f"{unit}.liaison",
        expires_at=MONDAY + minutes(60),
    )


# -- what may happen to one unit: (the roll call, the unit, when) -> what is told --------------------------------------

REASON = "另有险情，抽不出人"


def acknowledge(roll: RollCall, unit: str, now: datetime) -> tuple[object, ...]:
    return roll.acknowledge(by=liaison(unit), now=now)


def sets_out(roll: RollCall, unit: str, now: datetime) -> tuple[object, ...]:
    return roll.tell_on_the_way(10, by=liaison(unit), now=now)


def substitutes(roll: RollCall, unit: str, now: datetime) -> tuple[object, ...]:
    return roll.send_substitute(f"{unit}.lead", 15, quanzhou(), by=liaison(unit), now=now)


def cannot_come(roll: RollCall, unit: str, now: datetime) -> tuple[object, ...]:
    return roll.tell_cannot_come(REASON, by=liaison(unit), now=now)


def arrives(roll: RollCall, unit: str, now: datetime) -> tuple[object, ...]:
    return roll.check_in(unit, by=ROOM, now=now)


def is_given_up(roll: RollCall, unit: str, now: datetime) -> tuple[object, ...]:
    return roll.give_up(unit, at=now)


def hears_notice(roll: RollCall, unit: str, now: datetime) -> tuple[object, ...]:
    return roll.hear_of_notice(unit, "sms", at=now)


Act = Callable[[RollCall, str, datetime], tuple[object, ...]]
ANSWERS: dict[CalledUnitVerb, Act] = {
    "acknowledge": acknowledge,
    "on_the_way": sets_out,
    "substitute": substitutes,
    "cannot_come": cannot_come,
}
ACTS: dict[CalledUnitVerb, Act] = {**ANSWERS, "arrive": arrives}


def row(unit: CalledUnit) -> dict[str, Any]:
    return {column.key: getattr(unit, column.key) for column in sa.inspect(CalledUnit).columns}
