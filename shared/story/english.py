"""The same events in English: one sentence each, filled from the event; longer ones stand in `english_whole.py`.

An event that lacks what its sentence needs is told in Chinese, which has one for whatever was recorded.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shared.story.english_whole import MODES, WHOLE
from shared.story.teller import Data, Names

SENTENCES: Mapping[str, str] = {
    "intake.case.registered": "Registered ({source}): {category}, {place}, level {level}; {owner} answers to the end",
    "intake.case.accepted": "Accepted, handled by: {handling_mode}",
    "intake.case.corrected": "Put right: {category}, {place}, level {level}",
    "intake.category.chosen": "Category chosen: {chosen}",
    "intake.case.joined": "Joined to {leader}, handled with it; {owner} still follows up",
    "intake.case.split": "Split from {leader}, accepted and dispatched by itself",
    "intake.case.leader_solved": "The leading case {leader} is solved; the follow-up begins",
    "intake.case.leader_reopened": "The leading case {leader} is reopened; the follow-up waits",
    "intake.case.not_accepted": "Not accepted ({reason}); the legal channel was told",
    "intake.case.handled": "Handled at the window, on the spot",
    "intake.case.reopened": "Reopened, round {round}",
    "intake.case.explained": "A written explanation was given to the requester ({given_by})",
    "intake.case.raised": "Reopened {reopenings} times: raised to the duty director",
    "intake.case.delay_explained": "Cannot be finished yet; promise {number} to the requester: by {promised_for}",
    "intake.case.closed": "Closed: {outcome}",
    "intake.requester.revealed": "The requester's data was looked at (on record)",
    "intake.requester.erased": "The requester's data was erased at the end of its time",
    "dispatch.case.designated": "The duty director designated {unit}; it may not return the case",
    "dispatch.route.proposed": "After the correction {unit} is proposed instead of {instead_of}: {reason}",
    "dispatch.work_order.dispatched": "Work order to {unit} ({role}, reached by {reached_by})",
    "dispatch.work_order.signed_off": "{unit} signed off",
    "dispatch.work_order.requester_contacted": "{unit} spoke with the requester ({kind})",
    "dispatch.work_order.returned": "{unit} returned it ({reason}), time {returns}; now with the {goes_to}",
    "dispatch.work_order.withdrawn": "The work order of {unit} was taken back: {cause}",
    "dispatch.work_order.delayed": "{unit} cannot finish yet and expects {proposed_for}",
    "dispatch.work_order.photo_read": "A photo of the report was looked at (on record)",
    "dispatch.work_order.photos_erased": "{photos} photos of reports were erased at the end of their time",
    "dispatch.work_order.reopened": "Back to {unit}, round {round}",
    "dispatch.deferral.asked": "{unit} asked for an {kind}; due until now {due_at}",
    "dispatch.deferral.refused": "The {kind} {unit} asked for was refused",
    "dispatch.deferral.extended": "Extended to {extended_to}; due before {due_at}",
    "dispatch.deferral.suspended": "Suspended until {until}; the clock stands still",
    "dispatch.deferral.resumed": "Resumed; due {due_at}",
    "dispatch.summons.asked": "Summons asked for ({ground}): {units}",
    "dispatch.summons.approved": "Summons approved",
    "dispatch.summons.refused": "Summons refused",
    "dispatch.summons.unit_called": "The whistle for {unit}: its time to arrive runs",
    "dispatch.summons.unit_notified": "A notice left for {unit} ({channel})",
    "dispatch.summons.unit_acknowledged": "{unit} acknowledged",
    "dispatch.summons.unit_on_the_way": "{unit} is on the way, expected {expected_at}",
    "dispatch.summons.unit_substitute_sent": "{unit} sends somebody else, expected {expected_at}",
    "dispatch.summons.unit_cannot_come": "{unit} says that it cannot come",
    "dispatch.summons.unit_arrived": "{unit} arrived",
    "dispatch.summons.unit_not_arrived": "{unit} did not arrive",
    "dispatch.summons.ended": "The summons ended: {outcome}",
    "escalation.clock.recomputed": "Days were published: [{stage}] is due {due_at} instead of {old_due_at}",
    "escalation.clock.warned": "Reminder [{stage}]: {percent} % of the time is used",
    "escalation.clock.overdue": "Overdue [{stage}]: {owes} owes it",
    "escalation.clock.cancelled": "Clock [{stage}] stopped: {reason}",
    "escalation.audit.found": "The audit found the clock [{stage}] amiss ({finding}), mended: {mended}",
    "escalation.notice.issued": "To be told: {post} [{stage}], step {step}",
    "escalation.arrival.given_up": "The time of {unit} to arrive is over",
    "escalation.verification.assigned": "Verification for the grid at {place}",
    "escalation.verification.photo_read": "A photo of the verification was looked at (on record)",
    "escalation.verification.photos_erased": "{photos} photos of verifications were erased at the end of their time",
    "notification.notice.handed_over": "A notice for the {post} left ({channel})",
    "notification.notice.unreached": "Nobody was reached as {post}: {why}",
    "notification.message.sent": "A message left ({channel}, try {attempt})",
    "notification.message.delivered": "A message arrived ({channel})",
    "notification.message.failed": "A message did not arrive ({channel}): {why}",
    "notification.message.skipped": "A message was not needed any more: {why}",
    "notification.telephone.read": "The telephone of {staff} was looked up, to call it (on record)",
    "dispatch.duty.gap_found": "Nobody is on the roster of the {kind} from {starts_at} to {ends_at}",
    "dispatch.handover.offered": "Handover offered: {open_cases} open cases, {running_summonses} summonses under way",
    "dispatch.handover.accepted": "The watch was handed over",
    "dispatch.mode.prolonged": "The {mode} goes on until {expected_end}",
    "dispatch.mode.report_due": "A report on the {mode} is due for {report_at} (number {number})",
    "dispatch.pack_draft.drafted": "A draft of the centre pack, version {version}, to be in force from {effective_at}",
    "dispatch.pack_draft.approved": "The draft, version {version}, was approved; in force from {effective_at}",
    "dispatch.pack_draft.withdrawn": "The draft, version {version}, was withdrawn",
    "dispatch.pack_draft.overtaken": "The draft, version {version}, was overtaken: version {in_force} is in force",
    "dispatch.roster.changed": "The roster was changed: {roster[title]}",
    "escalation.appeal.made": "{unit} appealed against being overdue with [{stage}] ({reason})",
    "escalation.appeal.proposed": "The duty director's word on the appeal of {unit} [{stage}]: {advice}",
    "escalation.appeal.granted": "Appeal of {unit} [{stage}] granted: exempt from scoring; the overdue fact stays",
    "escalation.appeal.refused": "Appeal of {unit} [{stage}] refused",
    "escalation.referral.answered": "Referral of {unit} ({cause}): the oversight office answered, {result}",
    "escalation.referral.closed": "Referral of {unit} ({cause}): closed",
    "escalation.referral.dropped": "Referral of {unit} ({cause}): dropped, since the appeal was granted",
    "escalation.supervision.answered": "{unit} answered the {level} (answer {round})",
    "escalation.supervision.closed": "The {level} to {unit} was closed: {outcome}",
    "escalation.supervision.raised": "The {level} to {unit}, {outcome}, was raised to {raised_to}",
    "escalation.supervision.sent_back": "{unit}'s answer was not accepted; answer {round} to the {level} by {due_at}",
    "escalation.supervision.withdrawn": "The {level} to {unit} was withdrawn",
}
TIMES = frozenset({"until", "extended_to", "expected_end", "promised_for", "proposed_for"})
UNITS = frozenset({"unit", "instead_of", "owes"})
FREE = frozenset({"limit_source", "pack_version", "owner", "leader", "version", "in_force"})
"""Told as they stand; so is a reason that is a sentence."""


def tell_in_english(names: Names, event_type: str, data: Data) -> str | None:
    """None where there is no sentence, or the event lacks what it needs: then Chinese has one."""
    sentence, whole = SENTENCES.get(event_type), WHOLE.get(event_type)
    try:
        if whole is not None:
            return whole(names, data)
        words = {name: _word(names, name, value) for name, value in data.items()}
        return sentence.format_map(words) if sentence else None
    except (KeyError, TypeError):
        return None


def _word(names: Names, name: str, value: Any) -> Any:
    if isinstance(value, dict):
        return value  # pyright: ignore[reportUnknownVariableType] - its sentence names what of it is told
    if name == "mode":
        return MODES.get(value, value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name in {"category", "chosen"}:
        return names.category(value)
    if name == "place":
        return names.place(value)
    if value is None:
        return "—"
    if name in UNITS and isinstance(value, str):
        return names.unit(value)
    if name in {"units", "supporters"}:
        return ", ".join(names.unit(one) for one in value)
    if name.endswith("_at") or name in TIMES:
        return names.at(datetime.fromisoformat(value)) if isinstance(value, str) else str(value)
    return str(value) if name in FREE else str(value).replace("_", " ")
