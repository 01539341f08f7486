"""Window clerks and everybody else by whom a case enters: they register, accept, follow up and close."""

from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial

from deploy.demo.actors import LIST_MAX, Fresh
from deploy.demo.conduct import LEGAL_CHANNELS
from deploy.demo.floor import Floor
from deploy.demo.plan import CasePlan
from deploy.demo.staff import DISPATCHER
from shared.centre.closed_loop import FollowUpRule
from shared.contracts.actors import Actor
from shared.contracts.base import Done
from shared.contracts.intake import (
    AcceptCase,
    CaseReceipt,
    CloseCase,
    DeclineCase,
    DeclineReason,
    DissatisfactionCause,
    ExplainCase,
    FinishOwnCase,
    FollowUpCase,
    FollowUpKind,
    FollowUpMiss,
    HandlingMode,
    ListOpenCases,
    MaskedCase,
    OpenCase,
    OpenCases,
    ReadCase,
    RegisterCase,
    Satisfaction,
    Source,
)

BETWEEN_ATTEMPTS = timedelta(minutes=100)
SOON = timedelta(minutes=15)


class Clerks:
    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._fresh = Fresh[OpenCase]()
        self._attempts = Counter[str]()
        self._reopened: set[str] = set()
        self._rules: dict[str, FollowUpRule] = {}
        self.entered = 0

    async def look(self) -> int | None:
        """Cases whose requester is to be asked."""
        listed = await self._list("to_follow_up")
        if listed is None:
            return None
        new = self._fresh.of({case.case_code: case for case in listed.cases})
        for case in new:
            self._rules[case.case_code] = self._floor.pack.follow_up_for(case.category, case.level)
            act = partial(self._follow_up, case.case_code, self._floor.staff.answering(case.owner))
            self._floor.later(self._floor.conduct(case.case_code).followed_up_after, act)
        return len(new)

    async def take_up(self) -> None:
        """What an earlier run left half done goes on."""
        floor = self._floor
        for state, goes_on in self._half_done():
            listed = await self._list(state)
            for case in listed.cases if listed else ():
                floor.later(SOON, partial(goes_on, case.case_code, floor.staff.answering(case.owner)))

    def _half_done(self) -> tuple[tuple[str, Callable[[str, Actor], Awaitable[None]]], ...]:
        return (
            ("registered", self._decide),
            ("handling", self._go_on),
            ("to_explain", self._explain),
            ("followed_up", self._close),
        )

    async def register(self, case: CasePlan) -> str | None:
        """The case's code; None where it did not come in."""
        floor, conduct = self._floor, case.conduct
        command = RegisterCase(
            actor=floor.staff.receiver(case),
            idempotency_key=floor.key("register", case.number),
            source=case.source,
            matter=case.matter,
            category=case.category,
            place=case.place,
            level=case.level,
            requester=case.requester,
            external_reference=f"{floor.run}-{case.number}" if case.source is Source.PLATFORM_PUSH else None,
            accept_as=_mode(case) if conduct.accepted_after is None else None,
        )
        receipt = await floor.ask(command, CaseReceipt)
        if receipt is None:
            return None
        self.entered += 1
        floor.cases[receipt.case_code] = case
        clerk = floor.staff.answering(receipt.owner)
        if conduct.accepted_after is not None:
            floor.later(conduct.accepted_after, partial(self._decide, receipt.case_code, clerk))
        elif conduct.handled_here_after is not None:
            floor.later(conduct.handled_here_after, partial(self._finish, receipt.case_code, clerk))
        return receipt.case_code

    # -- acts ----------------------------------------------------------------------------------------------------------

    async def _decide(self, code: str, clerk: Actor) -> None:
        declined = self._floor.conduct(code).declined
        if declined is None:
            await self._accept(code, clerk)
        else:
            await self._decline(code, clerk, declined)

    async def _accept(self, code: str, clerk: Actor) -> None:
        floor, here = self._floor, self._floor.conduct(code).handled_here_after
        mode = HandlingMode.FORWARD if here is None else HandlingMode.SELF
        command = AcceptCase(actor=clerk, idempotency_key=floor.key("accept", code), case_code=code, handling_mode=mode)
        if await floor.ask(command, Done) and here is not None:
            floor.later(here, partial(self._finish, code, clerk))

    async def _decline(self, code: str, clerk: Actor, reason: DeclineReason) -> None:
        command = DeclineCase(
            actor=clerk,
            idempotency_key=self._floor.key("decline", code),
            case_code=code,
            reason=reason,
            legal_channel=LEGAL_CHANNELS[reason],
        )
        if await self._floor.ask(command, Done):
            self._floor.over(code)

    async def _finish(self, code: str, clerk: Actor) -> None:
        key = self._floor.key("finish", code, code in self._reopened)
        command = FinishOwnCase(actor=clerk, idempotency_key=key, case_code=code, result="窗口当场核实并办结")
        await self._floor.ask(command, Done)

    async def _go_on(self, code: str, clerk: Actor) -> None:
        """A case left in handling: the window's own is finished here, a unit's is in its list of work orders."""
        case = await self._floor.ask(ReadCase(actor=clerk, case_code=code), MaskedCase)
        if case is not None and case.handling_mode is HandlingMode.SELF:
            await self._finish(code, clerk)

    async def _follow_up(self, code: str, clerk: Actor) -> None:
        """Nothing where the case is closed by now: a list longer than is shown may show one twice as new."""
        rule = self._rules.get(code)
        if rule is None:
            return
        floor, mood = self._floor, self._floor.conduct(code).mood
        self._attempts[code] += 1
        attempt, again = self._attempts[code], code in self._reopened
        contacted = again or attempt > mood.unreached
        calm = again and mood.cause is DissatisfactionCause.UNIT
        satisfaction = Satisfaction.BASICALLY if calm else mood.satisfaction
        command = FollowUpCase(
            actor=clerk,
            idempotency_key=floor.key("follow-up", code, again, attempt),
            case_code=code,
            kind=FollowUpKind(rule.kinds[0]),
            contacted=contacted,
            solved=satisfaction is not Satisfaction.DISSATISFIED if contacted else None,
            satisfaction=satisfaction if contacted else None,
            cause=mood.cause if contacted and not calm else None,
            missed=None if contacted else FollowUpMiss.NO_ANSWER,
            responded=True if contacted else None,
        )
        if await floor.ask(command, Done):
            self._after_follow_up(code, clerk, command, rule)

    def _after_follow_up(self, code: str, clerk: Actor, told: FollowUpCase, rule: FollowUpRule) -> None:
        floor, conduct = self._floor, self._floor.conduct(code)
        if told.contacted and told.cause is DissatisfactionCause.UNIT:
            self._reopened.add(code)
            del self._attempts[code]
            if conduct.handled_here_after is not None:
                floor.later(conduct.handled_here_after, partial(self._finish, code, clerk))
        elif told.satisfaction is Satisfaction.DISSATISFIED:
            floor.later(SOON, partial(self._explain, code, clerk))
        elif told.contacted or self._attempts[code] >= rule.attempts:
            floor.later(conduct.closed_after, partial(self._close, code, clerk))
        else:
            floor.later(self._until_next(code, rule), partial(self._follow_up, code, clerk))

    def _until_next(self, code: str, rule: FollowUpRule) -> timedelta:
        """Whoever is never reached is asked as many days apart as the pack wants; others can be asked the same day."""
        if self._floor.conduct(code).mood.unreached < rule.attempts:
            return BETWEEN_ATTEMPTS
        return max(BETWEEN_ATTEMPTS, timedelta(days=rule.days_apart))

    async def _explain(self, code: str, clerk: Actor) -> None:
        floor = self._floor
        command = ExplainCase(
            actor=clerk,
            idempotency_key=floor.key("explain", code),
            case_code=code,
            explanation="已依法依规办理，书面说明依据与救济途径",
            given_by=FollowUpKind.VISIT,
        )
        if await floor.ask(command, Done):
            floor.later(floor.conduct(code).closed_after, partial(self._close, code, clerk))

    async def _close(self, code: str, clerk: Actor) -> None:
        command = CloseCase(actor=clerk, idempotency_key=self._floor.key("close", code), case_code=code)
        if await self._floor.ask(command, Done):
            self._attempts.pop(code, None)
            self._reopened.discard(code)
            self._rules.pop(code, None)
            self._floor.over(code)

    async def _list(self, state: str) -> OpenCases | None:
        return await self._floor.look(ListOpenCases(actor=DISPATCHER, state=state, limit=LIST_MAX), OpenCases)


def _mode(case: CasePlan) -> HandlingMode:
    return HandlingMode.FORWARD if case.conduct.handled_here_after is None else HandlingMode.SELF
