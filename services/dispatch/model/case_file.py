"""案卷: a case with all its work orders and the new route that may wait for it. What is done to a case is done here.

One lead unit (主办) answers, any number of units support it (协办). When a case goes to another lead unit - sent on,
ruled on or routed anew - its supporters stay with it, unless the person names others. A supporter that returned and is
named again is sent it again; only the duty director may do that, so it may not be returned then. No database is needed
for any verb: `Moment` brings what comes from outside, `Changes` says what is to be kept and told.
"""

from collections.abc import Sequence
from datetime import datetime

from services.dispatch.errors.cases import CaseNotInTriage, UnitReturnedIt
from services.dispatch.errors.handing import AlreadyWithUnit, CaseIsReported, DirectorDecides, HopsExhausted
from services.dispatch.errors.joint import LeadCannotSupport, SupporterNamedTwice
from services.dispatch.model.case import RoutedCase
from services.dispatch.model.changes import Changes, Moment
from services.dispatch.model.handing import Handing, known_handler, returned_and_named, who_leaves
from services.dispatch.model.proposal import RouteProposal
from services.dispatch.model.ruling import CaseRuling
from services.dispatch.model.work_order import WorkOrder
from services.dispatch.policy.cases import CaseState
from services.dispatch.policy.handing import designation_words, require_not_pushed_down, sent_words
from shared.centre.pack import Unit
from shared.contracts.actors import Actor, Role
from shared.contracts.base import CaseEvent
from shared.contracts.dispatch import (
    CaseDesignated,
    DesignateUnit,
    OrderRole,
    RedispatchCase,
    WithdrawnCause,
)


