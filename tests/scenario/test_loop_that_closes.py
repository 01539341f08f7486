"""闭环处置: verified in the field, asked about, brought back, explained, promised; photos only while they may be."""

import base64
from collections.abc import AsyncIterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from PIL import Image

from deploy.embedded.running import ServerAddresses
from shared.contracts.actors import OPERATOR, Actor, Role
from shared.contracts.base import Done
from shared.contracts.dispatch import ReadReportPhoto, ReportBack, ReportDelay, ResealReportPhotos, WorkOrderView
from shared.contracts.escalation import (
    ListVerifications,
    ReadVerificationPhoto,
    ReadVerifications,
    RecordVerification,
    ResealVerificationPhotos,
    SendVerificationAgain,
    TakeUpRaised,
    VerificationFindings,
    VerificationTask,
    VerificationTasks,
)
from shared.contracts.intake import (
    DissatisfactionCause,
    ExplainCase,
    ExplainDelay,
    FollowUpCase,
    FollowUpKind,
    ListPromises,
    Promises,
    RevealedRequester,
    RevealRequester,
    Satisfaction,
)
from shared.contracts.photos import PhotoShown, PhotosResealed
from shared.errors import RemoteRefusal
from shared.vault import KeyRing
from tests.scenario.one_centre import one_centre, tables_with
from tests.support.centre import CentreUnderTest, key
from tests.support.photos import DEVICE, photo_with_place

pytestmark = pytest.mark.servers
UNIT_AT_FAULT = {"satisfaction": Satisfaction.DISSATISFIED, "solved": False, "cause": DissatisfactionCause.UNIT}
SUPPORTER = "police"


@pytest.fixture(scope="module")
async def centre(addresses: ServerAddresses, data_root: Path) -> AsyncIterator[CentreUnderTest]:
    async with one_centre(addresses, data_root) as centre:
        yield centre


# -- acts --------------------------------------------------------------------------------------------------------------


async def task_of(centre: CentreUnderTest, code: str, state: str = "open") -> VerificationTask:
    asked = ListVerifications.model_validate({"actor": centre.grid_worker, "state": state, "limit": 1000})
    listed = await centre.ask(asked, VerificationTasks)
    return next(task for task in listed.tasks if task.case_code == code)


async def verify(centre: CentreUnderTest, code: str, **given: Any) -> None:
    task = await task_of(centre, code)
    ask = {"actor": centre.grid_worker, "idempotency_key": key(), "verification_id": task.verification_id}
    await centre.do(RecordVerification.model_validate({**ask, "outcome": "solved", **given}))


async def report(centre: CentreUnderTest, order: WorkOrderView, *photos: str) -> None:
    ask = {"actor": centre.liaison(order.unit), "idempotency_key": key(), "work_order_id": order.work_order_id}
    result = {"outcome": "solved", "result": "已督促支付", "replied_to_requester": True, "photos": photos}
    await centre.do(ReportBack.model_validate({**ask, **result}))


async def reported(centre: CentreUnderTest, *photos: str) -> tuple[str, WorkOrderView]:
    code = (await centre.window_receives()).case_code
    order = await centre.open_order(code)
    await centre.unit_signs_off(order)
    await report(centre, order, *photos)
    return code, order


async def refused(asking: Any) -> tuple[str, str | None]:
    with pytest.raises(RemoteRefusal) as no:
        await asking
    return no.value.remote_code, no.value.field


async def explain(centre: CentreUnderTest, code: str, words: str = "依据条例第三条，处理并无不当") -> None:
    ask = {"actor": centre.clerk, "idempotency_key": key(), "case_code": code}
    await centre.do(ExplainCase.model_validate({**ask, "explanation": words, "given_by": "visit"}))


def delay(centre: CentreUnderTest, code: str, **span: float) -> ExplainDelay:
    ask = {"actor": centre.clerk, "idempotency_key": key(), "case_code": code, "given_by": "telephone"}
    date = centre.clock.now() + timedelta(**span)
    return ExplainDelay.model_validate({**ask, "promised_for": date, "explanation": "鉴定需时，届时答复司徒试名"})


