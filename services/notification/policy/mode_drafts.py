"""平战转换: who is told of a switch, of its expected end, and of a situation report that is due.

`drafts` is taken from here, so that these are known to it as well.
"""

from services.notification.policy.drafts import DIRECTOR, LIAISON, Draft, drafts
from services.notification.policy.facts import NoticeFacts, NoticeKind
from shared.contracts.actors import Role
from shared.contracts.dispatch import ModeSwitched, SituationReportDue, SurgeProlonged, SurgeReminded

__all__ = ["drafts"]

COMMANDER = Role.COMMANDER.value


@drafts.register
def _(event: ModeSwitched) -> tuple[Draft, ...]:
    """The commander and the duty director, and the units the pack names for that level."""
    kind: NoticeKind = "surge_over" if event.mode == "normal" else "surge_begun"
    told = [(COMMANDER, None), (DIRECTOR, None), *((LIAISON, unit) for unit in event.tells)]
    facts = [
        NoticeFacts(
            kind=kind,
            post=post,
            unit=unit,
            mode=event.mode,
            mode_before=event.before,
            ends_at=event.expected_end,
            at=event.switched_at,
        )
        for post, unit in told
    ]
    return tuple(Draft(each, f"mode:{event.number}:{each.post}:{each.unit}", each.unit) for each in facts)


@drafts.register
def _(event: SurgeProlonged) -> tuple[Draft, ...]:
    facts = NoticeFacts(
        kind="surge_prolonged", post=DIRECTOR, mode=event.mode, ends_at=event.expected_end, at=event.prolonged_at
    )
    return (Draft(facts, f"surge:{event.surge_id}:prolonged:{event.number}"),)


@drafts.register
def _(event: SurgeReminded) -> tuple[Draft, ...]:
    """Both, as only a commander ends a surge and the duty director sees to it that one decides."""
    kind: NoticeKind = "surge_late" if event.late else "surge_ending"
    facts = [
        NoticeFacts(kind=kind, post=post, mode=event.mode, ends_at=event.expected_end, at=event.reminded_at)
        for post in (COMMANDER, DIRECTOR)
    ]
    return tuple(Draft(each, f"surge:{event.surge_id}:reminded:{event.number}:{each.post}") for each in facts)


@drafts.register
def _(event: SituationReportDue) -> tuple[Draft, ...]:
    facts = NoticeFacts(
        kind="situation_report", post=DIRECTOR, mode=event.mode, starts_at=event.report_at, at=event.told_at
    )
    return (Draft(facts, f"surge:{event.surge_id}:{event.mode}:report:{event.report_at.isoformat()}"),)
