"""What the pack's table does with a case: places it at acceptance, proposes a new route when it was put right."""

from collections.abc import Collection
from typing import cast

from services.dispatch.errors.handing import DirectorDecides, ProposalIsOver
from services.dispatch.model.case import RoutedCase
from services.dispatch.model.case_file import CaseFile
from services.dispatch.model.changes import Changes, Moment
from services.dispatch.model.handing import Handing, known_handler
from services.dispatch.model.proposal import RouteProposal
from services.dispatch.model.routing import TABLE, CaseRouting
from services.dispatch.policy.cases import CaseState, known_unit, route_case
from services.dispatch.policy.handing import confirmed_words
from shared.centre.jurisdiction import Route
from shared.contracts.actors import Actor, Role
from shared.contracts.base import Level
from shared.contracts.dispatch import DecideProposal, RouteProposed, WithdrawnCause
from shared.contracts.intake import CaseAccepted, CaseCorrected


def accept(event: CaseAccepted, decision: Route, moment: Moment) -> tuple[CaseFile, Changes]:
    """To the lead unit and the supporters the table names, at once; what it does not place waits for a person."""
    case = RoutedCase.accepted(event, decision, desk_unit=moment.pack.triage.unit, now=moment.now)
    file = CaseFile(case)
    return file, Changes((case,)) + place(file, decision, moment)


def place(file: CaseFile, decision: Route, moment: Moment) -> Changes:
    """Carries out what the table says of a case that is with the triage desk."""
    case = file.case
    routing, routed = case.route(
        case.owner if decision.unit is None else decision.unit,
        decision.by,
        supporters=decision.supporters,
        rule=decision.rule_id,
        considered=_considered(decision),
        decided_by=TABLE,
        now=moment.now,
    )
    changes = Changes((routing,), (routed,))
    if decision.by == "triage" or decision.unit is None:
        return changes
    lead = known_unit(moment.pack, decision.unit, field="unit")
    changes += file.send(lead, "lead", moment, sent_by=decision.by)
    for code in decision.supporters:
        supporter = known_unit(moment.pack, code, field="supporters")
        changes += file.send(supporter, "support", moment, sent_by=decision.by)
    return changes


def correct(file: CaseFile, event: CaseCorrected, moment: Moment) -> Changes:
    """Puts the case's facts right and asks the table again; who answers does not change by itself.

    A new route is proposed where the table's answer is another than it was and names a unit that does not have the
    case, or supporters who have had no part in it. A newer correction takes the place of what an older one proposed.
    """
    case, before = file.case, file.case.decided()
    case.category, case.place, case.level, case.flags = event.category, event.place, event.level, list(event.flags)
    decision = decide(case, moment)
    case.decision = decision.model_dump(mode="json")
    if case.state in (CaseState.CLOSED, CaseState.JOINED) or (file.lead is not None and not file.lead.open):
        return Changes()
    propose = _asks_for_a_person(file, decision, before)
    superseded = () if file.proposal is None else (file.proposal.end("superseded", now=moment.now),)
    file.proposal = None
    if not propose:
        return Changes((), superseded)
    file.proposal, told = _propose(case, decision, moment)
    return Changes((file.proposal,), (*superseded, told))


def propose_again(file: CaseFile, last: CaseRouting, dismissed: Collection[str], moment: Moment) -> Changes:
    """What was put right while the unit's report was looked at is proposed now that the work begins again.

    `last`: the facts by which the case came to whoever has it: where the table says of them what it says now, a person
    decided otherwise, and that stands. `dismissed`: units that a person did not want.
    """
    case, decision = file.case, file.case.decided()
    if file.proposal is not None or decision.by == "triage" or decision.unit in {None, case.owner, *dismissed}:
        return Changes()
    if decide(case, moment, of=last).unit == decision.unit:
        return Changes()
    file.proposal, told = _propose(case, decision, moment)
    return Changes((file.proposal,), (told,))