async def open_clocks(centre: CentreUnderTest, code: str) -> dict[str, str]:
    """Key without its ids -> who owes."""
    return {one.clock.split(":")[0]: one.owes for one in await centre.every_clock(code) if one.ended_at is None}


# -- the whole way -----------------------------------------------------------------------------------------------------


async def test_not_solved_then_solved_then_dissatisfied_then_explained_and_closed(centre: CentreUnderTest) -> None:
    code, order = await reported(centre)
    first = (await centre.clocks(code))["report_back"]
    await centre.time_passes(minutes=5)
    await verify(centre, code, outcome="not_solved", note="司徒试名说没收到钱")
    again = (await centre.clocks(code))["report_back"]
    assert again.due_at - again.started_at < first.due_at - first.started_at, "a shorter clock"

    await report(centre, order)
    await verify(centre, code)
    await centre.window_follows_up(code, **UNIT_AT_FAULT)
    assert (await centre.case(code)).round == 2

    for _ in range(2):  # reopened as often as the pack allows; the last time the director hears of it
        await report(centre, order)
        await verify(centre, code)
        await centre.window_follows_up(code, **UNIT_AT_FAULT)
    events = await centre.events(code)
    assert (events.count("intake.case.reopened"), events.count("intake.case.raised")) == (2, 2)
    assert (await centre.case(code)).state == "to_explain"
    assert await open_clocks(centre, code) == {"explain": centre.clerk.staff, "raised": "duty_director"}

    taken_up = TakeUpRaised(actor=centre.director, idempotency_key=key(), case_code=code)
    await centre.do(taken_up)
    assert set(await open_clocks(centre, code)) == {"explain"}
    once_more = taken_up.model_copy(update={"idempotency_key": key()})
    assert await refused(centre.do(once_more)) == ("nothing_raised", "case_code")

    assert (await refused(centre.window_closes(code)))[0] == "not_possible_now"
    await explain(centre, code)
    shown = RevealRequester(actor=centre.clerk, idempotency_key=key(), case_code=code, reason="复核答复")
    notes = (await centre.ask(shown, RevealedRequester)).notes
    assert [(one.about, one.text) for one in notes] == [("explanation", "依据条例第三条，处理并无不当")]
    await centre.window_closes(code)
    assert (await centre.case(code)).state == "closed"
    assert all(one.ended_at for one in await centre.every_clock(code))
    for words in ("条例第三条", "司徒试名说没收到钱"):
        assert await tables_with(centre, words) == set(), "sealed, and told to nobody"


async def test_whoever_handled_neither_verifies_nor_asks(centre: CentreUnderTest) -> None:
    code = (await centre.window_receives()).case_code
    lead = await centre.open_order(code)
    await centre.supporter_joins(code, SUPPORTER)
    for each in (await centre.orders(code)).values():
        await centre.unit_signs_off(each)
    await centre.unit_reports((await centre.orders(code))[SUPPORTER])
    await report(centre, lead)

    for who in (
        Actor(staff="somebody", role=Role.GRID_WORKER, unit=lead.unit),
        Actor(staff="somebody", role=Role.GRID_WORKER, unit=SUPPORTER),
        Actor(staff=f"{SUPPORTER}.liaison", role=Role.GRID_WORKER),
        Actor(staff=f"{lead.unit}.liaison", role=Role.GRID_WORKER),
    ):
        assert await refused(verify(centre, code, actor=who)) == ("handler_may_not_verify", "actor")
    await verify(centre, code)

    ask = {"idempotency_key": key(), "case_code": code, "kind": "visit", "contacted": True, "responded": True}
    ask |= {"solved": True, "satisfaction": "satisfied"}
    for staff in (centre.grid_worker.staff, f"{SUPPORTER}.liaison"):
        who = centre.clerk.model_copy(update={"staff": staff})
        asked = FollowUpCase.model_validate({**ask, "actor": who})
        assert await refused(centre.ask(asked, Done)) == ("handler_may_not_follow_up", "actor.staff")


