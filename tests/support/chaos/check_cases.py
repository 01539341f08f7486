"""Checks on cases: none that was promised is gone, each is with one owner, each was sent to one unit at a time."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from shared.contracts.dispatch import (
    CaseRouted,
    WorkOrderDispatched,
    WorkOrderReopened,
    WorkOrderReportedBack,
    WorkOrderReturned,
    WorkOrderWithdrawn,
)
from shared.contracts.intake import CaseRegistered
from tests.support.chaos.books import Books

TABLE = ("rule", "fallback", "triage")
REGISTER = "register_case"
FORWARDED = ("dispatched", "closed")


def answered_cases_exist(books: Books) -> Iterator[str]:
    """Every case code a window was ever told stands in the table, with its beginning on record."""
    codes = {row.code: row for row in books.cases}
    registered = {event.data["case_code"]: event for event in books.of(CaseRegistered.TYPE)}
    for told in books.answered:
        if told.name != REGISTER:
            continue
        code = told.answer["case_code"]
        if code not in codes or codes[code].case_id != told.answer["case_id"]:
            yield f"{code} was answered to a window and there is no such case"
        elif code not in registered:
            yield f"{code} is a case whose registration is not on record"


def answers_are_kept(books: Books) -> Iterator[str]:
    """An act that was answered is on record under its key, with that answer."""
    for told in books.answered:
        kept = books.kept.get((told.service, told.name, told.key))
        if kept is None:
            yield f"{told.name} {told.key} was answered and is not on record"
        elif kept != told.answer:
            yield f"{told.name} {told.key} was answered otherwise than is on record"


def cases_are_registered_once(books: Books) -> Iterator[str]:
    """One request, one case; one case, one registration."""
    asked = {
        answer["case_id"] for (_, name, _), answer in books.kept.items() if name == REGISTER and answer is not None
    }
    registered = Counter(event.data["case_id"] for event in books.of(CaseRegistered.TYPE))
    for row in books.cases:
        if row.case_id not in asked:
            yield f"{row.code} is a case nobody asked for"
        if registered[row.case_id] > 1:
            yield f"{row.code} was registered {registered[row.case_id]} times"


def first_receiver_stays(books: Books) -> Iterator[str]:
    owners: dict[str, set[str]] = defaultdict(set)
    for event in books.events:
        if event.service == "intake" and "owner" in event.data and "case_id" in event.data:
            owners[event.data["case_id"]].add(event.data["owner"])
    for row in books.cases:
        if owners[row.case_id] != {row.owner}:
            said = ", ".join(sorted(owners[row.case_id])) or "nobody"
            yield f"{row.code} belongs to {row.owner}, its events say {said}"


def one_lead_at_every_instant(books: Books) -> Iterator[str]:
    """Replayed event by event: never two leads, and at the end the one whom dispatch names."""
    lead: dict[str, str | None] = {}
    for event in books.of(WorkOrderDispatched.TYPE, WorkOrderReturned.TYPE, WorkOrderWithdrawn.TYPE):
        case, order = event.data["case_id"], event.data["work_order_id"]
        if event.data["role"] != "lead":
            continue
        if event.type != WorkOrderDispatched.TYPE:
            if lead.get(case) != order:
                yield f"{event.data['case_code']}: {order} ends, but it was not the lead's"
            lead[case] = None
            continue
        if lead.get(case) is not None:
            yield f"{event.data['case_code']}: a second lead {order} beside {lead[case]}"
        lead[case] = order
    for row in books.routed:
        if row.state in FORWARDED and row.order is not None and lead.get(row.case_id) != row.order:
            yield f"case {row.case_id} is with {row.order}, its events say {lead.get(row.case_id)}"
        if row.state == "triage" and lead.get(row.case_id) is not None:
            yield f"case {row.case_id} waits in triage and is with {lead[row.case_id]} at once"


def placed_once(books: Books) -> Iterator[str]:
    """No double dispatch: the table places a case once, and each work order is sent once."""
    by_table = Counter(e.data["case_code"] for e in books.of(CaseRouted.TYPE) if e.data["by"] in TABLE)
    sent = Counter(event.data["work_order_id"] for event in books.of(WorkOrderDispatched.TYPE))
    yield from (f"{code} was placed {number} times by the table" for code, number in by_table.items() if number > 1)
    yield from (f"work order {order} was sent {number} times" for order, number in sent.items() if number > 1)


def lead_waits_for_supporters(books: Books) -> Iterator[str]:
    """Nobody reports for a whole case while a supporting unit still owes its part."""
    owing: dict[str, set[str]] = defaultdict(set)
    support = {e.data["work_order_id"] for e in books.of(WorkOrderDispatched.TYPE) if e.data["role"] == "support"}
    begins, ends = (WorkOrderDispatched.TYPE, WorkOrderReopened.TYPE), (WorkOrderReturned.TYPE, WorkOrderWithdrawn.TYPE)
    for event in books.of(*begins, *ends, WorkOrderReportedBack.TYPE):
        case, order = event.data["case_id"], event.data["work_order_id"]
        if order not in support:
            if event.type == WorkOrderReportedBack.TYPE and owing[case]:
                yield f"{event.data['case_code']}: the lead reported while {len(owing[case])} supporter(s) owed"
        elif event.type in begins:
            owing[case].add(order)
        else:
            owing[case].discard(order)
