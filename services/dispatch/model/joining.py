"""并案与拆案 as dispatch sees them: a joined case is with no unit, a split one is routed as a new one."""

from services.dispatch.model import table_routing
from services.dispatch.model.case import RoutedCase
from services.dispatch.model.case_file import CaseFile
from services.dispatch.model.changes import Changes, Moment
from services.dispatch.policy.handing import joined_words
from shared.centre.jurisdiction import Route
from shared.contracts.actors import system
from shared.contracts.dispatch import WithdrawnCause
from shared.contracts.intake import CaseAccepted, CaseJoined, CaseSplit


def join(file: CaseFile, event: CaseJoined, moment: Moment) -> Changes:
    """What units still owe on it is taken back.

    Intake refuses where a unit has signed off; a sign-off that crosses the join on its way is taken back with it, so
    that one matter is not worked on twice.
    """
    words = joined_words(event.leader)
    ended = file.lapse_proposal(now=moment.now)
    withdrawn = tuple(
        order.withdraw(WithdrawnCause.JOINED, by=system("dispatch"), reason=words, now=moment.now)
        for order in file.orders
        if order.owes
    )
    file.case.join(unit=moment.pack.triage.unit, reason=words)
    return Changes((), (*ended, *withdrawn))


def split(file: CaseFile | None, event: CaseSplit, decision: Route, moment: Moment) -> tuple[CaseFile, Changes]:
    """Routed as a new one. It may never have been here: joined before it was accepted."""
    accepted = CaseAccepted.model_validate(
        {**event.model_dump(include=_SHARED), "registered_at": event.split_at, "accepted_at": event.split_at}
    )
    kept = Changes()
    if file is None:
        case = RoutedCase.accepted(accepted, decision, desk_unit=moment.pack.triage.unit, now=moment.now)
        file, kept = CaseFile(case), Changes((case,))
    file.case.split(event, decision, unit=moment.pack.triage.unit, now=moment.now)
    return file, kept + table_routing.place(file, decision, moment)


_SHARED = set(CaseAccepted.model_fields) & set(CaseSplit.model_fields)
