"""The end of the loop: the requester is asked, answered in writing, or told when there will be an answer."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from services.intake.errors import FollowUpIncomplete, HandlerMayNotFollowUp, KindDoesNotCount, PromiseOutOfBounds
from services.intake.model.case import Case
from services.intake.policy import CaseState, leads_to, miss_counts, must_raise, outcome_of
from shared.centre.closed_loop import ClosedLoop, FollowUpRule
from shared.centre.pack import CentrePack
from shared.contracts.base import CaseEvent
from shared.contracts.intake import (
    CaseDelayExplained,
    CaseExplained,
    CaseFollowedUp,
    CaseRaised,
    CaseReopened,
    ExplainCase,
    ExplainDelay,
    FollowUpCase,
    HandlingMode,
    LeadsTo,
)


def rule_of(case: Case, pack: CentrePack) -> FollowUpRule:
    return pack.follow_up_for(case.category, case.its_level())


def follow_up(case: Case, ask: FollowUpCase, pack: CentrePack, *, now: datetime) -> Sequence[CaseEvent]:
    """回访, by the first receiver, in a way that counts; whoever handled or verified the case does not ask about it."""
    case.require("follow_up")
    case.require_first_receiver(ask.actor)
    rule = rule_of(case, pack)
    _require_other_than_handlers(case, ask)
    _require_kind(rule, ask)
    _require_complete(case, ask)
    case.attempts += 1
    if not ask.contacted:
        _miss(case, rule, pack, now=now)
        return (_followed_up(case, ask, None, now=now),)
    case.keep_promise()
    reopenings, most = case.round - 1, pack.closed_loop.reopenings_max
    next_ = leads_to(ask.satisfaction, ask.cause, reopenings=reopenings, reopenings_max=most)
    told = [_followed_up(case, ask, next_, now=now)]
    told += _lead_on(case, ask, next_, now=now)
    if next_ != "followed_up" and must_raise(ask.cause, reopenings=reopenings, reopenings_max=most):
        told.append(_raised(case, next_, now=now))
    return told


def explain(case: Case, ask: ExplainCase, *, now: datetime) -> CaseExplained:
    """The written explanation: the loop ends with it, whether the requester is satisfied or not."""
    case.require("explain")
    case.require_first_receiver(ask.actor)
    case.state = CaseState.FOLLOWED_UP
    case.outcome = outcome_of(contacted=True, solved=False)
    return CaseExplained(**case.ids(), given_by=ask.given_by, round=case.round, explained_at=now)


def explain_delay(case: Case, ask: ExplainDelay, loop: ClosedLoop, *, now: datetime) -> CaseDelayExplained:
    """暂不能办结: a date, and by then the window comes back to the requester. Each further one is told, too."""
    case.require("explain_delay")
    case.require_first_receiver(ask.actor)
    _require_promise(case, ask.promised_for, loop, now=now)
    case.promises += 1
    case.promised_for = ask.promised_for
    case.promised_at = now
    return CaseDelayExplained(
        **case.ids(),
        number=case.promises,
        promised_for=ask.promised_for,
        given_by=ask.given_by,
        owner=case.owner,
        category=case.category,
        level=case.its_level(),
        pack_version=case.pack_version,
        round=case.round,
        explained_at=now,
    )


# -- pieces ------------------------------------------------------------------------------------------------------------


def _lead_on(case: Case, ask: FollowUpCase, next_: LeadsTo, *, now: datetime) -> list[CaseEvent]:
    if next_ == "reopened":
        return [reopen(case, ask, now=now)]
    case.state = CaseState.TO_EXPLAIN if next_ == "to_explain" else CaseState.FOLLOWED_UP
    case.outcome = outcome_of(contacted=True, solved=ask.solved)
    return []


def reopen(case: Case, ask: FollowUpCase, *, now: datetime) -> CaseReopened:
    """重办: one round on, and the count stays with the case."""
    assert ask.cause is not None
    assert case.handling_mode is not None
    case.state = CaseState.HANDLING
    case.round += 1
    case.ask_anew()
    return CaseReopened(
        **case.ids(),
        cause=ask.cause,
        handling_mode=HandlingMode(case.handling_mode),
        category=case.category,
        level=case.its_level(),
        owner=case.owner,
        pack_version=case.pack_version,
        round=case.round,
        reopened_at=now,
    )


def _raised(case: Case, next_: LeadsTo, *, now: datetime) -> CaseRaised:
    return CaseRaised(
        **case.ids(),
        reopenings=case.round - 1,
        led_to=next_,
        category=case.category,
        level=case.its_level(),
        pack_version=case.pack_version,
        round=case.round,
        raised_at=now,
    )


def _followed_up(case: Case, ask: FollowUpCase, next_: LeadsTo | None, *, now: datetime) -> CaseEvent:
    return CaseFollowedUp(
        **case.ids(),
        attempt=case.attempts,
        kind=ask.kind,
        contacted=ask.contacted,
        solved=ask.solved,
        satisfaction=ask.satisfaction,
        cause=ask.cause,
        missed=ask.missed,
        responded=ask.responded,
        leads_to=next_,
        round=case.round,
        followed_up_at=now,
    )


def _miss(case: Case, rule: FollowUpRule, pack: CentrePack, *, now: datetime) -> None:
    if miss_counts(case.missed_at, now, days_apart=rule.days_apart, zone=ZoneInfo(pack.timezone)):
        case.misses += 1
        case.missed_at = now


def _require_other_than_handlers(case: Case, ask: FollowUpCase) -> None:
    """What the window handled itself (自办) it also asks about: nobody else received it."""
    if ask.actor.staff in case.handled_by and case.handling_mode != HandlingMode.SELF:
        raise HandlerMayNotFollowUp(
            "you handled or verified this case; a colleague of the window that received it asks the requester",
            field="actor.staff",
        )


def _require_kind(rule: FollowUpRule, ask: FollowUpCase) -> None:
    if ask.kind.value not in rule.kinds:
        ways = ", ".join(rule.kinds)
        raise KindDoesNotCount(
            f"this requester is asked by {ways} ({rule.source}), not by {ask.kind}",
            field="kind",
            kinds=list(rule.kinds),
        )


def _require_complete(case: Case, ask: FollowUpCase) -> None:
    if not ask.contacted:
        if ask.missed is None:
            raise FollowUpIncomplete("why was nobody reached: no answer, refused, wrong number?", field="missed")
        return
    if ask.missed is not None:
        raise FollowUpIncomplete("the requester was reached, so nothing was missed", field="missed")
    if ask.solved is None:
        raise FollowUpIncomplete("was it solved?", field="solved")
    if ask.satisfaction is None:
        raise FollowUpIncomplete("how satisfied is the requester?", field="satisfaction")
    if ask.satisfaction == "dissatisfied" and ask.cause is None:
        raise FollowUpIncomplete("what is the requester dissatisfied with?", field="cause")
    if ask.responded is None and case.handling_mode == HandlingMode.FORWARD:
        raise FollowUpIncomplete("had the unit itself spoken with the requester?", field="responded")


def _require_promise(case: Case, promised_for: datetime, loop: ClosedLoop, *, now: datetime) -> None:
    if case.joined_to is not None:
        raise PromiseOutOfBounds("this case follows another one: the date is promised on that one", field="case_code")
    if promised_for <= now:
        raise PromiseOutOfBounds("name a time to come: the date promised lies in the past", field="promised_for")
    if promised_for > now + timedelta(days=loop.promise_days_max):
        raise PromiseOutOfBounds(
            f"a promise lies {loop.promise_days_max} days ahead at most",
            field="promised_for",
            most=loop.promise_days_max,
        )
    if case.promised_for is not None and promised_for <= case.promised_for:
        raise PromiseOutOfBounds(
            f"the requester was promised {case.promised_for.isoformat()} already; a new promise is a later one",
            field="promised_for",
        )
    if case.promises >= loop.promises_max:
        raise PromiseOutOfBounds(
            f"this requester was put off {case.promises} times; it is for the duty director now",
            field="case_code",
            most=loop.promises_max,
        )
