"""A joined case is with nobody here; split, it is placed as at acceptance, and what was counted stays counted."""

from uuid import uuid4

from services.dispatch.model import joining
from services.dispatch.policy.cases import CaseState, route_case
from shared.contracts.dispatch import WorkOrderDispatched, WorkOrderWithdrawn
from shared.contracts.intake import CaseAccepted, CaseJoined, CaseSplit
from tests.unit.dispatch.given import DESK, LEAD, accepted, file_of, joint_pack, minutes, moment, quanzhou

LEADER = {"leader_id": uuid4(), "leader": "26-0000006-4"}


def test_every_unit_that_owes_is_released_and_the_counts_stay() -> None:
    when = moment(pack=joint_pack())
    event = accepted(pack_version=when.pack.version)
    file, _ = file_of(event, when)
    joined = CaseJoined.model_validate(_told(event, CaseJoined) | LEADER | {"differs": (), "splits": 0})
    changes = joining.join(file, joined, when)
    assert [type(each) for each in changes.events] == [WorkOrderWithdrawn] * 3
    assert (file.case.state, file.case.owner, file.lead, file.owing) == (CaseState.JOINED, DESK, None, ())

    later = moment(when.now + minutes(60), pack=when.pack)
    told = CaseSplit.model_validate(_told(event, CaseSplit) | LEADER | {"cause": "decided", "splits": 1})
    decision = route_case(
        when.pack, category=event.category, place=event.place, source="window", level="IV", at=later.now
    )
    again, changes = joining.split(file, told, decision, later)
    assert again is file
    sent = [each for each in changes.events if isinstance(each, WorkOrderDispatched)]
    assert next((each.unit, each.splits) for each in sent) == (LEAD, 1)
    assert len(sent) == 3
    assert (file.case.hops, file.case.routings, file.case.splits) == (2, 2, 1)


def test_one_that_never_was_here_begins_with_the_split() -> None:
    event, when = accepted(), moment()
    told = CaseSplit.model_validate(_told(event, CaseSplit) | LEADER | {"cause": "leader_closed", "splits": 3})
    decision = route_case(
        quanzhou(), category=event.category, place=event.place, source="window", level="IV", at=when.now
    )
    file, changes = joining.split(None, told, decision, when)
    assert changes.rows[0] is file.case
    assert (file.case.owner, file.case.splits, file.case.accepted_at) == (LEAD, 3, told.split_at)


def _told(event: CaseAccepted, kind: type[CaseJoined | CaseSplit]) -> dict[str, object]:
    plain = {**event.model_dump(), "joined_at": event.accepted_at, "split_at": event.accepted_at}
    return {name: value for name, value in plain.items() if name in kind.model_fields}
