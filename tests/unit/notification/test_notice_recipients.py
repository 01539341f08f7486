"""Whom a post means: the roster where there is one, else the pack's post, else whoever has the role."""

from datetime import UTC, datetime, time
from functools import cache

import pytest

from deploy.packs import default_pack
from services.notification.policy.recipients import Recipient, recipients
from shared.centre.pack import CentrePack
from shared.contracts.notification import Unreached
from shared.duty import Member, Roster, Rotation, Shift

MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
UNIT = "labour-rights"


@cache
def quanzhou() -> CentrePack:
    return default_pack()


def rotation(staff: str, shift: Shift, *, closes: time | None = None) -> Rotation:
    opens = None if closes is None else time(8, 0)
    return Rotation(
        id=f"of-{shift}",
        shift=shift,
        members=(Member(staff=staff),),
        every="daily",
        starts_on=MONDAY.date(),
        opens=opens,
        closes=closes,
    )


def roster(kind: str, *rotations: Rotation, unit: str | None = None) -> Roster:
    return Roster.model_validate(
        {"code": f"{kind}-rota", "kind": kind, "unit": unit, "title": "值班表", "rotations": rotations}
    )


@pytest.mark.parametrize(
    ("post", "unit", "expected"),
    [
        ("liaison_officer", UNIT, (Recipient(f"{UNIT}.liaison", role="liaison_officer"),)),
        ("unit_lead", UNIT, (Recipient(f"{UNIT}.lead", role="unit_lead"),)),
        ("liaison_officer", "nowhere", Unreached.NO_CONTACT),
        ("duty_director", None, (Recipient("duty_director", role="duty_director"),)),
        ("commander", None, (Recipient("commander", role="commander"),)),
        ("dispatcher", None, (Recipient("dispatcher", role="dispatcher"),)),
        ("clerk.1", None, (Recipient("clerk.1"),)),
    ],
)
def test_without_rosters(post: str, unit: str | None, expected: object) -> None:
    assert recipients(post, unit, rosters=(), pack=quanzhou(), at=MONDAY) == expected


@pytest.mark.parametrize(
    ("post", "unit", "kind"),
    [("liaison_officer", UNIT, "liaison"), ("duty_director", None, "duty_director"), ("commander", None, "leader")],
)
def test_a_roster_decides(post: str, unit: str | None, kind: str) -> None:
    rota = roster(kind, rotation("backup.1", "backup"), rotation("primary.1", "primary"), unit=unit)
    assert recipients(post, unit, rosters=(rota,), pack=quanzhou(), at=MONDAY) == (Recipient("primary.1"),)


def test_a_backup_is_told_where_there_is_no_primary() -> None:
    rota = roster("duty_director", rotation("primary.1", "primary", closes=time(8, 30)), rotation("backup.1", "backup"))
    assert recipients("duty_director", None, rosters=(rota,), pack=quanzhou(), at=MONDAY) == (Recipient("backup.1"),)


def test_a_roster_with_nobody_on_duty_is_not_made_up_for() -> None:
    empty = roster("liaison", unit=UNIT)
    found = recipients("liaison_officer", UNIT, rosters=(empty,), pack=quanzhou(), at=MONDAY)
    assert found is Unreached.NOBODY_ON_DUTY


def test_a_roster_of_another_unit_or_kind_decides_nothing() -> None:
    others = (
        roster("liaison", rotation("li.1", "primary"), unit="legal-aid"),
        roster("presence", rotation("li.2", "primary"), unit=UNIT),
    )
    found = recipients("liaison_officer", UNIT, rosters=others, pack=quanzhou(), at=MONDAY)
    assert found == (Recipient(f"{UNIT}.liaison", role="liaison_officer"),)


def test_a_lead_is_never_the_liaison_of_the_roster() -> None:
    rota = roster("liaison", rotation("li.1", "primary"), unit=UNIT)
    found = recipients("unit_lead", UNIT, rosters=(rota,), pack=quanzhou(), at=MONDAY)
    assert found == (Recipient(f"{UNIT}.lead", role="unit_lead"),)


def test_a_post_held_by_another_is_told_there() -> None:
    pack = quanzhou()
    unit = pack.unit(UNIT)
    assert unit is not None
    held = unit.model_copy(update={"lead": unit.lead.model_copy(update={"contact": "post:command-centre.lead"})})
    changed = pack.model_copy(update={"units": tuple(held if one.code == UNIT else one for one in pack.units)})
    found = recipients("unit_lead", UNIT, rosters=(), pack=changed, at=MONDAY)
    assert found == (Recipient("command-centre.lead", role="unit_lead"),)