class CaseFile:
    def __init__(self, case: RoutedCase, orders: Sequence[WorkOrder] = (), proposal: RouteProposal | None = None):
        self.case = case
        self.orders = list(orders)
        self.proposal = proposal

    # -- what is in it -------------------------------------------------------------------------------------------------

    @property
    def lead(self) -> WorkOrder | None:
        """The work order of the unit that answers; None in triage."""
        current = self.case.current_work_order_id
        return None if current is None else next(each for each in self.orders if each.work_order_id == current)

    @property
    def supporters(self) -> list[WorkOrder]:
        """Supporting work orders on which something is owed."""
        return [order for order in self.orders if order.part == "support" and order.owes]

    @property
    def owing(self) -> tuple[str, ...]:
        return tuple(order.unit for order in self.supporters)

    def joining(self, units: Sequence[Unit]) -> list[Unit]:
        """Those of them that owe nothing on this case yet."""
        return [unit for unit in units if unit.code not in self.owing]

    def returned_by(self, role: OrderRole) -> frozenset[str]:
        return frozenset(each.unit for each in self.orders if each.part == role and each.returned_at is not None)

    # -- handed on by a person -----------------------------------------------------------------------------------------

    def send_on(self, ask: RedispatchCase, moment: Moment) -> Changes:
        """To the units a person names: a case that was returned, or that no rule could place."""
        self._require_in_triage()
        self.require_dispatchers(moment, field="case_code")
        lead = self.receiver(ask.unit, ask.actor, moment, field="unit")
        if ask.actor.role is not Role.DUTY_DIRECTOR:
            decision = self.case.decided()
            require_not_pushed_down(moment.pack, decision, unit=decision.unit, to=lead, field="unit")
        return self.hand_to(
            Handing(
                lead=lead,
                supporters=self._named(ask.supporters, lead, ask.actor, moment),
                others_leave=bool(ask.supporters),
                actor=ask.actor,
                words=ask.reason,
                by="person",
                reason=sent_words(ask.actor.role),
                cause=WithdrawnCause.REROUTED,
            ),
            moment,
        )

    def designate(self, ask: DesignateUnit, moment: Moment) -> Changes:
        """指定承办: binding, and a precedent. Also takes the case from the unit that is at work on it."""
        self.case.require_open()
        self.require_unreported(field="case_code")
        lead = known_handler(ask.unit, moment, field="unit")
        if self.case.owner == lead.code:
            raise AlreadyWithUnit(f"case {self.case.case_code} is with {lead.short} already", field="unit")
        supporters = self._named(ask.supporters, lead, ask.actor, moment)
        told = self._ruled(lead, moment)
        place = None if self.case.place is None else moment.pack.place(self.case.place)
        ruling = CaseRuling.of(told, ask, township=None if place is None else place.chain[-1])
        handing = Handing(
            lead=lead,
            supporters=supporters,
            others_leave=bool(ask.supporters),
            actor=ask.actor,
            words=ask.ground,
            by="designation",
            reason=designation_words(lead),
            cause=WithdrawnCause.DESIGNATED_ELSEWHERE,
        )
        return self.hand_to(handing, moment, ruled=Changes((ruling,), (told,)))

    def hand_to(self, handing: Handing, moment: Moment, *, ruled: Changes | None = None) -> Changes:
        """To another lead unit, with its supporters; whoever had the case before is told that it is over."""
        again = returned_and_named(self.supporters, handing)
        leaving = who_leaves(self.lead, self.supporters, handing)
        ended = self._end_proposal(handing, moment)
        withdrawn = tuple(
            order.withdraw(cause, by=handing.actor, reason=handing.words, now=moment.now) for order, cause in leaving
        )
        joining = self.joining(handing.supporters)
        routed = self.put_on_record(handing, joining, moment)
        name, words, designated = handing.actor.name, handing.words, handing.by == "designation"
        sent = self.send(handing.lead, "lead", moment, sent_by=name, words=words, designated=designated)
        insisted = {order.unit for order in again}
        for unit in joining:
            sent += self.send(unit, "support", moment, sent_by=name, words=words, designated=unit.code in insisted)
        return Changes((), (*ended, *withdrawn)) + (ruled or Changes()) + routed + sent

    def join(self, handing: Handing, moment: Moment) -> Changes:
        """To the lead unit it has, with supporters who are new to it."""
        ended = self._end_proposal(handing, moment)
        joining = self.joining(handing.supporters)
        changes = Changes((), ended) + self.put_on_record(handing, joining, moment)
        for unit in joining:
            changes += self.send(unit, "support", moment, sent_by=handing.actor.name, words=handing.words)
        return changes

    def put_on_record(self, handing: Handing, joining: Sequence[Unit], moment: Moment) -> Changes:
        self.case.reason = handing.reason
        routing, routed = self.case.route(
            handing.lead.code,
            handing.by,
            supporters=(*self.owing, *(unit.code for unit in joining)),
            rule=handing.rule,
            considered=handing.considered,
            decided_by=handing.actor.name,
            words=handing.words,
            now=moment.now,
        )
        return Changes((routing,), (routed,))

    def send(
        self,
        unit: Unit,
        role: OrderRole,
        moment: Moment,
        *,
        sent_by: str,
        words: str | None = None,
        designated: bool = False,
    ) -> Changes:
        """One work order more."""
        order = self.case.order(
            unit.code, role, moment.new_id(), designated=designated, sent_by=sent_by, words=words, now=moment.now
        )
        self.orders.append(order)
        return Changes((order,), (self.case.told_dispatched(order, reached=moment.reaches(unit)),))

    def lapse_proposal(self, *, now: datetime) -> tuple[CaseEvent, ...]:
        """A proposed route does not outlive what it was proposed for."""
        proposal, self.proposal = self.proposal, None
        return () if proposal is None else (proposal.end("lapsed", now=now),)

    # -- rules ---------------------------------------------------------------------------------------------------------

    def require_dispatchers(self, moment: Moment, *, field: str) -> None:
        """Whether it is still for a dispatcher, and not for a ruling of the duty director, to send the case on."""
        case, handing = self.case, moment.pack.handing
        if case.hops >= handing.hops_max:
            raise HopsExhausted(
                f"case {case.case_code} went to {case.hops} units; now the duty director designates one",
                field=field,
                hops=case.hops,
                hops_max=handing.hops_max,
            )
        waits = case.state == CaseState.TRIAGE and case.desk == "duty_director"
        if waits or case.returns >= handing.returns_to_director:
            raise DirectorDecides(f"the duty director designates the unit for case {case.case_code}", field=field)

    def require_unreported(self, *, field: str) -> None:
        if self.lead is not None and not self.lead.open:
            raise CaseIsReported(
                f"{self.case.owner} has reported on case {self.case.case_code}", field=field, unit=self.case.owner
            )

    def receiver(self, code: str, by: Actor, moment: Moment, *, field: str, role: OrderRole = "lead") -> Unit:
        unit = known_handler(code, moment, field=field)
        if unit.code in self.returned_by(role) and by.role is not Role.DUTY_DIRECTOR:
            raise UnitReturnedIt(
                f"{unit.short} returned this case; only the duty director may send it there again", field=field
            )
        return unit

    def _named(self, codes: Sequence[str], lead: Unit, by: Actor, moment: Moment) -> tuple[Unit, ...]:
        if len(set(codes)) < len(codes):
            raise SupporterNamedTwice("name each supporting unit once", field="supporters")
        if lead.code in codes:
            raise LeadCannotSupport(f"{lead.short} is to lead; name others to support it", field="supporters")
        return tuple(self.receiver(code, by, moment, field="supporters", role="support") for code in codes)

    def _require_in_triage(self) -> None:
        self.case.require_open()
        if self.case.state != CaseState.TRIAGE:
            raise CaseNotInTriage(
                f"case {self.case.case_code} is with {self.case.owner}; only the unit itself can return it",
                field="case_code",
                owner=self.case.owner,
            )

    def _ruled(self, lead: Unit, moment: Moment) -> CaseDesignated:
        before = dict.fromkeys(order.unit for order in self.orders if order.part == "lead" and order.unit != lead.code)
        return CaseDesignated(
            **self.case.ids(),
            ruling_id=moment.new_id(),
            unit=lead.code,
            instead_of=tuple(before),
            category=self.case.category,
            place=self.case.place,
            designated_at=moment.now,
        )

    def _end_proposal(self, handing: Handing, moment: Moment) -> tuple[CaseEvent, ...]:
        if not handing.confirms or self.proposal is None:
            return self.lapse_proposal(now=moment.now)
        proposal, self.proposal = self.proposal, None
        return (proposal.end("confirmed", by=handing.actor, reason=handing.words, now=moment.now),)
