"""Checks on who may do what: no judge of one's own work, no return of what was ruled, each act of command on record."""

from collections import defaultdict
from collections.abc import Iterator

from shared.contracts.dispatch import (
    CaseDesignated,
    ModeSwitched,
    SummonsApproved,
    SummonsAsked,
    WorkOrderDispatched,
    WorkOrderReportedBack,
    WorkOrderReturned,
    WorkOrderSignedOff,
)
from shared.contracts.escalation import VerificationRecorded
from tests.support.chaos.books import Books, Recorded

NORMAL = "normal"


def nobody_judges_own_work(books: Books) -> Iterator[str]:
    """Whoever signed a work order of a case off, or reported on it, is not who verified it."""
    handled: dict[str, set[str]] = defaultdict(set)
    for event in books.of(WorkOrderSignedOff.TYPE, WorkOrderReportedBack.TYPE):
        handled[event.data["case_id"]].add(event.data.get("reported_by") or _who(event))
    for event in books.of(VerificationRecorded.TYPE):
        if event.data["verified_by"] in handled[event.data["case_id"]]:
            yield f"{event.data['case_code']}: {event.data['verified_by']} handled it and verified it"


def nobody_approves_own_summons(books: Books) -> Iterator[str]:
    asked = {event.data["summons_id"]: _who(event) for event in books.of(SummonsAsked.TYPE)}
    for event in books.of(SummonsApproved.TYPE):
        if asked.get(event.data["summons_id"]) == _who(event):
            yield f"summons {event.data['summons_id']} was asked for and approved by {_who(event)}"


def the_designated_do_not_return(books: Books) -> Iterator[str]:
    ruled = {e.data["work_order_id"] for e in books.of(WorkOrderDispatched.TYPE) if e.data.get("designated")}
    for event in books.of(WorkOrderReturned.TYPE):
        if event.data["work_order_id"] in ruled:
            yield f"{event.data['case_code']}: {event.data['unit']} was designated and returned it"


def returns_are_counted(books: Books) -> Iterator[str]:
    """Each return of a lead is one more than the last; from the second on the case is the duty director's."""
    last: dict[str, int] = defaultdict(int)
    for event in books.of(WorkOrderReturned.TYPE):
        told, case = event.data, event.data["case_id"]
        if told["role"] != "lead":
            continue
        if told["returns"] != last[case] + 1:
            yield f"{told['case_code']}: return {told['returns']} follows return {last[case]}"
        if told["returns"] > 1 and told["goes_to"] == "dispatcher":
            yield f"{told['case_code']}: return {told['returns']} went to a dispatcher, not to the duty director"
        last[case] = told["returns"]


def rulings_are_on_record(books: Books) -> Iterator[str]:
    """Each designation has its ruling in the table, and no ruling is there that nobody told."""
    told = {(event.data["ruling_id"], event.data["case_id"]) for event in books.of(CaseDesignated.TYPE)}
    kept = set(books.rulings)
    yield from (f"case {case} was designated and the ruling {one} is not in the table" for one, case in told - kept)
    yield from (f"the ruling {one} on case {case} is on no record" for one, case in kept - told)


def modes_are_a_chain(books: Books) -> Iterator[str]:
    """Each period begins in the mode in which the one before it ended, and numbers have no gap."""
    mode, number = NORMAL, None
    for event in books.of(ModeSwitched.TYPE):
        told = event.data
        if told["before"] != mode or (number is not None and told["number"] != number + 1):
            yield f"period {told['number']} begins after {told['before']}, but the centre was in {mode}"
        mode, number = told["mode"], told["number"]


def _who(event: Recorded) -> str:
    """Whose act it was: the post, without its role."""
    return str(event.envelope.get("actor") or "").partition(":")[2]