async def test_a_place_nobody_found_is_described_better_and_in_the_end_the_unit_shows_it(
    centre: CentreUnderTest,
) -> None:
    code, order = await reported(centre)
    await verify(centre, code, outcome="not_found")
    assert await open_clocks(centre, code) == {"place": "dispatcher"}
    assert [one.unit for one in (await centre.orders(code)).values()] == [], "the unit is not sent back for that"

    waiting = await task_of(centre, code, "not_found")
    ask = {"actor": centre.dispatcher, "idempotency_key": key(), "verification_id": waiting.verification_id}
    unknown = SendVerificationAgain.model_validate({**ask, "hint": "桥头", "place": "nowhere"})
    assert await refused(centre.do(unknown)) == ("unknown_place", "place")
    await centre.do(SendVerificationAgain.model_validate({**ask, "hint": "桥头第二户，红色铁门"}))
    twice = SendVerificationAgain.model_validate({**ask, "idempotency_key": key(), "hint": "再说一次"})
    assert (await refused(centre.do(twice)))[0] == "not_waiting_for_place"

    second = await task_of(centre, code)
    assert (second.attempt, second.hint) == (2, "桥头第二户，红色铁门")
    assert await tables_with(centre, "红色铁门") == set()
    await verify(centre, code, outcome="not_found")
    assert (await centre.open_order(code)).round == 2, "now the unit is to show it"
    assert await open_clocks(centre, code) == {"report_back": order.unit}


async def test_what_is_noted_without_a_network_keeps_its_own_time(centre: CentreUnderTest) -> None:
    code, _ = await reported(centre)
    assigned = (await task_of(centre, code)).assigned_at
    await centre.time_passes(hours=5)
    for wrong in (centre.clock.now() + timedelta(minutes=1), assigned - timedelta(minutes=1)):
        assert await refused(verify(centre, code, found_at=wrong)) == ("found_at_wrong", "found_at")
    seen = assigned + timedelta(hours=1)
    await verify(centre, code, found_at=seen)
    [told] = [one.data for one in await centre.story(code) if one.type == "escalation.verification.recorded"]
    assert told["found_at"] != told["recorded_at"]
    asked = ReadVerifications(actor=centre.clerk, case_code=code)
    [finding] = (await centre.ask(asked, VerificationFindings)).findings
    assert (finding.found_at, finding.recorded_at) == (seen, centre.clock.now())


# -- promises ----------------------------------------------------------------------------------------------------------


async def test_what_cannot_be_finished_yet_is_explained_with_a_date_and_comes_back(centre: CentreUnderTest) -> None:
    code = (await centre.window_receives()).case_code
    order = await centre.open_order(code)
    await centre.unit_signs_off(order)
    ask = {"actor": centre.liaison(order.unit), "idempotency_key": key(), "work_order_id": order.work_order_id}
    late = {"proposed_for": centre.clock.now() + timedelta(days=9), "reason": "司法鉴定未出，司徒试名已知"}
    await centre.do(ReportDelay.model_validate({**ask, **late}))
    assert (await open_clocks(centre, code))["explain_delay"] == centre.clerk.staff
    [told] = (await centre.results(code)).delays
    assert told.unit == order.unit

    assert await refused(centre.ask(delay(centre, code, days=-1), Done)) == ("promise_out_of_bounds", "promised_for")
    assert await refused(centre.ask(delay(centre, code, days=400), Done)) == ("promise_out_of_bounds", "promised_for")
    await centre.do(delay(centre, code, days=3))
    owed = await open_clocks(centre, code)
    assert (owed["promise"], "explain_delay" in owed, owed["report_back"]) == (centre.clerk.staff, False, order.unit)
    [promise] = await promises(centre, code)
    clock = (await centre.clocks(code))["handle"]
    assert (clock.due_at, promise.late) == (promise.promised_for, False)

    await centre.time_passes(days=4)
    assert (await centre.clocks(code))["handle"].state == "overdue", "it came back to the window"
    assert [one.late for one in await promises(centre, code)] == [True]
    await centre.do(delay(centre, code, days=2))
    await report(centre, order)
    await verify(centre, code)
    await centre.window_follows_up(code)
    assert await promises(centre, code) == []
    await centre.window_closes(code)
    assert all(one.ended_at for one in await centre.every_clock(code))
    assert await tables_with(centre, "届时答复司徒试名") == set()


async def promises(centre: CentreUnderTest, code: str) -> list[Any]:
    listed = await centre.ask(ListPromises(actor=centre.clerk), Promises)
    return [one for one in listed.promises if one.case_code == code]


