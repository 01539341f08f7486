"""What an event settles: keys after which some notices have nothing left to say."""

from datetime import datetime
from functools import singledispatch

from services.notification.policy import drafts_of_accountability as accountability
from services.notification.policy.settled import (
    Fact,
    deferral_key,
    handover_key,
    order_key,
    summons_key,
    unit_key,
)
from shared.contracts.base import Event
from shared.contracts.dispatch import (
    DeferralRefused,
    ExtensionApproved,
    HandoverAccepted,
    RequesterContacted,
    SummonsEnded,
    SummonsUnitAcknowledged,
    SummonsUnitArrived,
    SummonsUnitCannotCome,
    SummonsUnitNotArrived,
    SummonsUnitOnTheWay,
    SummonsUnitSubstituteSent,
    SuspensionApproved,
    WorkOrderReportedBack,
    WorkOrderReturned,
    WorkOrderSignedOff,
    WorkOrderWithdrawn,
)
from shared.contracts.dispatch.summonses import SummonsUnitEvent


@singledispatch
def settles(_event: Event) -> tuple[Fact, ...]:
    return ()


def _of_unit(event: SummonsUnitEvent, at: datetime, *states: str) -> tuple[Fact, ...]:
    return tuple(Fact(unit_key(event.summons_id, event.unit, state), state, at) for state in states)


@settles.register
def _(event: SummonsUnitAcknowledged) -> tuple[Fact, ...]:
    return _of_unit(event, event.acknowledged_at, "acknowledged")


@settles.register
def _(event: SummonsUnitOnTheWay) -> tuple[Fact, ...]:
    return _of_unit(event, event.told_at, "acknowledged", "on_the_way")


@settles.register
def _(event: SummonsUnitSubstituteSent) -> tuple[Fact, ...]:
    return _of_unit(event, event.told_at, "acknowledged", "on_the_way")


@settles.register
def _(event: SummonsUnitCannotCome) -> tuple[Fact, ...]:
    """It has answered: that it did not acknowledge is not true any more. It is awaited all the same."""
    return _of_unit(event, event.told_at, "acknowledged")


@settles.register
def _(event: SummonsUnitArrived) -> tuple[Fact, ...]:
    return _of_unit(event, event.arrived_at, "arrived")


@settles.register
def _(event: SummonsUnitNotArrived) -> tuple[Fact, ...]:
    return _of_unit(event, event.ended_at, "not_arrived")


@settles.register
def _(event: SummonsEnded) -> tuple[Fact, ...]:
    return (Fact(summons_key(event.summons_id, event.outcome), event.outcome, event.ended_at),)


@settles.register
def _(event: WorkOrderSignedOff) -> tuple[Fact, ...]:
    return (Fact(order_key(event.work_order_id, "signed_off"), "signed_off", event.signed_off_at),)


@settles.register
def _(event: RequesterContacted) -> tuple[Fact, ...]:
    return (Fact(order_key(event.work_order_id, "requester_contacted"), "requester_contacted", event.contacted_at),)


@settles.register
def _(event: WorkOrderReturned) -> tuple[Fact, ...]:
    return (Fact(order_key(event.work_order_id, "returned"), "returned", event.returned_at),)


@settles.register
def _(event: WorkOrderWithdrawn) -> tuple[Fact, ...]:
    return (Fact(order_key(event.work_order_id, "withdrawn"), "withdrawn", event.withdrawn_at),)


@settles.register
def _(event: WorkOrderReportedBack) -> tuple[Fact, ...]:
    return (Fact(order_key(event.work_order_id, "reported_back"), "reported_back", event.reported_back_at),)


@settles.register
def _(event: DeferralRefused) -> tuple[Fact, ...]:
    return (Fact(deferral_key(event.deferral_id), "decided", event.refused_at),)


@settles.register
def _(event: ExtensionApproved) -> tuple[Fact, ...]:
    return (Fact(deferral_key(event.deferral_id), "decided", event.approved_at),)


@settles.register
def _(event: SuspensionApproved) -> tuple[Fact, ...]:
    return (Fact(deferral_key(event.deferral_id), "decided", event.suspended_at),)


@settles.register
def _(event: HandoverAccepted) -> tuple[Fact, ...]:
    return (Fact(handover_key(event.handover_id), "accepted", event.accepted_at),)


for _told, _facts_of in accountability.SETTLES.items():
    settles.register(_told, _facts_of)
