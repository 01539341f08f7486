"""The same matter nearby is offered; a contact is asked for at a window, found by a keyed hash, and kept nowhere."""

import hashlib
from typing import Any

import pytest
import sqlalchemy as sa

from services.intake.errors import (
    CaseUnknown,
    ContactAtWindowOnly,
    NoTelephoneNumber,
    TooManyContactQuestions,
    UnknownPlace,
)
from services.intake.model import ContactQuestion, OpenContact
from shared.centre.nouns import DuplicateTerms
from shared.codes import case_code
from shared.contracts.actors import Actor, Role
from shared.contracts.intake import CategoryChosen, Requester, RotateVault, SimilarOffered
from shared.vault import KeyRing, keyed_hash, normal_phone
from tests.integration.intake.given import CLERK, DISPATCHER, Desk
from tests.unit.suggest.history import pack

pytestmark = pytest.mark.servers
TOWN, GRID, OTHER_GRID, OTHER_TOWN = "350521104", "350521104.g01", "350521104.g02", "350521105"
ARREARS, INJURY, ROAD = "labour.arrears", "labour.injury", "road"
PHONE = "13859770011"
REQUESTER = Requester(name="测试甲", phone=f"+86 {PHONE[:3]}-{PHONE[3:]}")


async def brings(desk: Desk, category: str = ARREARS, place: str = GRID, **values: Any) -> str:
    return (await desk.registers(category=category, place=place, requester=REQUESTER, **values)).case_code


async def found(desk: Desk, category: str = ARREARS, place: str = GRID, **values: Any) -> list[str]:
    return [one.case_code for one in (await desk.finds(category, place, **values)).cases]


async def with_terms(desk: Desk, **terms: Any) -> None:
    """The same pack with other terms comes into force."""
    changed = pack().model_copy(update={"duplicates": DuplicateTerms(**terms)})
    async with desk.work.begin() as tx:
        content = changed.model_dump(mode="json")
        await desk.work.packs.store(
            tx.session, name=changed.name, version=changed.version, content=content, at=desk.passes(minutes=1)
        )


async def test_the_likeliest_stands_first_and_tells_nothing_of_the_requester(desk: Desk) -> None:
    related = await brings(desk, INJURY)
    township_only = await brings(desk, place=TOWN)
    first = await brings(desk)
    desk.passes(minutes=5)
    newest = await brings(desk)
    for elsewhere in ((ROAD, GRID), (ARREARS, OTHER_GRID), (ARREARS, OTHER_TOWN)):
        await brings(desk, *elsewhere)

    answer = await desk.finds(ARREARS, GRID, by=DISPATCHER)
    assert [one.case_code for one in answer.cases] == [newest, first, township_only, related]
    assert answer.cases[0].reasons == ("same_category", "same_place")
    assert answer.cases[2].reasons == ("same_category", "near_place")
    assert answer.cases[3].reasons == ("related_category", "same_place")
    assert (answer.cases[0].state, answer.cases[0].open, answer.cases[0].unit) == ("registered", True, None)
    assert "测试甲" not in answer.model_dump_json()
    assert PHONE not in answer.model_dump_json()
    with pytest.raises(UnknownPlace):
        await desk.finds(ARREARS, "nowhere")


async def test_a_closed_case_is_offered_for_the_days_of_the_pack_an_open_one_always_and_never_more_than_ten(
    desk: Desk,
) -> None:
    closed = await brings(desk, accept_as="self")
    still_open = await brings(desk)
    await desk.finishes(closed)
    await desk.follows_up(closed)
    await desk.closes(closed)
    assert await found(desk) == [still_open, closed], "open before closed"
    desk.passes(days=30)
    assert await found(desk) == [still_open, closed]
    desk.passes(minutes=1)
    assert await found(desk) == [still_open]
    assert (await desk.finds(ARREARS, GRID)).cases[0].age_days == 30
    for _ in range(12):
        await brings(desk)
    assert len(await found(desk)) == 10


async def test_how_wide_the_same_place_is_says_the_pack(desk: Desk) -> None:
    near = await brings(desk, place=OTHER_GRID)
    assert await found(desk) == []
    assert await found(desk, place=TOWN) == [near], "known by its township only, it may lie in any of its grids"
    await with_terms(desk, scope="township", days=7)
    assert await found(desk) == [near]
    assert (await desk.finds(ARREARS, GRID)).days == 7


async def test_what_was_offered_and_what_was_taken_is_on_record(desk: Desk) -> None:
    first, second = await brings(desk), await brings(desk)
    refused = await brings(desk, offered=[first, second, first])
    assert await desk.told(refused, SimilarOffered) == [
        {
            "case_id": str((await desk.case(refused)).case_id),
            "case_code": refused,
            "offered": [first, second],
            "taken": None,
            "offered_at": desk.now.isoformat().replace("+00:00", "Z"),
        }
    ]
    taken = await brings(desk, offered=[first, second], joins=second)
    assert [one["taken"] for one in await desk.told(taken, SimilarOffered)] == [second]
    assert await desk.told(first, SimilarOffered) == []
    with pytest.raises(CaseUnknown):
        await brings(desk, offered=[case_code(2026, 9_999_999)])
    assert await desk.told(taken, CategoryChosen) == []


# -- the contact -------------------------------------------------------------------------------------------------------


async def questions(desk: Desk) -> list[tuple[str, str, bool]]:
    async with desk.work.read() as session:
        asked = await session.scalars(sa.select(ContactQuestion).order_by(ContactQuestion.asked_at))
        return [(one.asked_by, one.category, one.hit) for one in asked]


