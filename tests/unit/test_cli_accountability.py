"""`muster supervision`, `appeals`, `referrals`: what they show, what they ask as whom, what they say to nonsense."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, get_args
from uuid import UUID

import pytest
import typer
from pydantic import BaseModel
from typer.testing import CliRunner

from deploy.cli import accountability_asking, appeals, referrals, supervision
from deploy.cli.words import out
from deploy.packs import default_pack
from shared.centre.pack import CentrePack
from shared.codes import case_code
from shared.contracts import escalation as asked
from shared.contracts.base import Request
from shared.contracts.escalation.appeals import AppealState
from shared.contracts.escalation.referrals import ReferralState
from shared.contracts.escalation.supervision import SupervisionState
from shared.story import words

RUN = CliRunner()
NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
CODE, ID, KEY = case_code(2026, 104), UUID(int=1), "report_back:x:1"

ORDER = asked.SupervisionOrderView(
    order_id=ID,
    case_code=CODE,
    unit="police",
    level=asked.SupervisionLevel.WRITTEN_ORDER,
    state="answered",
    round=1,
    due_at=NOW,
    late=True,
    issued_by="director.1",
    issued_at=NOW,
    reason="群众[多次]催问",
    clock=None,
    instead_of=None,
    outcome=None,
    ended_at=None,
    answers=(
        asked.SupervisionAnswerView(
            round=1,
            answer="已到现场",
            answered_by="police.liaison",
            answered_at=NOW,
            judged_by="director.1",
            judged_at=NOW,
            judgement=asked.SupervisionOutcome.NOT_ACCEPTED,
            words="没有结果",
        ),
    ),
)
APPEAL = asked.AppealView(
    appeal_id=ID,
    case_code=CODE,
    clock=KEY,
    stage="report_back",
    unit="police",
    state="proposed",
    fired_at=NOW,
    reason=asked.AppealReason.FORCE_MAJEURE,
    words=None,
    made_by="police.liaison",
    made_at=NOW,
    advice="support",
    proposed_by="director.1",
    proposed_at=NOW,
    decided_by=None,
    decided_at=None,
    exempted_at=None,
)
REFERRAL = asked.ReferralView(
    referral_id=ID,
    case_code=CODE,
    unit="police",
    cause=asked.ReferralCause.UNANSWERED,
    state="proposed",
    evidence=(asked.Evidence(kind="clock", ref=KEY),),
    waits_for_appeal=UUID(int=2),
    proposed_at=NOW,
    decided_by=None,
    decided_at=None,
    reason=None,
    result=None,
    words=None,
    answered_by=None,
    answered_at=None,
    closed_at=None,
)


class Office:
    """Answers what it was given, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Request[Any]] = []
        self.answers: dict[type[BaseModel], BaseModel] = {
            asked.SupervisionOrders: asked.SupervisionOrders(orders=(ORDER,), now=NOW),
            asked.Appeals: asked.Appeals(appeals=(APPEAL,)),
            asked.Referrals: asked.Referrals(referrals=(REFERRAL,)),
            asked.SupervisionOrderView: ORDER,
            asked.AppealView: APPEAL,
            asked.ReferralView: REFERRAL,
        }

    async def ask(self, request: Request[Any], answer: type[BaseModel], *, service: str | None = None) -> BaseModel:
        self.asked.append(request)
        return self.answers[answer]

    ask_patiently = ask


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Office:
    office = Office()

    @asynccontextmanager
    async def asking(_place: object) -> AsyncGenerator[Office]:
        yield office

    async def pack(_asker: object) -> CentrePack:
        return default_pack()

    monkeypatch.setattr(accountability_asking, "asking", asking)
    monkeypatch.setattr(accountability_asking, "centre_pack", pack)
    monkeypatch.setattr(out, "_width", 240)
    return office


def run(app: typer.Typer, *arguments: str) -> tuple[int, str]:
    result = RUN.invoke(app, list(arguments))
    assert "Traceback" not in result.output
    return result.exit_code, result.output


def test_lists_speak_the_words_of_the_trade(office: Office) -> None:
    _, orders = run(supervision.app, "list", "--unit", "police")
    assert all(word in orders for word in (CODE, "公安分局", "督办单", "待审核", "（超时）"))
    _, appealed = run(appeals.app, "list", "--case", CODE)
    assert all(word in appealed for word in ("不可抗力", "待指挥长决定", "建议支持", "办结反馈"))
    _, referred = run(referrals.app, "list", "--all")
    assert all(word in referred for word in ("督办不答", "申诉未决，暂缓决定", KEY))
    assert [getattr(one, "only_open", None) for one in office.asked] == [True, True, False]


