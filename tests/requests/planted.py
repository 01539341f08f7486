"""Guards taken away, one at a time: what the search of `machine` has to see, and where it looks for it."""

from collections.abc import Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from services.dispatch.model import Handover, Summons, WorkOrder, case_file
from services.dispatch.model.deferral import Deferral
from services.escalation.model import Appeal, Clock
from services.escalation.model.supervision_answer import SupervisionAnswer
from services.escalation.operations import keep_clocks
from services.escalation.policy.verifying import Handlers
from services.intake import policy
from services.intake.model import Case, closed_loop
from services.intake.policy import CaseState
from shared.errors import Refused
from shared.infra import requests
from shared.infra.event_record import Cause
from shared.infra.unit_of_work import UnitOfWork
from tests.requests.aside import Guard
from tests.requests.filling import ENTRUSTED
from tests.requests.machine import Act, Sequence

Patch = pytest.MonkeyPatch
Plant = Callable[[Patch], None]


def nothing(*_: Any, **__: Any) -> None:
    """What is left of a guard."""


def as_if(patch: Patch, noun: type[Any], verb: str, column: str) -> None:
    """The verb does not know whose hands the thing has been in."""
    true = getattr(noun, verb)

    def forgetful(self: Any, *args: Any, **kwargs: Any) -> Any:
        kept = getattr(self, column)
        setattr(self, column, "somebody-else")
        try:
            return true(self, *args, **kwargs)
        finally:
            setattr(self, column, kept)

    patch.setattr(noun, verb, forgetful)


def anybody_may_ask_anything(patch: Patch) -> None:
    patch.setattr(requests, "require_right", nothing)


def a_refused_request_is_kept(patch: Patch) -> None:
    true = UnitOfWork._transaction

    @asynccontextmanager
    async def lasting(self: UnitOfWork) -> Any:
        refusal: Refused | None = None
        async with true(self) as opened:
            try:
                yield opened
            except Refused as said:
                refusal = said
        if refusal is not None:
            raise refusal

    patch.setattr(UnitOfWork, "_transaction", lasting)


def a_guard_breaks_down(patch: Patch) -> None:
    def broken(*_: Any) -> None:
        raise KeyError("unit")

    patch.setattr(WorkOrder, "require_own", broken)


def words_leave_with_an_event(patch: Patch) -> None:
    patch.setattr(UnitOfWork, "_cause", lambda self, why: Cause(f"system:{self.service}", None, ENTRUSTED[2]))


def another_unit_acts_for_it(patch: Patch) -> None:
    patch.setattr(WorkOrder, "require_own", nothing)


def any_clerk_closes(patch: Patch) -> None:
    patch.setattr(Case, "require_first_receiver", nothing)


def the_old_lead_keeps_its_work_order(patch: Patch) -> None:
    patch.setattr(case_file, "who_leaves", lambda lead, supporters, handing: [])


def the_lead_finishes_while_a_supporter_owes(patch: Patch) -> None:
    patch.setattr(WorkOrder, "_require_finished", nothing)


def a_designated_unit_returns(patch: Patch) -> None:
    patch.setattr(WorkOrder, "_require_returnable", nothing)


def the_asker_approves(patch: Patch) -> None:
    as_if(patch, Summons, "approve", "asked_by")


def the_asker_decides(patch: Patch) -> None:
    as_if(patch, Deferral, "decide", "asked_by")


def the_proposer_decides(patch: Patch) -> None:
    as_if(patch, Appeal, "_decide", "proposed_by")


def who_answers_judges(patch: Patch) -> None:
    true = SupervisionAnswer.judge

    def judge(self: SupervisionAnswer, *args: Any, by: str, **kwargs: Any) -> None:
        true(self, *args, by=f"{by}-the-other" if by == self.answered_by else by, **kwargs)

    patch.setattr(SupervisionAnswer, "judge", judge)


def the_handler_verifies(patch: Patch) -> None:
    patch.setattr(Handlers, "include", lambda self, actor: False)


def the_handler_asks_about_it(patch: Patch) -> None:
    patch.setattr(closed_loop, "_require_other_than_handlers", nothing)


def asked_before_it_is_verified(patch: Patch) -> None:
    wide = policy.POSSIBLE["follow_up"] | {CaseState.HANDLING}
    patch.setattr("services.intake.model.case.POSSIBLE", {**policy.POSSIBLE, "follow_up": wide})


def closed_before_anybody_was_asked(patch: Patch) -> None:
    true = Case.close

    def close(self: Case, *args: Any, **kwargs: Any) -> Any:
        self.state, self.outcome = CaseState.FOLLOWED_UP, "solved"
        return true(self, *args, **kwargs)

    patch.setattr(Case, "close", close)


def another_takes_the_watch(patch: Patch) -> None:
    true = Handover.accept

    def accept(self: Handover, watch: Any, *, by: Any, **kwargs: Any) -> Any:
        self.incoming = by.staff
        return true(self, watch, by=by, **kwargs)

    patch.setattr(Handover, "accept", accept)


