"""并案与拆案 in the table of clocks: the work's clocks run on the leading case, the follow-up's on each."""

from services.escalation.policy.effects import grounds_of
from services.escalation.policy.obligations import (
    DISPATCHER,
    Arm,
    Cancel,
    CaseFacts,
    Describe,
    Effects,
    Grounds,
    Join,
    Meet,
    Obligation,
    Split,
    Which,
    accept_key,
    follow_up_key,
    split_key,
)
from shared.contracts.intake import CaseJoined, CaseSplit, LeaderReopened, LeaderSolved


def on_case_joined(event: CaseJoined, _case: CaseFacts) -> Effects:
    """Accepted with it: the requester was heard. Everything else that runs is cancelled, on record."""
    return (
        Describe(grounds_of(event), event.place, owner=event.owner, corrects=True),
        Meet(Which(key=accept_key(event.case_id)), event.joined_at),
        Join(event.joined_at, event.splits),
    )


def on_case_split(event: CaseSplit, _case: CaseFacts) -> Effects:
    grounds = grounds_of(event)
    owed = Obligation(split_key(event.case_id, event.splits), "dispatch", DISPATCHER, event.split_at, grounds)
    return (
        Describe(grounds, event.place, owner=event.owner, handling_mode=event.handling_mode, corrects=True),
        Split(event.splits),
        Cancel(Which(stage="follow_up"), event.split_at, "split"),
        Arm(owed),
    )


def on_leader_solved(event: LeaderSolved, case: CaseFacts) -> Effects:
    grounds = Grounds(event.pack_version, event.category, event.level)
    key = follow_up_key(event.case_id, case.follow_ups + 1)
    return (Arm(Obligation(key, "follow_up", event.owner, event.solved_at, grounds)),)


def on_leader_reopened(event: LeaderReopened, _case: CaseFacts) -> Effects:
    return (Cancel(Which(stage="follow_up"), event.reopened_at, "reopened"),)
