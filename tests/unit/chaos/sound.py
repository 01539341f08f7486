"""Sound little books: one case that waits for its unit's report, one summons, one case handled at the window."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from shared.infra.event_record import GENESIS, link
from tests.support.chaos.books import READERS, Books, CaseRow, ClockRow, NoticeRow, Recorded, RoutedRow, Streamed
from tests.support.chaos.digests import digest_of
from tests.support.chaos.witness import Answered
from tests.support.times import MONDAY_MORNING

SPACE = UUID("018f0000-0000-7000-8000-000000000000")
NINE = MONDAY_MORNING


def an_id(name: str) -> str:
    return str(uuid5(SPACE, name))


CASE, OWN, ORDER, SUMMONS = an_id("case"), an_id("own"), an_id("order"), an_id("summons")
NOTICE, VERIFICATION = an_id("notice"), an_id("verification")
ACCEPT, DISPATCH = f"accept:{CASE}", f"dispatch:{CASE}:0"
SIGN_OFF, REPORT, ARRIVAL = f"sign_off:{ORDER}", f"report_back:{ORDER}:1", f"arrival:{SUMMONS}:a"
RETURN, CONTACT = f"return:{ORDER}", f"contact:{ORDER}"


def minutes(number: float) -> datetime:
    return NINE + timedelta(minutes=number)


@dataclass
class Writer:
    """Records events as services do: numbered and hashed along their chains."""

    events: list[Recorded] = field(default_factory=list[Recorded])
    heads: dict[tuple[str, str], tuple[int, bytes]] = field(default_factory=dict[tuple[str, str], tuple[int, bytes]])

    def record(self, type_: str, *, chain: str = CASE, trace: str | None = None, **data: Any) -> Recorded:
        service = type_.split(".")[0]
        sequence, previous = self.heads.get((service, chain), (0, GENESIS))
        number = len(self.events)
        envelope = {
            "id": an_id(f"event {number}"),
            "type": type_,
            "chain": chain,
            "sequence": sequence + 1,
            "trace": trace or f"trace-{number}",
            "actor": "clerk:clerk.1",
            "data": {"case_id": CASE, "case_code": "T-1", **data},
        }
        digest = link(previous, envelope)
        self.heads[service, chain] = (sequence + 1, digest)
        event = Recorded(service, envelope["id"], chain, sequence + 1, type_, digest, envelope)
        self.events.append(event)
        return event


def sound_books() -> Books:
    """At ten o'clock."""
    book = Writer()
    _intake(book)
    _dispatch(book)
    _clocks(book)
    return with_events(
        Books(
            at=minutes(60),
            events=(),
            heads={},
            applied={},
            streamed={},
            kept={("intake", "register_case", "k1"): receipt(CASE), ("intake", "register_case", "k2"): receipt(OWN)},
            answered=(
                Answered("intake", "register_case", "k1", receipt(CASE)),
                Answered("intake", "register_case", "k2", receipt(OWN)),
            ),
            cases=(
                CaseRow(CASE, "T-1", "clerk.1", "handling"),
                CaseRow(OWN, "T-2", "clerk.2", "closed"),
            ),
            routed=(RoutedRow(CASE, "dispatched", "a", ORDER),),
            clocks=clocks(),
            notices=(NoticeRow(NOTICE, planned=True, ends=("handed_over",)),),
        ),
        book.events,
    )


def with_events(books: Books, events: list[Recorded]) -> Books:
    """As they are after all services have read them and all of it is published."""
    chains: dict[tuple[str, str], list[Recorded]] = {}
    for event in events:
        chains.setdefault((event.service, event.chain), []).append(event)
    applied = {
        (consumer.reader, service, chain): len(links)
        for (service, chain), links in chains.items()
        for consumer in READERS
        if consumer.source == service and (not consumer.nouns or links[0].noun in consumer.nouns)
    }
    services = {event.service for event in events}
    return replace(
        books,
        events=tuple(events),
        heads={name: (links[-1].sequence, links[-1].hash) for name, links in chains.items()},
        applied=applied,
        streamed={name: tuple(streamed(one) for one in events if one.service == name) for name in services},
    )


def streamed(event: Recorded) -> Streamed:
    return Streamed(event.event_id, digest_of(event.envelope))


def told(books: Books, type_: str, **data: Any) -> Books:
    """One more event."""
    book = Writer(list(books.events), dict(books.heads))
    book.record(type_, **data)
    return with_events(books, book.events)