def test_one_order_is_shown_with_its_answers_word_for_word(office: Office) -> None:
    _, shown = run(supervision.app, "show", str(ID))
    assert all(word in shown for word in ("群众[多次]催问", "已到现场", "回复未通过：没有结果"))
    office.answers[asked.SupervisionOrders] = asked.SupervisionOrders(orders=(), now=NOW)
    assert run(supervision.app, "show", str(ID))[0] == 2
    assert run(supervision.app, "list")[1].strip() == "没有在办的督办单"


ACTS = [
    (supervision.app, ("issue", CODE, "police", "listed", "--reason", "x", "--as", "c.1", "--role", "commander")),
    (supervision.app, ("answer", str(ID), "--words", "x", "--unit", "police", "--as", "police.liaison")),
    (supervision.app, ("close", str(ID), "accepted", "--as", "d.1")),
    (supervision.app, ("raise", str(ID), "--reason", "x", "--as", "d.1")),
    (supervision.app, ("withdraw", str(ID), "--reason", "x", "--as", "d.1")),
    (appeals.app, ("make", KEY, "clock_wrong", "--words", "x", "--unit", "police", "--as", "police.liaison")),
    (appeals.app, ("propose", str(ID), "--oppose", "--as", "d.1")),
    (appeals.app, ("decide", str(ID), "--refuse", "--words", "x", "--as", "c.1")),
    (referrals.app, ("decide", str(ID), "--not", "--reason", "x", "--as", "c.1")),
    (referrals.app, ("answer", str(ID), "no_fault", "--words", "x", "--as", "o.1")),
    (referrals.app, ("close", str(ID), "--as", "c.1")),
]
ROLES = ["commander", "liaison_officer", *["duty_director"] * 3, "liaison_officer", "duty_director", "commander"]


def test_every_step_is_asked_for_as_the_post_whose_it_is(office: Office) -> None:
    for app, arguments in ACTS:
        code, said = run(app, *arguments)
        assert (code, "✓" in said) == (0, True), said
    assert [one.actor.role.value for one in office.asked] == [*ROLES, "commander", "oversight_office", "commander"]
    answering = office.asked[1]
    assert (answering.actor.staff, answering.actor.unit) == ("police.liaison", "police")


@pytest.mark.parametrize(
    ("app", "arguments", "says"),
    [
        (supervision.app, ("list", "--case", "nonsense"), "is not a case code"),
        (supervision.app, ("issue", CODE, "police", "loud", "--reason", "x", "--as", "d.1"), "level"),
        (supervision.app, ("issue", CODE, "police", "listed", "--reason", " ", "--as", "d.1"), "must not be empty"),
        (supervision.app, ("close", str(ID), "closed", "--as", "d.1"), "outcome"),
        (supervision.app, ("close", str(ID), "not_accepted", "--as", "d.1"), "needs words"),
        (supervision.app, ("close", str(ID), "accepted", "--as", "张三"), "is no post"),
        (supervision.app, ("close", str(ID), "accepted", "--as", "d.1", "--role", "king"), "is no role"),
        (appeals.app, ("make", KEY, "rain", "--words", "x", "--unit", "police", "--as", "l.1"), "reason"),
        (appeals.app, ("decide", str(ID), "--refuse", "--as", "c.1"), "needs words"),
    ],
)
def test_nonsense_is_refused_in_words(office: Office, app: typer.Typer, arguments: tuple[str, ...], says: str) -> None:
    code, said = run(app, *arguments)
    assert code == 2
    assert says in said
    assert office.asked == []


def test_every_word_of_the_contracts_has_one_here() -> None:
    assert set(words.SUPERVISION_LEVELS) == set(asked.SupervisionLevel)
    assert set(words.SUPERVISION_OUTCOMES) == set(asked.SupervisionOutcome)
    assert set(words.SUPERVISION_STATES) == set(get_args(SupervisionState))
    assert set(words.APPEAL_REASONS) == set(asked.AppealReason)
    assert set(words.APPEAL_STATES) == set(get_args(AppealState))
    assert set(words.REFERRAL_CAUSES) == set(asked.ReferralCause)
    assert set(words.REFERRAL_STATES) == set(get_args(ReferralState))
    assert set(words.REFERRAL_RESULTS) == set(asked.ReferralResult)
