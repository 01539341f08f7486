"""One proper request of every kind: each fits its form and is asked by somebody who may."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from shared.contracts import console, dispatch, escalation, intake, notification
from shared.contracts.actors import Actor, Role
from shared.contracts.base import Request
from shared.contracts.common import ListDeadLetters, ReadHealth, ReadTimeline, RepublishEvents, RetryDeadLetters
from tests.support.centre import CentreUnderTest

MORNING, EVENING = "2026-12-01T08:00:00+08:00", "2026-12-01T18:00:00+08:00"
TURN = {"members": [{"staff": "police.director"}], "every": "daily", "starts_on": "2026-11-01", "id": "days"}
ROSTER = {"code": "directors", "kind": "duty_director", "title": "轮值主任", "rotations": [TURN]}
STRETCH = {"starts_at": MORNING, "ends_at": EVENING}


def every_request(
    centre: CentreUnderTest, waiting: str, routed: str, order: UUID, summons: UUID
) -> Iterator[Request[Any]]:
    """Each fits its form, is about something that exists, and is asked by somebody who may."""
    yield from intake_requests(centre, waiting)
    yield from work_order_requests(centre, routed, order)
    yield from case_requests(centre, routed, order)
    yield from deferral_requests(centre, order)
    yield from summons_requests(centre, routed, summons)
    yield from answer_requests(centre, routed, summons)
    yield from duty_requests(centre)
    yield from mode_requests(centre)
    yield from notification_requests(centre)
    yield from accountability_requests(centre, routed)
    yield from console_requests()
    yield from other_requests(centre, waiting)


def intake_requests(centre: CentreUnderTest, waiting: str) -> Iterator[Request[Any]]:
    ask: dict[str, Any] = {"actor": centre.clerk, "idempotency_key": "k"}
    case = {**ask, "case_code": waiting}
    yield intake.RegisterCase.model_validate({**ask, "source": "window", "matter": "路灯不亮"})
    yield intake.AcceptCase.model_validate({**case, "handling_mode": "forward"})
    yield intake.DeclineCase.model_validate({**case, "reason": "court", "legal_channel": "人民法院"})
    yield intake.FinishOwnCase.model_validate({**case, "result": "已答复"})
    yield intake.FollowUpCase.model_validate({**case, "kind": "visit", "contacted": False, "missed": "no_answer"})
    yield intake.ExplainCase.model_validate({**case, "explanation": "依法处理完毕", "given_by": "visit"})
    yield intake.ExplainDelay.model_validate(
        {**case, "promised_for": EVENING, "explanation": "鉴定需时", "given_by": "telephone"}
    )
    yield intake.ListPromises(actor=centre.clerk)
    yield intake.CloseCase.model_validate(case)
    yield intake.ReadCase(actor=centre.clerk, case_code=waiting)
    yield intake.RevealRequester.model_validate({**case, "reason": "核实"})
    yield intake.RotateVault.model_validate({**ask, "actor": operator()})
    yield intake.ListOpenCases(actor=centre.clerk)
    yield intake.CorrectCase.model_validate({**case, "level": "II", "reason": "核对后更正"})
    yield intake.SuggestCategories.model_validate({**ask, "matter": "路灯不亮"})
    matter = {"category": "labour.wages.arrears", "place": "350521104", "contact": "13800001234"}
    yield intake.FindSimilarCases.model_validate({**ask, **matter})
    yield intake.JoinCase.model_validate({**case, "leader": waiting, "reason": "同一事项"})
    yield intake.SplitCase.model_validate({**case, "reason": "另一事项"})


def work_order_requests(centre: CentreUnderTest, routed: str, order: UUID) -> Iterator[Request[Any]]:
    ask: dict[str, Any] = {"actor": centre.liaison("police"), "idempotency_key": "k", "work_order_id": order}
    report = {"outcome": "solved", "result": "已修复", "replied_to_requester": True}
    sent = {"actor": centre.director, "idempotency_key": "k", "case_code": routed, "unit": "police", "reason": "改派"}
    yield dispatch.SignOffWorkOrder.model_validate(ask)
    yield dispatch.ContactRequester.model_validate({**ask, "kind": "telephone"})
    yield dispatch.ReturnWorkOrder.model_validate({**ask, "reason": "not_our_duty", "ground": "三定方案未列"})
    yield dispatch.ReportBack.model_validate({**ask, **report})
    yield dispatch.ReportDelay.model_validate({**ask, "proposed_for": EVENING, "reason": "等待鉴定"})
    photo = {"actor": centre.clerk, "idempotency_key": "k", "photo_id": uuid4(), "reason": "核对现场"}
    yield dispatch.ReadReportPhoto.model_validate(photo)
    yield dispatch.ResealReportPhotos(actor=operator(), idempotency_key="k")
    yield dispatch.RedispatchCase.model_validate(sent)
    yield dispatch.ListWorkOrders(actor=centre.clerk)
    yield dispatch.ListTriage(actor=centre.clerk)


def case_requests(centre: CentreUnderTest, routed: str, order: UUID) -> Iterator[Request[Any]]:
    ask: dict[str, Any] = {"actor": centre.director, "idempotency_key": "k"}
    case, supporter = {**ask, "case_code": routed}, {**ask, "work_order_id": order}
    yield dispatch.DesignateUnit.model_validate({**case, "unit": "police", "ground": "三定方案第四条"})
    yield dispatch.AddSupporter.model_validate({**case, "unit": "court", "reason": "配合调查"})
    yield dispatch.ReleaseSupporter.model_validate({**supporter, "reason": "不再需要"})
    yield dispatch.ReplaceSupporter.model_validate({**supporter, "unit": "court", "reason": "改由其配合"})
    yield dispatch.InsistOnSupporter.model_validate({**supporter, "ground": "属其法定义务"})
    yield dispatch.DecideProposal.model_validate({**ask, "proposal_id": uuid4(), "confirm": True, "reason": "属实"})
    yield dispatch.ExplainRoute(actor=centre.clerk, case_code=routed)
    yield dispatch.ReadResults(actor=centre.director, case_code=routed)
    yield dispatch.ListProposals(actor=centre.clerk)
    yield dispatch.ListRulings(actor=centre.clerk)
    yield dispatch.ListRoutedInputs(actor=operator(), since=datetime.fromisoformat(MORNING))


def deferral_requests(centre: CentreUnderTest, order: UUID) -> Iterator[Request[Any]]:
    ask: dict[str, Any] = {"actor": centre.liaison("police"), "idempotency_key": "k", "work_order_id": order}
    decided = {"actor": centre.director, "idempotency_key": "k", "deferral_id": uuid4(), "approve": True}
    yield dispatch.AskExtension.model_validate({**ask, "days": 3, "reason": "需外地取证"})
    yield dispatch.AskSuspension.model_validate({**ask, "until": EVENING, "reason": "等待鉴定"})
    yield dispatch.DecideDeferral.model_validate(decided)
    yield dispatch.ResumeWorkOrder.model_validate({**ask, "reason": "鉴定已出"})
    yield dispatch.ListDeferrals(actor=centre.clerk)


def summons_requests(centre: CentreUnderTest, routed: str, summons: UUID) -> Iterator[Request[Any]]:
    ask: dict[str, Any] = {"actor": centre.director, "idempotency_key": "k", "summons_id": summons}
    asked = {"actor": centre.director, "idempotency_key": "k", "case_code": routed, "ground": "urgent"}
    commanded = {**ask, "actor": centre.commander}
    yield dispatch.AskSummons.model_validate({**asked, "units": ["police"], "reason": "现场需要"})
    yield dispatch.ApproveSummons.model_validate(commanded)
    yield dispatch.RefuseSummons.model_validate({**commanded, "reason": "已处置"})
    yield dispatch.AcknowledgeSummons.model_validate({**ask, "actor": centre.liaison("police")})
    yield dispatch.CheckInArrival.model_validate({**ask, "unit": "police"})
    yield dispatch.StandDownSummons.model_validate({**ask, "reason": "已处置"})
    yield dispatch.ListSummonses(actor=centre.clerk)


def answer_requests(centre: CentreUnderTest, routed: str, summons: UUID) -> Iterator[Request[Any]]:
    ask: dict[str, Any] = {"actor": centre.liaison("police"), "idempotency_key": "k", "summons_id": summons}
    link = {"actor": centre.console, "idempotency_key": "k", "token": "not-signed"}
    drill = {"actor": centre.director, "idempotency_key": "k", "units": ["court"], "reason": "季度演练"}
    yield dispatch.TellOnTheWay.model_validate({**ask, "arrives_in_minutes": 8})
    yield dispatch.SendSubstitute.model_validate({**ask, "substitute": "police.lead", "arrives_in_minutes": 8})
    yield dispatch.TellCannotCome.model_validate({**ask, "reason": "另有险情"})
    yield dispatch.AnswerByLink.model_validate(link)
    yield dispatch.CheckInByCode.model_validate({**ask, "room_code": "123456"})
    yield dispatch.ReadRoomCode(actor=centre.room, summons_id=summons)
    yield dispatch.AskDrill.model_validate(drill)
    yield dispatch.ReadDrill(actor=centre.director, summons_id=summons)
    yield dispatch.PlanSummons(actor=centre.director, case_code=routed)


def duty_requests(centre: CentreUnderTest) -> Iterator[Request[Any]]:
    ask: dict[str, Any] = {"actor": centre.director, "idempotency_key": "k"}
    beside = {"action": "add", "staff": "police.director", "reason": "加强值守", **STRETCH}
    swap = {"gives": "police.director", "takes": "market.director", **STRETCH}
    absent = {"absent": "police.director", "reason": "公出", **STRETCH}
    yield dispatch.SetRoster.model_validate({**ask, "roster": ROSTER})
    yield dispatch.MakeOverride.model_validate({**ask, "roster": "directors", "override": beside})
    yield dispatch.CancelOverride.model_validate({**ask, "roster": "d", "override_id": uuid4(), "reason": "取消"})
    yield dispatch.SubstituteAbsent.model_validate({**ask, "roster": "directors", **absent})
    yield dispatch.AskSwap.model_validate({**ask, "roster": "directors", **swap})
    yield dispatch.AnswerSwap.model_validate({**ask, "swap_id": uuid4(), "accept": True})
    yield dispatch.OfferHandover.model_validate({**ask, "incoming": "market.director", "note": "两件在办"})
    yield dispatch.AcceptHandover.model_validate({**ask, "handover_id": uuid4()})
    yield dispatch.ReadWatch(actor=centre.clerk)
    yield dispatch.ListRosters(actor=centre.clerk)
    yield dispatch.WhoIsResponsible(actor=centre.clerk)
    yield dispatch.CheckRosters(actor=centre.clerk)
    yield dispatch.ReadDutyFeed(actor=centre.clerk, post="police.director")


def mode_requests(centre: CentreUnderTest) -> Iterator[Request[Any]]:
    ask: dict[str, Any] = {"actor": centre.commander, "idempotency_key": "k", "reason": "台风登陆前后"}
    end = (centre.clock.now() + timedelta(days=2)).isoformat()
    yield dispatch.SwitchMode.model_validate({**ask, "level": "II", "expected_end": end, "measures": ["micro-grids"]})
    yield dispatch.ProlongSurge.model_validate({**ask, "expected_end": end})
    yield dispatch.EndSurge.model_validate(ask)
    yield dispatch.ReadMode(actor=centre.clerk)
    yield dispatch.ListModePeriods(actor=centre.clerk)


def notification_requests(centre: CentreUnderTest) -> Iterator[Request[Any]]:
    ask: dict[str, Any] = {"actor": operator(), "idempotency_key": "k"}
    contact = {**ask, "staff": "police.liaison", "channel": "email"}
    receipt = {**ask, "channel": "sms", "remote_id": "1", "state": "delivered"}
    yield notification.SetContact.model_validate({**contact, "address": "liaison.police@example.invalid"})
    yield notification.RemoveContact.model_validate(contact)
    yield notification.ListContacts(actor=centre.clerk)
    yield notification.ReadTelephone.model_validate(
        {**ask, "actor": centre.director, "case_code": "26-0000001-4", "staff": "police.liaison"}
    )
    yield notification.CheckContacts(actor=operator())
    yield notification.ListMessages(actor=operator())
    yield notification.ListNotices(actor=operator())
    yield notification.ReadInbox(actor=centre.clerk)
    yield notification.MarkRead.model_validate({**ask, "message_id": uuid4()})
    yield notification.RecordReceipt.model_validate(receipt)


def accountability_requests(centre: CentreUnderTest, routed: str) -> Iterator[Request[Any]]:
    ask: dict[str, Any] = {"actor": centre.director, "idempotency_key": "k"}
    order, referral = {**ask, "order_id": uuid4()}, {**ask, "actor": centre.commander, "referral_id": uuid4()}
    appeal = {**ask, "appeal_id": uuid4()}
    liaison, office = centre.liaison("police"), Actor(staff="oversight.1", role=Role.OVERSIGHT_OFFICE)
    issued = {"case_code": routed, "unit": "police", "level": "reminder", "reason": "多次催问"}
    made = {"clock": "report_back:x:1", "reason": "force_majeure", "words": "台风停电"}
    yield escalation.IssueSupervision.model_validate({**ask, **issued})
    yield escalation.AnswerSupervision.model_validate({**order, "actor": liaison, "answer": "已办"})
    yield escalation.JudgeSupervision.model_validate({**order, "outcome": "accepted"})
    yield escalation.RaiseSupervision.model_validate({**order, "reason": "仍无结果"})
    yield escalation.WithdrawSupervision.model_validate({**order, "reason": "误发"})
    yield escalation.ListSupervision(actor=centre.clerk)
    yield escalation.MakeAppeal.model_validate({**ask, "actor": liaison, **made})
    yield escalation.ProposeOnAppeal.model_validate({**appeal, "support": True})
    yield escalation.DecideAppeal.model_validate({**appeal, "actor": centre.commander, "grant": True})
    yield escalation.ListAppeals(actor=centre.clerk)
    yield escalation.DecideReferral.model_validate({**referral, "refer": True, "reason": "拖延"})
    yield escalation.AnswerReferral.model_validate({**referral, "actor": office, "result": "no_fault", "words": "已核"})
    yield escalation.CloseReferral.model_validate(referral)
    yield escalation.ListReferrals(actor=centre.clerk)


def console_requests() -> Iterator[Request[Any]]:
    ask: dict[str, Any] = {"actor": operator(), "idempotency_key": "k"}
    yield console.AddStaff.model_validate({**ask, "staff": "administrator", "title": "管理员", "role": "administrator"})
    yield console.ListStaff(actor=operator())
    yield console.DisableStaff.model_validate({**ask, "staff": "administrator"})
    yield console.ResetPassword.model_validate({**ask, "staff": "administrator"})
    yield console.ClearBoard.model_validate(ask)
    yield console.MakeWallToken.model_validate({**ask, "name": "hall-1"})
    yield console.RevokeWallToken.model_validate({**ask, "name": "hall-1"})
    yield console.ListWallTokens(actor=operator())


def other_requests(centre: CentreUnderTest, waiting: str) -> Iterator[Request[Any]]:
    ask: dict[str, Any] = {"actor": operator(), "idempotency_key": "k"}
    verified = {"verification_id": uuid4(), "outcome": "solved"}
    yield dispatch.ApplyCentrePack.model_validate({**ask, "pack": {}})
    yield dispatch.ReadCentrePack(actor=centre.clerk)
    drafted = {"pack": {}, "based_on": centre.pack.version, "note": "节后调整"}
    yield dispatch.DraftCentrePack.model_validate({**ask, **drafted})
    yield dispatch.ApprovePackDraft.model_validate({**ask, "draft_id": uuid4()})
    yield dispatch.WithdrawPackDraft.model_validate({**ask, "draft_id": uuid4()})
    yield dispatch.ListPackVersions(actor=centre.clerk)
    yield dispatch.ReadPackVersion(actor=centre.clerk, version=centre.pack.version)
    yield escalation.RecordVerification.model_validate({**ask, "actor": centre.grid_worker, **verified})
    again = {"actor": centre.dispatcher, "verification_id": uuid4(), "hint": "桥头第二户"}
    yield escalation.SendVerificationAgain.model_validate({**ask, **again})
    yield escalation.ReadVerifications(actor=centre.clerk, case_code=waiting)
    photo = {"actor": centre.clerk, "photo_id": uuid4(), "reason": "核对现场"}
    yield escalation.ReadVerificationPhoto.model_validate({**ask, **photo})
    yield escalation.ResealVerificationPhotos.model_validate(ask)
    yield escalation.ListVerifications(actor=centre.clerk)
    yield escalation.TakeUpRaised(actor=centre.director, idempotency_key="k", case_code=waiting)
    yield escalation.ListClocks(actor=centre.clerk)
    yield ReadTimeline(actor=centre.clerk, case_code=waiting)
    yield ReadHealth(actor=centre.clerk)
    yield ListDeadLetters(actor=operator())
    yield RetryDeadLetters.model_validate({**ask, "id": 1})
    yield RepublishEvents.model_validate(ask)


def operator() -> Actor:
    return Actor(staff="operator", role=Role.ADMINISTRATOR)
