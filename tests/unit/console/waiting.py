"""What may wait on a case, as the services tell it: for tests of what a screen offers."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from shared.contracts.dispatch import (
    Deferral,
    DeferralKind,
    PackDraftView,
    Proposal,
    ReturnedSupport,
    RouteExplained,
    WorkOrderView,
)
from shared.contracts.escalation import SupervisionLevel, SupervisionOrderView, VerificationTask

CODE = "26-0000104-5"
NOON = datetime(2026, 11, 30, 4, tzinfo=UTC)


def number(n: int) -> UUID:
    return UUID(int=n)


def order(unit: str, *, role: Any = "lead", state: str = "handling") -> WorkOrderView:
    return WorkOrderView(
        work_order_id=number(1 if role == "lead" else 2),
        case_code=CODE,
        unit=unit,
        role=role,
        state=state,
        category="labour.wages.arrears",
        place="350521104",
        level="II",
        round=1,
        dispatched_at=NOON,
        signed_off_at=NOON,
    )


def returned(unit: str) -> ReturnedSupport:
    return ReturnedSupport(
        work_order_id=number(3),
        case_code=CODE,
        unit=unit,
        lead="police",
        desk="duty_director",
        since=NOON,
        suggested_unit=None,
        ground="不属本单位职责",
    )


def draft(state: Any = "drafted", *, by: str = "admin.1") -> PackDraftView:
    unset = dict.fromkeys(("effective_at", "approved_by", "approved_at", "ended_by", "ended_at"))
    return PackDraftView(
        draft_id=number(5),
        version="2026.2",
        based_on="2026.1",
        note="x",
        state=state,
        drafted_by=by,
        drafted_at=NOON,
        **unset,  # type: ignore[arg-type]
    )


def deferral(**fields: Any) -> Deferral:
    known: dict[str, Any] = {
        "deferral_id": number(4),
        "case_code": CODE,
        "work_order_id": number(1),
        "unit": "police",
        "kind": DeferralKind.EXTENSION,
        "state": "asked",
        "days": 3,
        "until": None,
        "due_at": NOON,
        "new_due_at": None,
        "reason": "需外地取证",
        "asked_at": NOON,
        "decided_by": None,
        "decided_at": None,
    }
    return Deferral.model_validate({**known, **fields})


def supervision(state: Any, *, late: bool = False, **fields: Any) -> SupervisionOrderView:
    known: dict[str, Any] = {
        "order_id": number(5),
        "case_code": CODE,
        "unit": "police",
        "level": SupervisionLevel.WRITTEN_ORDER,
        "state": state,
        "round": 1,
        "due_at": NOON,
        "late": late,
        "issued_by": "duty_director:director.1",
        "issued_at": NOON,
        "reason": "限期办结",
        "clock": None,
        "instead_of": None,
        "outcome": None,
        "ended_at": None,
        "answers": (),
    }
    return SupervisionOrderView.model_validate({**known, **fields})


def unfound() -> VerificationTask:
    return VerificationTask(
        verification_id=number(6),
        case_code=CODE,
        work_order_id=number(1),
        unit="police",
        place="350521104",
        round=1,
        assigned_at=NOON,
        due_at=None,
    )


def proposal() -> Proposal:
    return Proposal(
        proposal_id=number(7),
        case_code=CODE,
        unit="court",
        instead_of="police",
        rule="r1",
        reason="类别更正",
        category="labour.wages.arrears",
        place="350521104",
        level="II",
        proposed_at=NOON,
    )


def route() -> RouteExplained:
    return RouteExplained(
        case_code=CODE, owner="police", state="dispatched", hops=1, routings=(), precedents=(), proposal=proposal()
    )
