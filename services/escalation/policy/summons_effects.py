"""The table of clocks, for summonses: what each event arms, meets and cancels, and what a unit's answer changes."""

from services.escalation.policy.effects import grounds_of
from services.escalation.policy.obligations import (
    Acknowledge,
    Arm,
    Cancel,
    CaseFacts,
    Effects,
    Meet,
    Obligation,
    Reason,
    TellCannotCome,
    TellOnTheWay,
    Which,
    arrival_key,
)
from shared.contracts.dispatch import (
    SummonsEnded,
    SummonsUnitAcknowledged,
    SummonsUnitArrived,
    SummonsUnitCalled,
    SummonsUnitCannotCome,
    SummonsUnitNotArrived,
    SummonsUnitOnTheWay,
    SummonsUnitSubstituteSent,
)


def on_summons_unit_called(event: SummonsUnitCalled, _case: CaseFacts) -> Effects:
    key, unit = arrival_key(event.summons_id, event.unit), event.unit
    arrival = Obligation(
        key,
        "arrival",
        unit,
        event.called_at,
        grounds_of(event),
        unit=unit,
        summons_id=event.summons_id,
        drill=event.drill,
    )
    return (Arm(arrival),)


def on_summons_unit_acknowledged(event: SummonsUnitAcknowledged, _case: CaseFacts) -> Effects:
    return (Acknowledge(arrival_key(event.summons_id, event.unit), event.acknowledged_at),)


def on_summons_unit_coming(event: SummonsUnitOnTheWay | SummonsUnitSubstituteSent, _case: CaseFacts) -> Effects:
    """Whoever comes, the unit or its substitute, has acknowledged, and is not rung before the time it gave itself."""
    return (TellOnTheWay(arrival_key(event.summons_id, event.unit), event.told_at, event.expected_at),)


def on_summons_unit_cannot_come(event: SummonsUnitCannotCome, _case: CaseFacts) -> Effects:
    return (TellCannotCome(arrival_key(event.summons_id, event.unit), event.told_at),)


def on_summons_unit_arrived(event: SummonsUnitArrived, _case: CaseFacts) -> Effects:
    return (Meet(Which(key=arrival_key(event.summons_id, event.unit)), event.arrived_at),)


def on_summons_unit_not_arrived(event: SummonsUnitNotArrived, _case: CaseFacts) -> Effects:
    """Given up: the clock ends, and that it fired stays on record."""
    return (Cancel(Which(key=arrival_key(event.summons_id, event.unit)), event.ended_at, "not_arrived"),)


def on_summons_ended(event: SummonsEnded, _case: CaseFacts) -> Effects:
    """Units still awaited are awaited no longer, whichever way the summons ended."""
    reasons: dict[str, Reason] = {
        "stood_down": "stood_down",
        "incomplete": "not_arrived",
        "assembled": "assembled",
    }
    return (Cancel(Which(summons_id=event.summons_id), event.ended_at, reasons[event.outcome]),)
