"""One case as the streams tell of it: events with a case's ids filled in."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, TypeVar
from uuid import UUID, uuid4

from deploy.packs import default_pack
from services.escalation.model import CaseClocks, CaseFile, Clock
from services.escalation.policy.obligations import CaseFacts, Grounds, Obligation
from services.escalation.policy.terms import terms_of
from shared.centre.pack import CentrePack
from shared.codes import case_code
from shared.contracts import dispatch, intake
from shared.contracts.base import CaseEvent

E = TypeVar("E", bound=CaseEvent)

# Monday 23 November 2026, 09:00 in Quanzhou: office hours of an ordinary working day.
MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
# No statute gives another time for it.
CATEGORY, TOWN, UNIT = "labour.welfare.insurance", "350521104", "labour-rights"
WAGES = "labour.wages.arrears"
OWNER, WINDOW = "clerk.1", "labour-inspection"


@cache
def quanzhou() -> CentrePack:
    return default_pack()


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def at(count: float) -> datetime:
    """`count` minutes after Monday 09:00."""
    return MONDAY + minutes(count)


_numbers = iter(range(1, 9_000_000))


@dataclass
class Story:
    """`story.tell(CaseAccepted, accepted_at=...)`: an event of this case; what is not given has a plain value."""

    case_id: UUID = field(default_factory=uuid4)
    code: str = field(default_factory=lambda: case_code(2026, next(_numbers)))
    order: UUID = field(default_factory=uuid4)
    summons: UUID = field(default_factory=uuid4)
    unit: str = UNIT
    level: str = "IV"
    category: str | None = CATEGORY
    place: str | None = TOWN

    def tell(self, event: type[E], **given: Any) -> E:
        plain = self._plain()
        fields = {name: plain[name] for name in event.model_fields if name in plain}
        return event.model_validate({**fields, **given})

    def _plain(self) -> dict[str, Any]:
        return {
            "case_id": self.case_id,
            "case_code": self.code,
            "source": "window",
            "handling_mode": "forward",
            "category": self.category,
            "place": self.place,
            "level": self.level,
            "window": WINDOW,
            "owner": OWNER,
            "pack_version": quanzhou().version,
            "received_at": at(0),
            "registered_at": at(0),
            "accepted_at": at(5),
            "dispatched_at": at(6),
            "work_order_id": self.order,
            "unit": self.unit,
            "round": 1,
            "role": "lead",
            "reached_by": "desk",
            "returns": 0,
            "reported_by": "handler.1",
            "outcome": "solved",
            "reported_back_at": at(60),
            "signed_off_at": at(30),
            "kind": "telephone",
            "attempt": 1,
            "contacted": True,
            "solved": True,
            "satisfaction": "satisfied",
            "cause": None,
            "followed_up_at": at(120),
            "closed_at": at(130),
            "reason": "court",
            "decided_at": at(7),
            "handled_at": at(20),
            "summons_id": self.summons,
            "called_at": at(0),
            "suggested_unit": None,
        }

    # -- the two streams of a case that goes straight through ----------------------------------------------------------

    def registered(self) -> intake.CaseRegistered:
        return self.tell(intake.CaseRegistered)

    def accepted(self, **given: Any) -> intake.CaseAccepted:
        return self.tell(intake.CaseAccepted, **given)

    def dispatched(self, **given: Any) -> dispatch.WorkOrderDispatched:
        return self.tell(dispatch.WorkOrderDispatched, **given)

    def signed_off(self) -> dispatch.WorkOrderSignedOff:
        return self.tell(dispatch.WorkOrderSignedOff)

    def reported_back(self, **given: Any) -> dispatch.WorkOrderReportedBack:
        return self.tell(dispatch.WorkOrderReportedBack, **given)

    # -- for facts about a single clock --------------------------------------------------------------------------------

    @property
    def grounds(self) -> Grounds:
        return Grounds(quanzhou().version, self.category, self.level)  # type: ignore[arg-type]

    def file(self) -> CaseFile:
        return CaseFile(case_id=self.case_id, case_code=self.code)

    def clocks(self) -> CaseClocks:
        return CaseClocks(self.file())

    def arrival(self, started_at: datetime = MONDAY) -> Obligation:
        key = f"arrival:{self.summons}:{self.unit}"
        return Obligation(key, "arrival", self.unit, started_at, self.grounds, unit=self.unit, summons_id=self.summons)

    def clock(self, obligation: Obligation | None = None, *, now: datetime = MONDAY) -> Clock:
        """An arrival clock of 20 minutes, where nothing else is said."""
        owed = obligation or self.arrival()
        return Clock.of(self.case_id, self.code, owed, terms_of(quanzhou(), owed, CaseFacts()), now=now)
