"""What steers a case on its way: supervision, more time, routes put right, supporters, the same matter twice."""

from starlette.datastructures import FormData

from services.console.errors import WhyMissing
from services.console.policy.board import Row
from services.console.web.case_act import CaseAct, Fields, chosen, yes_or_no
from services.console.web.case_facts import CaseFacts
from services.console.web.fields import several, words
from services.console.web.words import LEGAL_CHANNELS
from shared.contracts.dispatch import (
    AddSupporter,
    DecideDeferral,
    DecideProposal,
    InsistOnSupporter,
    ReleaseSupporter,
    ReplaceSupporter,
    ResumeWorkOrder,
)
from shared.contracts.escalation import (
    IssueSupervision,
    JudgeSupervision,
    RaiseSupervision,
    SendVerificationAgain,
    TakeUpRaised,
    WithdrawSupervision,
)
from shared.contracts.intake import CorrectCase, DeclineCase, JoinCase, SplitCase

BEFORE_WORK = frozenset({"accept", "dispatch", "sign_off"})


def _decided(form: FormData) -> Fields:
    approve = yes_or_no(form, "approve")
    return {"deferral_id": words(form, "deferral"), "approve": approve, "reason": _why(form, needed=approve is False)}


def _judged(form: FormData) -> Fields:
    outcome = words(form, "outcome")
    needed = outcome == "not_accepted"
    return {"order_id": words(form, "order"), "outcome": outcome, "words": _why(form, needed=needed)}


def _why(form: FormData, *, needed: bool) -> str | None:
    """Raises WhyMissing: said in words of its own, since the form itself cannot ask for it."""
    why = words(form, "reason")
    if needed and why is None:
        raise WhyMissing("say why: whoever is refused has to know", field="reason")
    return why


def _declined(form: FormData) -> Fields:
    """Where nothing was written, the person was told the channel that goes with the reason."""
    reason = words(form, "reason")
    channel = words(form, "legal_channel") or LEGAL_CHANNELS.get(reason or "")
    return {"reason": reason, "legal_channel": channel, "note": words(form, "note")}


def _corrected(form: FormData) -> Fields:
    values = {name: words(form, name) for name in ("category", "place", "level", "reason")}
    return {**values, "flags": several(form, "flags")}


def _joined(form: FormData) -> Fields:
    """One of what is near, or a code typed by hand."""
    return {"leader": words(form, "code") or words(form, "leader"), "reason": words(form, "reason")}


def _at_work(row: Row, facts: CaseFacts) -> bool:
    return facts.lead is not None and facts.lead.state in {"dispatched", "signed_off", "handling"}


def _returned(row: Row, facts: CaseFacts) -> bool:
    return bool(facts.returned)


def _supported(row: Row, facts: CaseFacts) -> bool:
    return bool(facts.supporters)


STEERING_ACTS: tuple[CaseAct, ...] = (
    CaseAct(
        "decline", "不予受理", "N", DeclineCase, lambda row, _: row.stage == "accept", _declined, True, True, "decline"
    ),
    CaseAct(
        "deferral",
        "审批延期挂账",
        "T",
        DecideDeferral,
        lambda _, facts: bool(facts.deferrals),
        _decided,
        of_case=False,
        form="deferral",
    ),
    CaseAct(
        "proposal",
        "审定改派",
        "Y",
        DecideProposal,
        lambda _, facts: facts.route is not None and facts.route.proposal is not None,
        lambda form: {
            "proposal_id": words(form, "proposal"),
            "confirm": yes_or_no(form, "confirm"),
            "reason": words(form, "reason"),
        },
        of_case=False,
        form="proposal",
    ),
    CaseAct(
        "judge",
        "评定督办回复",
        "W",
        JudgeSupervision,
        lambda _, facts: bool(facts.answered),
        _judged,
        of_case=False,
        form="supervision",
    ),
    CaseAct("take-up", "接手提请督办", "A", TakeUpRaised, lambda _, facts: facts.raised, chosen(), form="take-up"),
    CaseAct(
        "verify-again",
        "补充地点再核实",
        "V",
        SendVerificationAgain,
        lambda _, facts: bool(facts.unfound),
        chosen(verification_id="verification", hint="reason", place="place"),
        of_case=False,
        form="verify-again",
    ),
    CaseAct(
        "supervise",
        "督办",
        "S",
        IssueSupervision,
        lambda row, _: row.stage not in {"accept", "over", "joined"} and bool(row.ever),
        chosen(unit="unit", level="level", reason="reason"),
        form="supervise",
    ),
    CaseAct(
        "raise",
        "升级督办",
        "O",
        RaiseSupervision,
        lambda _, facts: bool(facts.raisable),
        chosen(order_id="order", reason="reason"),
        of_case=False,
        stern=True,
        form="supervision",
    ),
    CaseAct(
        "withdraw-supervision",
        "撤回督办",
        "U",
        WithdrawSupervision,
        lambda _, facts: bool(facts.supervision),
        chosen(order_id="order", reason="reason"),
        of_case=False,
        stern=True,
        form="supervision",
    ),
    CaseAct(
        "add-supporter",
        "增加协办",
        "F",
        AddSupporter,
        _at_work,
        chosen(unit="unit", reason="reason"),
        form="supporter",
    ),
    CaseAct(
        "release-supporter",
        "解除协办",
        "H",
        ReleaseSupporter,
        _supported,
        chosen(work_order_id="order", reason="reason"),
        of_case=False,
        form="supporter",
    ),
    CaseAct(
        "replace-supporter",
        "更换协办",
        "Q",
        ReplaceSupporter,
        _supported,
        chosen(work_order_id="order", unit="unit", reason="reason"),
        of_case=False,
        form="supporter",
    ),
    CaseAct(
        "insist-supporter",
        "裁定须协办",
        "I",
        InsistOnSupporter,
        _returned,
        chosen(work_order_id="order", ground="reason"),
        of_case=False,
        form="supporter",
    ),
    CaseAct(
        "resume",
        "恢复办理",
        "N",
        ResumeWorkOrder,
        lambda row, facts: row.stage == "suspended" and facts.lead is not None,
        chosen(work_order_id="order", reason="reason"),
        of_case=False,
        form="resume",
    ),
    CaseAct(
        "correct",
        "更正",
        "L",
        CorrectCase,
        lambda row, _: row.stage not in {"accept", "over", "joined"},
        _corrected,
        form="correct",
    ),
    CaseAct(
        "join",
        "并案",
        "B",
        JoinCase,
        lambda row, _: row.stage in BEFORE_WORK,
        _joined,
        form="join",
    ),
    CaseAct(
        "split",
        "拆案",
        "B",
        SplitCase,
        lambda row, _: row.leader is not None and row.stage in {"joined", "follow_up"},
        chosen(reason="reason"),
        stern=True,
        form="split",
    ),
)
