"""延期与挂账: the time of one work order with everything that was asked about it, taken together."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypedDict
from uuid import UUID

from services.dispatch.errors.cases import NotSignedOff
from services.dispatch.errors.deferrals import AskedAlready, NotAtWork, NotSuspended, SuspendedNow
from services.dispatch.model.deferral import Deferral, lapsed
from services.dispatch.model.work_order import WorkOrder
from services.dispatch.policy.cases import WorkOrderState
from services.dispatch.policy.deferrals import (
    GRANTED,
    DeferralState,
    Sent,
    lapses_at,
    require_extension,
    require_suspension,
)
from shared.centre.pack import CentrePack
from shared.centre.promised import extended, resumed
from shared.centre.standing import Switch
from shared.contracts.actors import Actor, Role
from shared.contracts.base import Level
from shared.contracts.dispatch import (
    AskExtension,
    AskSuspension,
    DeferralAsked,
    DeferralEvent,
    DeferralKind,
    DeferralRefused,
    ExtensionApproved,
    SuspensionApproved,
    SuspensionEnded,
)


class _Ids(TypedDict):
    case_id: UUID
    case_code: str
    work_order_id: UUID
    unit: str
    round: int
    deferral_id: UUID
    kind: DeferralKind
    first_receiver: str


class _Grounds(TypedDict):
    category: str | None
    level: Level
    pack_version: str


class MoreTime:
    """A work order, the terms its round began with, and its deferrals; the case is locked.

    Reporting back, returning or withdrawing a suspended work order needs no resuming first: whatever ends the unit's
    work ends its suspension and voids its open request with it.
    """

    def __init__(
        self,
        order: WorkOrder,
        sent: Sent,
        pack: CentrePack,
        deferrals: Iterable[Deferral],
        switches: Sequence[Switch] = (),
        *,
        first_receiver: str,
    ) -> None:
        self.order = order
        self._sent = sent
        self._pack = pack
        self._switches = switches
        self._promise = sent.promise(pack, switches)
        self._deferrals = list(deferrals)
        self._first_receiver = first_receiver

    # -- the unit asks -------------------------------------------------------------------------------------------------

    def ask_extension(self, ask: AskExtension, deferral_id: UUID, *, now: datetime) -> tuple[Deferral, DeferralAsked]:
        due_at = self._askable(ask.actor, now=now)
        granted = self._granted(DeferralKind.EXTENSION)
        require_extension(self._pack, due_at, ask.days, granted=granted, now=now)
        deferral = Deferral.asked(
            deferral_id, self.order, by=ask.actor, due_at=due_at, reason=ask.reason, now=now, days=ask.days
        )
        return self._ask(deferral, now=now)

    def ask_suspension(self, ask: AskSuspension, deferral_id: UUID, *, now: datetime) -> tuple[Deferral, DeferralAsked]:
        due_at = self._askable(ask.actor, now=now)
        granted = self._granted(DeferralKind.SUSPENSION)
        require_suspension(self._pack, due_at, ask.until, granted=granted, now=now)
        deferral = Deferral.asked(
            deferral_id, self.order, by=ask.actor, due_at=due_at, reason=ask.reason, now=now, until=ask.until
        )
        return self._ask(deferral, now=now)

    # -- another decides -----------------------------------------------------------------------------------------------

    def approve(self, deferral: Deferral, *, by: Actor, reason: str | None, now: datetime) -> DeferralEvent:
        """Before the time is up that stands now: a switch of mode or a published day may have moved it since."""
        number, stands = 1 + sum(each.state in GRANTED for each in self._deferrals), self.due_at()
        deferral.decide("approve", self.order, by=by, reason=reason, now=now)
        if now >= stands:
            raise lapsed(stands)
        deferral.number = number
        if deferral.days is None:
            return self._suspended(deferral, now=now)
        before = max(stands, deferral.due_at)
        due = extended(self._pack, before, deferral.days)
        deferral.promise(due)
        return ExtensionApproved(
            **self._ids(deferral),
            **self._grounds(),
            due_at=before,
            extended_to=due.at,
            days=deferral.days,
            provisional=due.provisional,
            number=number,
            approved_at=now,
        )

    def refuse(self, deferral: Deferral, *, by: Actor, reason: str | None, now: datetime) -> DeferralRefused:
        deferral.decide("refuse", self.order, by=by, reason=reason, now=now)
        return DeferralRefused(**self._ids(deferral), due_at=deferral.due_at, refused_at=now)

    # -- a suspension ends ---------------------------------------------------------------------------------------------

    def resume(self, *, by: Actor, reason: str, now: datetime) -> SuspensionEnded:
        """By the unit itself or the duty director, before its time; never later than the time it had."""
        if by.role is not Role.DUTY_DIRECTOR:
            self.order.require_own(by)
        running = self._running()
        if running is None or running.until is None or not running.holds(self.order):
            raise NotSuspended("this work order is not suspended (挂账)", field="work_order_id")
        return self._run_on(running, min(now, running.until), by=by.staff, reason=reason)

    def end(self, deferral: Deferral, *, by: str, now: datetime) -> SuspensionEnded | None:
        """The promised time is here. None where it ended before, or where the unit's work ended and it with that."""
        if not deferral.running or deferral.until is None or deferral.until > now:
            return None
        if deferral.holds(self.order):
            return self._run_on(deferral, deferral.until, by=by, reason=None)
        deferral.end(deferral.until, by=by, reason=None)
        return None

    # -- facts ---------------------------------------------------------------------------------------------------------

    @property
    def suspended(self) -> bool:
        """挂账: its time stands still."""
        running = self._running()
        return running is not None and running.holds(self.order)

    def due_at(self, at: datetime | None = None) -> datetime:
        """The time promised now, or by the switches until `at`: by pack and mode, moved by what was granted in this
        round. Never edited.
        """
        promise = self._promise
        if at is not None:
            promise = self._sent.promise(self._pack, [switch for switch in self._switches if switch.at <= at])
        moved = [each for each in self._deferrals if each.round == self.order.round and each.new_due_at is not None]
        last = max(moved, key=lambda each: each.number or 0, default=None)
        return promise.due.at if last is None or last.new_due_at is None else last.new_due_at

    # -- pieces --------------------------------------------------------------------------------------------------------

    def _askable(self, by: Actor, *, now: datetime) -> datetime:
        """The time promised now, where the unit may ask for more."""
        self.order.require_own(by)
        if self.order.state == WorkOrderState.DISPATCHED:
            raise NotSignedOff("sign the work order off first, then ask for more time", field="work_order_id")
        if not self.order.open:
            raise NotAtWork(
                f"this work order is {self.order.state}; there is nothing to wait for",
                field="work_order_id",
                state=self.order.state,
            )
        running = self._running()
        if running is not None and running.holds(self.order):
            raise SuspendedNow("this work order is suspended (挂账); resume it first", field="work_order_id")
        if any(each.state_at(self.order, now) is DeferralState.ASKED for each in self._deferrals):
            raise AskedAlready("a request for this work order waits for a decision", field="work_order_id")
        return self.due_at()

    def _ask(self, deferral: Deferral, *, now: datetime) -> tuple[Deferral, DeferralAsked]:
        for each in self._deferrals:
            if each.state == DeferralState.ASKED:  # void already, or this one could not be asked
                each.lapse()
            elif each.running:
                each.end(now, by="system:dispatch", reason=None)
        self._deferrals.append(deferral)
        lapses = lapses_at(deferral.due_at, deferral.until)
        return deferral, DeferralAsked(**self._ids(deferral), due_at=deferral.due_at, lapses_at=lapses, asked_at=now)

    def _suspended(self, deferral: Deferral, *, now: datetime) -> SuspensionApproved:
        if deferral.until is None:
            raise ValueError(f"suspension {deferral.deferral_id} has no end")
        stood = self._stood(deferral, now)
        return SuspensionApproved(**self._ids(deferral), due_at=stood, until=deferral.until, suspended_at=now)

    def _run_on(self, deferral: Deferral, at: datetime, *, by: str, reason: str | None) -> SuspensionEnded:
        unit, stopped_at = self._promise.duration.unit, deferral.decided_at or at
        stood = self._stood(deferral, stopped_at)
        due = resumed(self._pack, unit, stood, stopped_at=stopped_at, resumed_at=at)
        deferral.end(at, by=by, reason=reason)
        deferral.promise(due)
        return SuspensionEnded(
            **self._ids(deferral),
            **self._grounds(),
            due_at=due.at,
            provisional=due.provisional,
            number=deferral.number or 1,
            resumed_at=at,
        )

    def _stood(self, deferral: Deferral, granted_at: datetime) -> datetime:
        """The time promised when it was granted; never an earlier one than it was asked about."""
        return max(deferral.due_at, self.due_at(granted_at))

    def _running(self) -> Deferral | None:
        return next((each for each in self._deferrals if each.running), None)

    def _granted(self, kind: DeferralKind) -> int:
        return sum(each.of_kind is kind and each.state in GRANTED for each in self._deferrals)

    def _ids(self, deferral: Deferral) -> _Ids:
        return {
            "case_id": deferral.case_id,
            "case_code": deferral.case_code,
            "work_order_id": deferral.work_order_id,
            "unit": deferral.unit,
            "round": deferral.round,
            "deferral_id": deferral.deferral_id,
            "kind": deferral.of_kind,
            "first_receiver": self._first_receiver,
        }

    def _grounds(self) -> _Grounds:
        return {"category": self._sent.category, "level": self._sent.level, "pack_version": self._sent.pack_version}