async def test_a_contact_finds_its_open_case_of_this_matter_and_discloses_no_other(desk: Desk) -> None:
    own = await brings(desk, place=OTHER_GRID)
    await brings(desk, ROAD)
    await brings(desk, ARREARS, OTHER_TOWN)
    [hit] = (await desk.finds(ARREARS, GRID, contact=PHONE)).cases
    assert hit.case_code == own
    assert hit.reasons == ("same_category", "near_place", "same_contact")
    assert await found(desk, INJURY, contact=PHONE) == []
    assert await found(desk, ARREARS, contact="13859770012") == []
    assert await questions(desk) == [
        (CLERK.staff, ARREARS, True),
        (CLERK.staff, INJURY, False),
        (CLERK.staff, ARREARS, False),
    ]


async def test_two_matters_of_one_person_have_nothing_in_common_in_the_table(desk: Desk) -> None:
    for category in (ARREARS, ROAD, "lamp"):
        await brings(desk, category)
    async with desk.work.read() as session:
        hashes = list(await session.scalars(sa.select(OpenContact.hash)))
    assert len(hashes) == len(set(hashes)) == 3


async def test_a_contact_is_asked_at_a_window_whole_and_not_too_often(desk: Desk) -> None:
    for nobody in (DISPATCHER, Actor(staff="clerk.2", role=Role.INTAKE_CLERK)):
        with pytest.raises(ContactAtWindowOnly):
            await desk.finds(ARREARS, GRID, by=nobody, contact=PHONE)
    with pytest.raises(NoTelephoneNumber):
        await desk.finds(ARREARS, GRID, contact="1385")
    assert await questions(desk) == []
    await with_terms(desk, contact_questions_per_hour=2)
    await found(desk, contact=PHONE)
    await found(desk, contact=PHONE)
    with pytest.raises(TooManyContactQuestions) as refused:
        await desk.finds(ARREARS, GRID, contact=PHONE)
    assert PHONE not in str(refused.value.as_dict())
    assert len(await questions(desk)) == 2
    assert await found(desk) == [], "without a contact nobody counts"
    desk.passes(minutes=61)
    await found(desk, contact=PHONE)


async def test_it_goes_with_the_matter_when_that_is_put_right(desk: Desk) -> None:
    code = (await desk.registers(requester=REQUESTER)).case_code
    assert not await kept(desk), "nothing is known of the matter yet"
    await desk.accepts(code, category=ROAD, place=GRID)
    assert await found(desk, ROAD, contact=PHONE) == [code]
    await desk.corrects(code, category="lamp")
    assert await found(desk, ROAD, contact=PHONE) == []
    assert await found(desk, "lamp", contact=PHONE) == [code]


async def test_it_survives_a_rotation_before_and_after_all_is_sealed_anew(desk: Desk) -> None:
    code = await brings(desk, place=OTHER_GRID)
    [before] = await kept(desk)
    desk.rotates_keys()
    assert await found(desk, contact=PHONE) == [code], "the old key is tried, too"
    await desk.entrusted.rotate_vault(desk.work, RotateVault(actor=CLERK, idempotency_key="r"), now=desk.now)
    [after] = await kept(desk)
    assert after != before
    desk.forgets_old_keys()
    assert await found(desk, contact=PHONE) == [code], "now under the new key alone"


async def test_nothing_of_it_is_left_after_closure_and_it_never_stands_unkeyed_anywhere(desk: Desk) -> None:
    code = await brings(desk, accept_as="self")
    await found(desk, contact=PHONE)
    [keyed] = await kept(desk)
    stored = await desk.everything_stored()
    assert stored.count(keyed) == 1, "in its own table, in no event and no answer"
    assert [each for each in traces(PHONE) if each in stored] == []
    planted = stored + hashlib.sha256(PHONE.encode()).hexdigest()
    assert [each for each in traces(PHONE) if each in planted], "the search would see one"

    await desk.finishes(code)
    await desk.follows_up(code)
    await desk.closes(code)
    assert keyed not in await desk.everything_stored()
    assert await found(desk, contact=PHONE) == [code], "by matter and place, as a case closed a moment ago"
    assert (await questions(desk))[-1] == (CLERK.staff, ARREARS, False)


async def test_the_database_keeps_no_contact_of_a_closed_case(desk: Desk) -> None:
    code = await brings(desk, accept_as="self")
    case = await desk.case(code)
    await desk.finishes(code)
    await desk.follows_up(code)
    await desk.closes(code)
    with pytest.raises(sa.exc.DBAPIError, match="not open"):
        async with desk.work.begin() as tx:
            tx.add(OpenContact(case_id=case.case_id, hash="x"))


async def kept(desk: Desk) -> list[str]:
    async with desk.work.read() as session:
        return list(await session.scalars(sa.select(OpenContact.hash)))


def traces(phone: str) -> list[str]:
    """What would tell the number: itself, and hashes of it that need no key."""
    forms = [phone, f"+86{phone}", f"86{phone}", *(f"{c}/{TOWN}/{phone}" for c in (ARREARS, ROAD))]
    algorithms = ("md5", "sha1", "sha256", "sha512")
    return forms + [hashlib.new(name, form.encode()).hexdigest() for name in algorithms for form in forms]


def test_the_hash_needs_the_key() -> None:
    assert normal_phone(REQUESTER.phone or "") == PHONE
    assert keyed_hash(KeyRing.from_text(KeyRing.generate()), PHONE) not in traces(PHONE)