def decide_proposal(file: CaseFile, ask: DecideProposal, moment: Moment) -> Changes:
    """A person confirms the new route, and the case goes there, or dismisses it, and it stays where it is."""
    proposal = file.proposal
    if proposal is None or proposal.proposal_id != ask.proposal_id:
        raise ProposalIsOver("this proposed route no longer stands", field="proposal_id")
    if not ask.confirm:
        file.proposal = None
        return Changes((), (proposal.end("dismissed", by=ask.actor, reason=ask.reason, now=moment.now),))
    return _reroute(file, proposal, ask, moment)


def decide(case: RoutedCase, moment: Moment, *, of: CaseRouting | None = None) -> Route:
    """The table's answer to what is known of the case now, or was `of` a routing, as at the instant it was accepted."""
    known = case if of is None else of
    return route_case(
        moment.pack,
        category=known.category,
        place=known.place,
        source=known.source,
        level=cast("Level", known.level),  # the database checks a case's, an event checked a routing's
        flags=tuple(known.flags),
        at=case.accepted_at,
        mode=moment.mode_at(case.accepted_at),
    )


def _propose(case: RoutedCase, decision: Route, moment: Moment) -> tuple[RouteProposal, RouteProposed]:
    unit = case.owner if decision.unit is None else decision.unit
    graded = case.graded()
    told = RouteProposed(
        **case.ids(),
        proposal_id=moment.new_id(),
        unit=unit,
        supporters=decision.supporters,
        instead_of=case.owner,
        rule=decision.rule_id,
        reason=decision.reason,
        category=case.category,
        place=case.place,
        level=graded["level"],
        pack_version=case.pack_version,
        proposed_at=moment.now,
    )
    kept = told.model_dump(exclude={"pack_version"})
    kept |= {"supporters": list(told.supporters), "considered": list(_considered(decision))}
    return RouteProposal(**kept, state="open"), told


def _reroute(file: CaseFile, proposal: RouteProposal, ask: DecideProposal, moment: Moment) -> Changes:
    """The supporters the case has stay, and those the table names for the new route join them."""
    field = "proposal_id"
    file.case.require_open(field=field)
    file.require_unreported(field=field)
    same_lead = proposal.unit == file.case.owner
    if not same_lead:
        file.require_dispatchers(moment, field=field)
        _require_not_designated(file, ask.actor)
    by = ask.actor
    handing = Handing(
        lead=known_handler(proposal.unit, moment, field=field)
        if same_lead
        else file.receiver(proposal.unit, by, moment, field=field),
        supporters=tuple(
            file.receiver(code, by, moment, field=field, role="support")
            for code in proposal.supporters
            if code not in (proposal.unit, *file.owing)
        ),
        actor=by,
        words=ask.reason,
        by="person",
        reason=confirmed_words(proposal.reason),
        cause=WithdrawnCause.REROUTED,
        confirms=True,
        field=field,
        rule=proposal.rule,
        considered=tuple(proposal.considered),
    )
    return file.join(handing, moment) if same_lead else file.hand_to(handing, moment)


def _require_not_designated(file: CaseFile, by: Actor) -> None:
    if file.lead is not None and file.lead.designated and by.role is not Role.DUTY_DIRECTOR:
        raise DirectorDecides(
            f"{file.case.owner} was designated by the duty director (指定), who alone takes the case from it",
            field="proposal_id",
        )


def _asks_for_a_person(file: CaseFile, decision: Route, before: Route) -> bool:
    """Only for an answer that is new, or in place of a proposal that waits.

    Whom a person released from supporting the case is not proposed again.
    """
    if decision.by == "triage" or decision.unit is None:
        return False
    waits = file.proposal is not None
    if decision.unit != file.case.owner:
        return waits or decision.unit != before.unit
    known = {order.unit for order in file.orders if order.part == "support"}
    return (waits or decision.supporters != before.supporters) and not known.issuperset(decision.supporters)


def _considered(decision: Route) -> tuple[dict[str, str | None], ...]:
    return tuple(each.model_dump(mode="json") for each in decision.considered)
