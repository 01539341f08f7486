"""排班: rosters set, overridden for a stretch of time, and an absent primary stood in for. What was stays on record."""

from datetime import datetime
from uuid import UUID

from services.dispatch.errors.duty import NoBackupOfUnit, NotOnDutyThen
from services.dispatch.model import DutyRoster, RosterOverride, RosterVersion
from services.dispatch.operations.roster_rows import claim_roster, lock_roster, version_in_force
from services.dispatch.policy.duty import (
    checked_override,
    checked_roster,
    require_no_contradiction,
    require_on_duty,
    stretch_to_come,
)
from shared.calendar import WorkingCalendar
from shared.centre.pack import CentrePack
from shared.centre.working_time import calendar_of
from shared.contracts.actors import Actor
from shared.contracts.base import Done
from shared.contracts.dispatch import CancelOverride, MakeOverride, OverrideMade, SetRoster, SubstituteAbsent
from shared.duty import OnDuty, Override, Roster, on_duty_between
from shared.errors import not_found
from shared.infra.event_record import new_id
from shared.infra.unit_of_work import Transaction, UnitOfWork


async def set_roster(work: UnitOfWork, command: SetRoster, /, *, now: datetime) -> Done:
    """The version before it stays, with the time it was in force. The same roster again changes nothing."""
    async with work.begin(command) as tx:
        roster = checked_roster(await work.packs.in_force(tx.session), command.roster)
        row = await claim_roster(tx, roster)
        row.takes(roster)
        before = await version_in_force(tx, roster.code)
        if before is not None and before.noun(()) == roster:
            return tx.answers(Done(at=before.in_force_from))
        since = now if before is None else before.superseded(now=now)
        await tx.session.flush()  # one version in force at a time, also between two statements
        tx.add(RosterVersion.of(roster, version_id=new_id(), by=command.actor, now=since))
        await tx.session.flush()
        _, changed = await lock_roster(tx, roster.code)
        tx.record(row.changed(changed, now=now))
        return tx.answers(Done(at=since))


async def make_override(work: UnitOfWork, command: MakeOverride, /, *, now: datetime) -> OverrideMade:
    async with work.begin(command) as tx:
        pack = await work.packs.in_force(tx.session)
        row, roster = await lock_roster(tx, command.roster)
        origin = "import" if command.override.origin == "import" else "person"
        override = command.override.model_copy(update={"origin": origin})
        made = await override_roster(tx, pack, row, roster, override, by=command.actor, now=now)
        return tx.answers(made)


async def override_roster(
    tx: Transaction,
    pack: CentrePack,
    row: DutyRoster,
    roster: Roster,
    override: Override,
    *,
    by: Actor,
    now: datetime,
    swap_id: UUID | None = None,
) -> OverrideMade:
    """Makes one override of a locked roster. It begins now at the soonest, and contradicts no other."""
    begins = stretch_to_come(override.starts_at, override.ends_at, now=now, field="override.ends_at")
    complete = checked_override(pack, roster, override).model_copy(
        update={"override_id": new_id(), "starts_at": begins, "made_by": by.name, "made_at": now}
    )
    require_no_contradiction(roster, complete, field="override")
    taken_out = complete.staff if complete.action == "remove" else complete.instead_of
    if taken_out is not None:
        require_on_duty(roster, taken_out, begins, complete.ends_at, calendar_of(pack), field="override")
    tx.add(RosterOverride.of(roster, complete, swap_id=swap_id))
    changed = roster.model_copy(update={"overrides": (*roster.overrides, complete)})
    tx.record(row.changed(changed, now=now))
    assert complete.override_id is not None
    return OverrideMade(
        override_id=complete.override_id, at=now, starts_at=complete.starts_at, ends_at=complete.ends_at
    )


async def cancel_override(work: UnitOfWork, command: CancelOverride, /, *, now: datetime) -> Done:
    """What was of it stays on record; what was to come is cancelled."""
    async with work.begin(command) as tx:
        row, _ = await lock_roster(tx, command.roster)
        override = await tx.session.get(RosterOverride, command.override_id, populate_existing=True)
        if override is None or override.roster != row.code:
            raise not_found("override", command.override_id, field="override_id")
        override.cancel(command, now=now)
        await tx.session.flush()
        _, changed = await lock_roster(tx, row.code)
        tx.record(row.changed(changed, now=now))
        return tx.answers(Done(at=now))


async def substitute_absent(work: UnitOfWork, command: SubstituteAbsent, /, *, now: datetime) -> OverrideMade:
    """副班顶岗 (DOMAIN: duty and summons, 1): until the stretch ends, or the turn of either, whichever is first."""
    async with work.begin(command) as tx:
        pack = await work.packs.in_force(tx.session)
        row, roster = await lock_roster(tx, command.roster)
        begins = stretch_to_come(command.starts_at, command.ends_at, now=now)
        override = _backup_for(roster, command, begins, calendar_of(pack))
        return tx.answers(await override_roster(tx, pack, row, roster, override, by=command.actor, now=now))


def _backup_for(roster: Roster, command: SubstituteAbsent, begins: datetime, calendar: WorkingCalendar) -> Override:
    on_duty = on_duty_between(roster, begins, command.ends_at, calendar)
    absent = next((each for each in on_duty if each.shift == "primary" and each.staff == command.absent), None)
    if absent is None:
        raise NotOnDutyThen(
            f"{command.absent} is not on primary duty (主班) by the roster {roster.code} in that stretch",
            field="absent",
            post=command.absent,
        )
    starts_at = max(begins, absent.since)
    backup = next((each for each in on_duty if _may_stand_in(each, absent, starts_at)), None)
    if backup is None:
        raise NoBackupOfUnit(
            f"no backup (副班) of {absent.unit or 'its unit'} is on duty then; replace {absent.staff} by an override",
            field="absent",
            unit=absent.unit,
        )
    ends = (end for end in (command.ends_at, absent.until, backup.until) if end is not None)
    return Override(
        action="replace",
        staff=backup.staff,
        instead_of=absent.staff,
        starts_at=starts_at,
        ends_at=min(ends),
        reason=command.reason,
        origin="substitution",
    )


def _may_stand_in(each: OnDuty, absent: OnDuty, at: datetime) -> bool:
    there = each.since <= at and (each.until is None or at < each.until)
    return there and each.shift == "backup" and each.unit == absent.unit and each.staff != absent.staff