# -- photos ------------------------------------------------------------------------------------------------------------


async def test_what_is_no_photo_is_refused_by_name_and_nothing_is_recorded(centre: CentreUnderTest) -> None:
    code, _ = await reported(centre)
    good = photo_with_place()
    text = base64.b64encode("现场照片".encode()).decode()
    assert await refused(verify(centre, code, photos=[good, text])) == ("photo_refused", "photos.1")
    assert await refused(verify(centre, code, photos=["不是照片"])) == ("photo_refused", "photos.0")
    assert await refused(verify(centre, code, photos=[good[:200]])) == ("photo_refused", "photos.0")
    assert await task_of(centre, code)
    assert await photos_of(centre, code) == []


async def photos_of(centre: CentreUnderTest, code: str) -> list[UUID]:
    asked = ReadVerifications(actor=centre.clerk, case_code=code)
    found = (await centre.ask(asked, VerificationFindings)).findings
    return [photo.photo_id for each in found for photo in each.photos if not photo.erased]


async def test_photos_are_clean_sealed_shown_on_record_resealed_and_erased_in_time(
    centre: CentreUnderTest, data_root: Path
) -> None:
    taken = photo_with_place(width=2400, height=1800)
    code, order = await reported(centre, taken)
    await verify(centre, code, photos=[taken, taken])
    [of_report] = (await centre.results(code)).results[0].photos
    of_grid = await photos_of(centre, code)
    assert len(of_grid) == 2
    assert await tables_with(centre, DEVICE) == set()
    start_of_jpeg = "ffd8ffe0"
    assert await tables_with(centre, start_of_jpeg) == set(), "nothing of the picture lies in the clear"

    async def show(photo: UUID, who: Actor) -> PhotoShown:
        kind = ReadReportPhoto if photo == of_report.photo_id else ReadVerificationPhoto
        asked = kind.model_validate({"actor": who, "idempotency_key": "k", "photo_id": photo, "reason": "核对现场"})
        return await centre.ask(asked, PhotoShown)

    for photo in (of_report.photo_id, of_grid[0]):
        for who in (centre.clerk, centre.liaison(order.unit)):
            image = Image.open(BytesIO(base64.b64decode((await show(photo, who)).data)))
            assert (image.format, image.size, dict(image.getexif())) == ("JPEG", (1600, 1200), {})
        assert (await refused(show(photo, centre.liaison("market"))))[0] in {"findings_not_for_you", "not_of_this_case"}
        assert (await refused(show(photo, centre.room)))[0] == "not_allowed"
    events = await centre.events(code)
    assert events.count("escalation.verification.photo_read") == 2
    assert events.count("dispatch.work_order.photo_read") == 2

    keys = data_root / f"vault-{centre.name}.keys"
    keys.write_text(KeyRing.generate(keys.read_text()))
    await centre.restarts()
    resealed = [await reseal(centre, kind) for kind in (ResealVerificationPhotos, ResealReportPhotos)]
    assert resealed == [2, 1]
    assert [await reseal(centre, kind) for kind in (ResealVerificationPhotos, ResealReportPhotos)] == [0, 0]
    assert (await show(of_grid[1], centre.clerk)).width == 1600

    await centre.window_follows_up(code, kind=FollowUpKind.VISIT)
    await centre.window_closes(code)
    await centre.time_passes(days=181)
    assert await photos_of(centre, code) == []
    for photo in (of_report.photo_id, of_grid[0]):
        assert await refused(show(photo, centre.clerk)) == ("photo_erased", "photo_id")
    left = "select count(*) as n from {0} where sealed is not null and case_id = $1"
    case_id = (await centre.case(code)).case_id
    for table in ("escalation.verification_photo", "dispatch.report_photo"):
        [row] = await centre.fetch(left.format(table), case_id)
        assert row["n"] == 0
    events = await centre.events(code)
    assert {"escalation.verification.photos_erased", "dispatch.work_order.photos_erased"} <= set(events)


async def reseal(centre: CentreUnderTest, kind: Any) -> int:
    return (await centre.ask(kind(actor=OPERATOR, idempotency_key=key()), PhotosResealed)).resealed
