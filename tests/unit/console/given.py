"""One case's events, as each service tells them: registered, returned once, summoned for, verified, closed."""

from typing import Any

from services.console.policy.board import SECTIONS, Facts, Row, apply, row_of
from services.console.policy.board.applying import APPLY
from shared.contracts.catalogue import EVENTS

CODE = "26-0000104-5"
CASE = "00000000-0000-0000-0000-000000000001"
ORDER, OTHER = "00000000-0000-0000-0000-0000000000a1", "00000000-0000-0000-0000-0000000000a2"
SUMMONS, CHECK = "00000000-0000-0000-0000-0000000000b1", "00000000-0000-0000-0000-0000000000c1"
T = "2026-11-30T09:{:02d}:00+08:00"

Told = tuple[str, dict[str, Any]]
COMMON: dict[str, Any] = {"case_id": CASE, "case_code": CODE}
MATTER: dict[str, Any] = {"category": "labour.wages.arrears", "place": "350521104", "level": "II"}
OF_PACK: dict[str, Any] = {**MATTER, "pack_version": "v"}


def event(name: str, **fields: Any) -> Told:
    """As the contract has it: a story with an event that does not exist would prove nothing."""
    whole = EVENTS[name].model_validate({**COMMON, **fields})
    return name, whole.model_dump(mode="json")


def clock(name: str, key: str, stage: str, minute: int, **fields: Any) -> Told:
    known = {"clock": key, "stage": stage, "owes": "police"}
    if name == "armed":
        armed = {"started_at": T.format(minute), "due_at": T.format(minute + 20), "provisional": False}
        limit = {"limit": "20 minute", "limit_id": "x", "limit_source": "x", "pack_version": "v"}
        known |= {**armed, **limit, "armed_at": T.format(minute)}
    return event(f"escalation.clock.{name}", **known, **fields)


def order(name: str, work_order: str, unit: str, **fields: Any) -> Told:
    return event(f"dispatch.work_order.{name}", work_order_id=work_order, unit=unit, round=1, **fields)


def summons(name: str, **fields: Any) -> Told:
    return event(f"dispatch.summons.{name}", summons_id=SUMMONS, **fields)


def dispatched(work_order: str, unit: str) -> Told:
    sent = {"role": "lead", "reached_by": "desk", "returns": 0, "accepted_at": T.format(1)}
    return order("dispatched", work_order, unit, **sent, **OF_PACK, dispatched_at=T.format(2))


INTAKE: list[Told] = [
    event(
        "intake.case.registered",
        **{**OF_PACK, "source": "window", "window": "desk.general", "owner": "clerk.1"},
        received_at=T.format(0),
        registered_at=T.format(0),
    ),
    event(
        "intake.case.accepted",
        **{**OF_PACK, "source": "window", "handling_mode": "forward", "owner": "clerk.1"},
        registered_at=T.format(0),
        accepted_at=T.format(1),
    ),
    event(
        "intake.case.followed_up",
        attempt=1,
        kind="telephone",
        contacted=True,
        solved=True,
        satisfaction="satisfied",
        cause=None,
        round=1,
        followed_up_at=T.format(40),
    ),
    event("intake.case.closed", outcome="solved", round=1, closed_at=T.format(41)),
]
DISPATCH: list[Told] = [
    dispatched(ORDER, "court"),
    order(
        "returned",
        ORDER,
        "court",
        reason="not_our_duty",
        suggested_unit=None,
        returns=1,
        goes_to="dispatcher",
        returned_at=T.format(5),
        dispatcher_owes_since=T.format(5),
    ),
    dispatched(OTHER, "police"),
    order("signed_off", OTHER, "police", signed_off_at=T.format(9)),
    summons("asked", ground="urgent", units=["police", "traffic"], asked_at=T.format(10)),
    summons("approved", approved_at=T.format(11)),
    summons("unit_called", unit="police", **OF_PACK, called_at=T.format(11)),
    summons("unit_called", unit="traffic", **OF_PACK, called_at=T.format(11)),
    summons("unit_acknowledged", unit="police", acknowledged_at=T.format(12)),
    summons("unit_arrived", unit="police", arrived_at=T.format(20)),
    summons("unit_not_arrived", unit="traffic", ended_at=T.format(32)),
    summons("ended", outcome="incomplete", ended_at=T.format(32)),
    order(
        "reported_back",
        OTHER,
        "police",
        **{**OF_PACK, "outcome": "solved", "reported_by": "police.liaison", "reported_back_at": T.format(34)},
    ),
]
CLOCKS: list[Told] = [
    clock("armed", "accept:1", "accept", 0),
    clock("met", "accept:1", "accept", 0, due_at=T.format(20), met_at=T.format(1), late=False),
    clock("armed", "sign_off:1", "sign_off", 2),
    clock("warned", "sign_off:1", "sign_off", 2, percent=50, due_at=T.format(22), warned_at=T.format(12)),
    clock("armed", f"arrival:{SUMMONS}:police", "arrival", 11),
    clock("armed", f"arrival:{SUMMONS}:traffic", "arrival", 11),
    clock("overdue", "sign_off:1", "sign_off", 2, due_at=T.format(22), fired_at=T.format(22)),
    clock("cancelled", "sign_off:1", "sign_off", 2, reason="returned", cancelled_at=T.format(23)),
]
GRID: list[Told] = [
    event(
        "escalation.verification.assigned",
        verification_id=CHECK,
        work_order_id=OTHER,
        unit="police",
        place="350521104",
        round=1,
        assigned_at=T.format(35),
    ),
    event(
        "escalation.verification.recorded",
        verification_id=CHECK,
        work_order_id=OTHER,
        unit="police",
        round=1,
        outcome="solved",
        verified_by="grid.1",
        recorded_at=T.format(38),
    ),
]
CHAINS = (INTAKE, DISPATCH, CLOCKS, GRID)


def told(*events: Told) -> Row:
    """The row after these events, in this order."""
    sections: dict[Any, Facts] = {section: {} for section in SECTIONS}
    for name, data in events:
        section, _ = APPLY[name]
        sections[section] = apply(name, sections[section], data)
    return row_of(CODE, sections)


def upto(*lengths: int) -> Row:
    """The first so many of each chain: intake, dispatch, clocks, grid."""
    return told(*(one for chain, length in zip(CHAINS, lengths, strict=True) for one in chain[:length]))


__all__ = ["CHAINS", "CODE", "Told", "event", "told", "upto"]