def told_again(books: Books, type_: str, **changed: Any) -> Books:
    """The first event of a type is recorded a second time, properly, perhaps with other data."""
    first = next(event for event in books.events if event.type == type_)
    book = Writer(list(books.events), dict(books.heads))
    book.record(type_, chain=first.chain, **{**first.data, **changed})
    return with_events(books, book.events)


def told_as(books: Books, type_: str, another: str, **more: Any) -> Books:
    """What one event of a type tells is told by an event of another type, too."""
    first = next(event for event in books.events if event.type == type_)
    book = Writer(list(books.events), dict(books.heads))
    book.record(another, chain=first.chain, **{**first.data, **more})
    return with_events(books, book.events)


def without(books: Books, type_: str) -> Books:
    """As if the events of a type had never been: their chains are closed over the gap."""
    book = Writer()
    for event in books.events:
        if event.type != type_:
            book.record(event.type, chain=event.chain, trace=event.trace, **event.data)
    return with_events(books, book.events)


def receipt(case_id: str) -> dict[str, Any]:
    code, owner = ("T-1", "clerk.1") if case_id == CASE else ("T-2", "clerk.2")
    return {"case_id": case_id, "case_code": code, "owner": owner}


def clock(key: str, state: str, due: float, **more: Any) -> ClockRow:
    rest: dict[str, Any] = {"next_at": None, "fired_at": None, "ended_at": None, "reason": None, **more}
    case = OWN if OWN in key else CASE
    return ClockRow(key, case, key.split(":")[0], state, minutes(due), **rest)


def clocks() -> tuple[ClockRow, ...]:
    told: tuple[Mapping[str, Any], ...] = (
        {"kind": "fire"},
        {"kind": "climb", "number": 1, "action": "overdue", "told": [{"post": "liaison_officer", "unit": "a"}]},
    )
    return (
        clock(ACCEPT, "met", 15, ended_at=minutes(2)),
        clock(DISPATCH, "met", 17, ended_at=minutes(2)),
        clock(SIGN_OFF, "overdue", 40, fired_at=minutes(40), next_at=minutes(1_480), plan=told),
        clock(REPORT, "armed", 500, next_at=minutes(250)),
        clock(RETURN, "armed", 400, next_at=minutes(400)),
        clock(CONTACT, "armed", 300, next_at=minutes(150)),
        clock(ARRIVAL, "met_late", 30, fired_at=minutes(33), ended_at=minutes(33)),
        clock(f"accept:{OWN}", "met", 20, ended_at=minutes(5)),
        clock(f"handle:{OWN}", "cancelled", 480, ended_at=minutes(50), reason="closed"),
    )


def _intake(book: Writer) -> None:
    book.record("intake.case.registered", owner="clerk.1")
    own = {"chain": OWN, "case_id": OWN, "case_code": "T-2", "owner": "clerk.2"}
    book.record("intake.case.registered", **own)
    book.record("intake.case.accepted", owner="clerk.1", handling_mode="forward")
    book.record("intake.case.accepted", **own, handling_mode="self")
    book.record("intake.case.closed", **own)


def _dispatch(book: Writer) -> None:
    book.record("dispatch.case.routed", by="rule")
    order = {"work_order_id": ORDER, "unit": "a", "round": 1, "role": "lead"}
    book.record("dispatch.work_order.dispatched", **order, returns=0)
    book.record("dispatch.summons.unit_called", chain=SUMMONS, summons_id=SUMMONS, unit="a")


def _clocks(book: Writer) -> None:
    for row in clocks():
        own = {"case_id": OWN, "case_code": "T-2"} if row.case_id == OWN else {}
        told = {"chain": f"{row.case_id}:clocks", "clock": row.key, "stage": row.stage, **own}
        book.record("escalation.clock.armed", **told)
        if row.state == "overdue":
            book.record("escalation.clock.warned", **told, percent=80)
            book.record("escalation.clock.overdue", **told, trace="swept")
            notice = {"notice_id": NOTICE, "clock": row.key, "step": 1, "post": "liaison_officer", "unit": "a"}
            book.record("escalation.notice.issued", chain=f"{CASE}:notices", **notice, why="ladder")
        if row.state == "met_late":
            book.record("escalation.clock.overdue", **told, trace="ended")
        if row.state in ("met", "met_late"):
            book.record("escalation.clock.met", **told, late=row.state == "met_late", trace="ended")
        if row.state == "cancelled":
            book.record("escalation.clock.cancelled", **told, reason="closed")
