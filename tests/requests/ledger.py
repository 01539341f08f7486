"""What must hold of a centre, read from its events alone: each is judged the moment it is on record.

Nothing of the product's policy is used here. A rule that is broken raises `Broken`, in words.
"""

from collections import Counter
from collections.abc import Callable, Iterator

from shared.contracts.base import Envelope
from tests.requests.nouns import Case, Facts, check, staff_of
from tests.requests.rules import ABOUT_THE_CENTRE, RULES


class Ledger:
    """Hears every event in the order of the record; `cases` by id, those registered since it listens.

    `window_of`: which window somebody sits at as a clerk. `secrets`: entrusted words, which may stand in no event.
    """

    def __init__(self, window_of: Callable[[str], str | None] = lambda _: None, secrets: tuple[str, ...] = ()) -> None:
        self.cases: dict[str, Case] = {}
        self.by_code: dict[str, Case] = {}
        self.mode = "normal"
        self.switches = 0
        self.handover: tuple[str, str] | None = None
        self.heard: Counter[str] = Counter()
        self._window_of = window_of
        self._secrets = secrets

    def hear(self, envelope: Envelope) -> None:
        self.heard[envelope.type] += 1
        self._keeps_secrets(envelope)
        data, who = envelope.data, staff_of(envelope.actor)
        if envelope.type == "intake.case.registered":
            self._register(data)
        case = self.cases.get(str(data.get("case_id")))
        if case is not None:
            if "owner" in data and envelope.type.startswith("intake."):
                check(data["owner"] == case.owner, f"{case.code} passed from {case.owner} to {data['owner']}")
            for rule in RULES.get(envelope.type, ()):
                rule(self, case, data, who)
        elif (rule := ABOUT_THE_CENTRE.get(envelope.type)) is not None:
            rule(self, data)

    def _keeps_secrets(self, envelope: Envelope) -> None:
        said = envelope.model_dump_json() if self._secrets else ""
        for words in self._secrets:
            check(words not in said, f"{envelope.type} carries what was entrusted")

    def _register(self, data: Facts) -> None:
        check(data["case_id"] not in self.cases, f"{data['case_code']} was registered twice")
        case = Case(
            data["case_id"],
            data["case_code"],
            data["owner"],
            data["window"],
            data["category"],
            data["place"],
        )
        check(bool(case.owner), f"{case.code} has nobody who answers for it")
        self.cases[case.case_id] = self.by_code[case.code] = case

    def sits_with(self, case: Case, staff: str) -> bool:
        """Whether the first receiver's duty is this clerk's: its own case, or one of its window."""
        return staff == case.owner or (case.window is not None and self._window_of(staff) == case.window)

    # -- what must hold when everything has been said ------------------------------------------------------------------

    def balance(self) -> None:
        """When nothing is on its way: whoever owes has a clock, and on a case that is over no clock runs."""
        for case in self.cases.values():
            running = {(one.stage, one.owes) for one in case.clocks.values() if one.ended is None}
            if case.over:
                check(not running, f"{case.code} is over and {sorted(running)} run(s) on")
                check(not [one for one in case.orders.values() if one.owes], f"{case.code} is over and a unit owes")
                continue
            for stage, owes in owed_on(case):
                check((stage, owes) in running, f"{case.code}: {owes} owes {stage} and no clock runs")


def owed_on(case: Case) -> Iterator[tuple[str, str]]:
    """Told anew from the facts, in the rulebook's words."""
    if case.joined_to is not None:
        return
    if case.state == "registered":
        yield "accept", case.owner
    if case.state == "to_follow_up":
        yield "follow_up", case.owner
    if case.mode == "self" and case.state == "handling":
        yield "handle", case.owner
    for order in case.orders.values():
        if order.open and not order.suspended:
            yield "report_back", order.unit
        if order.state == "dispatched":
            yield "sign_off", order.unit
        if order.role == "lead" and order.state in ("dispatched", "signed_off") and not order.contacted:
            yield "contact", order.unit