def nobody_times_the_first_contact(patch: Patch) -> None:
    true = keep_clocks.arm

    async def arm(tx: Any, packs: Any, case: Any, obligation: Any, **kwargs: Any) -> Any:
        return () if obligation.stage == "contact" else await true(tx, packs, case, obligation, **kwargs)

    patch.setattr(keep_clocks, "arm", arm)


def a_clock_fires_twice(patch: Patch) -> None:
    true = Clock._fire
    patch.setattr(Clock, "_fire", lambda self, now: (*true(self, now), *true_again(self, now)))

    def true_again(clock: Clock, now: Any) -> Any:
        if clock.fired_at != now:
            return ()
        clock.fired_at = None
        return true(clock, now)


def a_clock_runs_on_when_its_case_is_over(patch: Patch) -> None:
    patch.setattr("services.escalation.model.case_clocks.CaseClocks.close", lambda self, *_, **__: ())


ON, ACTS, MORE, WHISTLE = Sequence.a_case_goes_on, Sequence.somebody_acts, Sequence.more_is_asked, Sequence.the_whistle
APPEAL, WATCH, TIME, NEW = Sequence.a_unit_appeals, Sequence.the_watch, Sequence.time_passes, Sequence.register
ORDER, SUMMONS = "dispatch.work_order", "dispatch.summons"
ONE_LEAD = Guard("index", ORDER, "one_open_lead"), Guard("index", ORDER, "one_open_order_of_unit")
ONE_UNIT = (
    Guard("trigger", ORDER, "work_order_is_of_one_case"),
    Guard("trigger", "dispatch.routed_case", "case_is_with_one_unit"),
)


@dataclass(frozen=True)
class Look:
    """What is drawn more often, so that it need not be searched for long, and the words it is found with.

    `kept_twice`: what the database has as well; it stands aside, else the act fails there and no rule is asked.
    `first`: the sequence to begin with, where it was found late.
    """

    words: str
    acts: Mapping[Act, int] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    kept_twice: tuple[Guard, ...] = ()
    first: int = 0


PLANTED: Mapping[Plant, Look] = {
    anybody_may_ask_anything: Look("was allowed|got far with", {ACTS: 60}),
    a_refused_request_is_kept: Look("was refused and something was kept", {ACTS: 30}),
    a_guard_breaks_down: Look("not refused in words", {ON: 20}),
    words_leave_with_an_event: Look("carries what was entrusted"),
    another_unit_acts_for_it: Look("on a work order of", {ACTS: 60}, ("sign_off_work_order", "contact_requester")),
    any_clerk_closes: Look("(closed|followed up|explained) for", {ON: 60}),
    the_old_lead_keeps_its_work_order: Look(
        "a second lead|has two open work orders", {ACTS: 60}, ("designate_unit",), kept_twice=ONE_LEAD
    ),
    the_lead_finishes_while_a_supporter_owes: Look(
        "the lead finished while",
        {ON: 30, MORE: 20, ACTS: 30},
        ("add_supporter", "report_back", "sign_off_work_order"),
        kept_twice=ONE_UNIT,
        first=28,
    ),
    a_designated_unit_returns: Look(
        "a designated unit returned",
        {ON: 10, ACTS: 60},
        ("designate_unit", "return_work_order"),
        kept_twice=(Guard("constraint", ORDER, "designated_is_not_returned"),),
    ),
    the_asker_approves: Look(
        "asked for a summons and approved it",
        {ON: 30, WHISTLE: 20},
        kept_twice=(Guard("constraint", SUMMONS, "asker_does_not_approve"),),
    ),
    the_asker_decides: Look(
        "asked a deferral and then",
        {ON: 10, MORE: 50, NEW: 0},
        kept_twice=(Guard("constraint", "dispatch.deferral", "asker_does_not_decide"),),
        first=34,
    ),
    the_proposer_decides: Look(
        "proposed a appeal and then",
        {ON: 10, APPEAL: 40, TIME: 20, NEW: 0},
        kept_twice=(Guard("constraint", "escalation.appeal", "proposer_does_not_decide"),),
        first=14,
    ),
    who_answers_judges: Look("answered a supervision and then", {ON: 10, MORE: 50}),
    the_handler_verifies: Look("handled it and verified it", {ON: 60}),
    the_handler_asks_about_it: Look("handled it and asked about it", {ON: 60}),
    asked_before_it_is_verified: Look("asked before anybody had", {ON: 5, ACTS: 60}, ("follow_up_case",)),
    closed_before_anybody_was_asked: Look("closed before", {ACTS: 60}, ("close_case",)),
    another_takes_the_watch: Look(
        "another took the watch",
        {WATCH: 60},
        kept_twice=(Guard("constraint", "dispatch.handover", "handover_to_another"),),
    ),
    nobody_times_the_first_contact: Look("owes contact and no clock runs"),
    a_clock_fires_twice: Look("fired twice", {ON: 10, TIME: 20}),
    a_clock_runs_on_when_its_case_is_over: Look("is over and", {ON: 60, NEW: 0}, first=8),
}
