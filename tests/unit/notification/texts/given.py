"""Facts of every kind, and the real pack of the default centre."""

from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import product
from typing import Any, get_args
from uuid import UUID

from deploy.packs import default_pack
from services.notification.policy.facts import NoticeFacts, NoticeKind
from shared.centre.pack import CentrePack
from shared.codes import case_code
from shared.contracts.escalation import WhyNotice

NOW = datetime(2026, 11, 23, 1, 1, tzinfo=UTC)  # 09:01 in Quanzhou
DUE = NOW + timedelta(minutes=19, seconds=30)
CODE = case_code(2026, 104)
KINDS: tuple[NoticeKind, ...] = get_args(NoticeKind)
POSTS = ("liaison_officer", "unit_lead", "duty_director", "commander", "first_receiver", "dispatcher", "clerk.letters")
ACTIONS = (None, "notify", "remind", "overdue", "end", "something_new")
WHYS: tuple[WhyNotice, ...] = get_args(WhyNotice)


@cache
def pack() -> CentrePack:
    return default_pack()


def facts(kind: NoticeKind = "summons", **more: Any) -> NoticeFacts:
    known: dict[str, Any] = {
        "kind": kind,
        "post": "liaison_officer",
        "unit": "resources-construction",
        "case_code": CODE,
        "category": pack().leaf_categories[0].code,
        "place": pack().grids[0].code,
        "level": "II",
        "pack_version": pack().version,
        "stage": "arrival" if kind in {"summons", "cannot_come", "stood_down"} else "report_back",
        "due_at": DUE,
        "summons_id": UUID(int=1),
        "role": "support",
        "cause": "dissatisfied",
        "outcome": "incomplete",
        "order": "written_order",
        "first_receiver": "clerk.letters",
        "roster": "duty-director",
        "roster_kind": "duty_director",
        "starts_at": NOW + timedelta(days=7),
        "ends_at": NOW + timedelta(days=8),
        "outgoing": "police.liaison",
        "open_cases": 12,
        "running_summonses": 1,
        "mode": "surge.III",
        "mode_before": "surge.IV",
        "at": NOW,
    }
    return NoticeFacts(**{**known, **more})


def bare(kind: NoticeKind, **more: Any) -> NoticeFacts:
    """As little as a notice may know."""
    return NoticeFacts(**{"kind": kind, "post": "duty_director", **more})


def every_kind() -> list[NoticeFacts]:
    everything = [
        facts(kind, post=post, action=action, why=why)
        for kind, post, action, why in product(KINDS, POSTS, ACTIONS, WHYS)
    ]
    late = [facts(kind, due_at=NOW - timedelta(days=2), post=post) for kind, post in product(KINDS, POSTS)]
    return [*everything, *late, *(bare(kind) for kind in KINDS)]
