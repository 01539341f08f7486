"""Cases of the same matter in the same place and time, offered to whoever takes a new one down."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa

from services.intake.errors import ContactAtWindowOnly, NoTelephoneNumber, TooManyContactQuestions
from services.intake.model import Case, ContactQuestion, OpenContact
from services.intake.model.open_contact import hashes_of
from services.intake.operations.rows import known_category, known_place
from services.intake.policy import CaseState, SameMatter, same_matter
from shared.centre.pack import CentrePack
from shared.contracts.actors import Role
from shared.contracts.intake import FindSimilarCases, SimilarCase, SimilarCases
from shared.contracts.intake.duplicates import OFFERED_MAX
from shared.infra import lock_spaces
from shared.infra.arrays import among
from shared.infra.event_record import new_id
from shared.infra.unit_of_work import Transaction, UnitOfWork
from shared.vault import KeyRing, normal_phone

HOUR = timedelta(hours=1)


class FindingSimilar:
    """Needs the keys for nothing but the hash of a contact."""

    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys

    async def find_similar_cases(self, work: UnitOfWork, ask: FindSimilarCases, /, *, now: datetime) -> SimilarCases:
        """Nothing is kept of the question, but for the fact that a contact was asked for."""
        async with work.begin(ask) as tx:
            pack = await work.packs.in_force(tx.session)
            matter = same_matter(pack, known_category(pack, ask.category), known_place(pack, ask.place))
            own = frozenset[UUID]() if ask.contact is None else await self._of_contact(tx, ask, matter, pack, now=now)
            cases = await _near(tx, matter, pack, own, at=ask.received_at or now)
            joined = await _joined(tx, [case.case_id for case in cases])
        shown = tuple(
            _shown(case, matter, joined.get(case.case_id, 0), contact=case.case_id in own, now=now) for case in cases
        )
        return SimilarCases(cases=shown, days=pack.duplicates.days)

    async def _of_contact(
        self, tx: Transaction, ask: FindSimilarCases, matter: SameMatter, pack: CentrePack, *, now: datetime
    ) -> frozenset[UUID]:
        """Open cases of this contact, of this category and township and of no other: the hash is made of all three."""
        number = _asked_at_window(ask)
        await _require_few(tx, ask.actor.staff, pack.duplicates.contact_questions_per_hour, now=now)
        place = pack.place(matter.place)
        assert place is not None
        hashes = hashes_of(self._keys, number, category=matter.category, township=place.chain[-1])
        found = frozenset(
            await tx.session.scalars(
                sa.select(OpenContact.case_id).where(among(OpenContact.hash, hashes)).limit(OFFERED_MAX)
            )
        )
        question = ContactQuestion(
            question_id=new_id(),
            asked_by=ask.actor.staff,
            window=ask.actor.window,
            category=matter.category,
            place=matter.place,
            hit=bool(found),
            asked_at=now,
        )
        tx.add(question)
        return found


def _asked_at_window(ask: FindSimilarCases) -> str:
    """The number in its one form."""
    if ask.actor.role is not Role.INTAKE_CLERK or ask.actor.window is None:
        raise ContactAtWindowOnly("a contact is asked for by a clerk at a window", field="contact")
    number = normal_phone(ask.contact or "")
    if number is None:
        raise NoTelephoneNumber("this is no whole telephone number", field="contact")
    return number


async def _require_few(tx: Transaction, staff: str, most: int, *, now: datetime) -> None:
    # Two questions of one person take turns, so that many at once are counted, too.
    turn = sa.func.pg_advisory_xact_lock(lock_spaces.CONTACT_QUESTION, sa.func.hashtext(staff))
    await tx.session.execute(sa.select(turn))
    asked = (ContactQuestion.asked_by == staff, ContactQuestion.asked_at > now - HOUR)
    count = await tx.session.scalar(sa.select(sa.func.count()).select_from(ContactQuestion).where(*asked))
    if (count or 0) >= most:
        raise TooManyContactQuestions(
            f"{count} contacts were asked for within an hour, the centre allows {most}", field="contact", most=most
        )


async def _near(
    tx: Transaction, matter: SameMatter, pack: CentrePack, own: Collection[UUID], *, at: datetime
) -> Sequence[Case]:
    """The contact's own first, then by category, place, open before closed, the newest first.

    Cases that follow another one are not offered beside it. By index: see `case_matter`.
    """
    days = timedelta(days=pack.duplicates.days)
    gone_at = sa.func.coalesce(Case.closed_at, sa.literal_column("'infinity'"))
    alike = sa.and_(
        among(Case.category, (matter.category, *matter.related)),
        among(Case.place, (matter.place, *matter.near)),
        gone_at >= at - days,
        Case.joined_to.is_(None),
        Case.state != sa.literal_column(f"'{CaseState.NOT_ACCEPTED}'"),
        Case.received_at <= at + days,
    )
    others = Case.category != matter.category, Case.place != matter.place, Case.closed_at.is_not(None)
    ranked = sa.select(Case).where(alike).order_by(*others, Case.received_at.desc(), Case.case_id).limit(OFFERED_MAX)
    found = list(await tx.session.scalars(ranked))
    if own:
        of_contact = sa.select(Case).where(among(Case.case_id, own)).order_by(Case.received_at.desc())
        first = list(await tx.session.scalars(of_contact))
        found = [*first, *(case for case in found if case.case_id not in own)]
    return found[:OFFERED_MAX]


async def _joined(tx: Transaction, leaders: Sequence[UUID]) -> Mapping[UUID, int]:
    query = sa.select(Case.joined_to, sa.func.count()).where(among(Case.joined_to, leaders)).group_by(Case.joined_to)
    return {leader: count for leader, count in await tx.session.execute(query) if leader is not None}


def _shown(case: Case, matter: SameMatter, joined: int, *, contact: bool, now: datetime) -> SimilarCase:
    return SimilarCase(
        case_code=case.case_code,
        category=case.category or "",
        place=case.place or "",
        state=case.state,
        open=case.closed_at is None,
        unit=case.unit,
        age_days=max(0, (now - case.received_at).days),
        joined=joined,
        reasons=matter.reasons(case.category, case.place, contact=contact),
    )
