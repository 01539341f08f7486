"""A centre's mode without any database: the open period, its surge, and what commanders ask."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from services.dispatch.model import ModeBook, ModePeriod
from shared.centre.pack import CentrePack
from shared.contracts.actors import Actor, Role
from shared.contracts.base import Level
from shared.contracts.dispatch import EndSurge, ProlongSurge, SwitchMode
from tests.unit.dispatch.given import MONDAY, quanzhou

COMMANDER = Actor(staff="commander.1", role=Role.COMMANDER)
DEPUTY = Actor(staff="deputy.1", role=Role.DEPUTY_COMMANDER)
DAY = timedelta(days=1)


def book() -> ModeBook:
    """As a centre begins."""
    first = ModePeriod(
        number=1, mode="normal", measures=[], switched_by="system", began_at=datetime(1970, 1, 1, tzinfo=UTC)
    )
    return ModeBook(first, None)


def surge_to(
    level: Level = "II",
    *,
    until: datetime = MONDAY + DAY,
    by: Actor = COMMANDER,
    measures: tuple[str, ...] = (),
    seen: int | None = None,
) -> SwitchMode:
    return SwitchMode(
        actor=by,
        idempotency_key=uuid4().hex,
        level=level,
        reason="台风登陆前后",
        measures=measures,
        expected_end=until,
        seen=seen,
    )


def prolonging(until: datetime, *, seen: int | None = None) -> ProlongSurge:
    return ProlongSurge(actor=COMMANDER, idempotency_key=uuid4().hex, expected_end=until, reason="雨势未停", seen=seen)


def ending(*, by: Actor = COMMANDER, seen: int | None = None) -> EndSurge:
    return EndSurge(actor=by, idempotency_key=uuid4().hex, reason="险情解除", seen=seen)


def in_surge(level: Level = "II", pack: CentrePack | None = None) -> ModeBook:
    one = book()
    one.switch(surge_to(level), pack or quanzhou(), new_id=uuid4, now=MONDAY)
    return one
