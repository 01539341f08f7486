"""What may be read of contacts: addresses are masked for everybody but the administrator and the post itself."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from services.notification.model import Contact, RosterCopy
from services.notification.policy.masking import masked
from shared.centre.working_time import calendar_of
from shared.contracts.actors import Actor, Role
from shared.contracts.notification import CheckContacts, Contacts, ListContacts, UnreachablePost, UnreachablePosts
from shared.contracts.notification import Contact as ContactView
from shared.duty import OnDuty, on_duty_between
from shared.infra.unit_of_work import UnitOfWork


async def list_contacts(work: UnitOfWork, request: ListContacts, /, *, now: datetime) -> Contacts:
    query = sa.select(Contact).order_by(Contact.staff, Contact.position, Contact.channel)
    if request.staff is not None:
        query = query.where(Contact.staff == request.staff)
    async with work.read() as session:
        rows = (await session.scalars(query)).all()
    return Contacts(contacts=tuple(_view(row, request.actor) for row in rows))


async def check_contacts(work: UnitOfWork, request: CheckContacts, /, *, now: datetime) -> UnreachablePosts:
    """Who is on duty in the next days and has no working contact outside the program, the soonest first."""
    async with work.read() as session:
        pack = await work.packs.in_force(session)
        rosters = [row.roster for row in await session.scalars(sa.select(RosterCopy).order_by(RosterCopy.code))]
        contacts = (await session.scalars(sa.select(Contact))).all()
    until = now + timedelta(days=request.days)
    duties = on_duty_between(rosters, now, until, calendar_of(pack))
    return UnreachablePosts(posts=tuple(_unreachable(duties, contacts, now)))


def _unreachable(duties: Sequence[OnDuty], contacts: Sequence[Contact], now: datetime) -> Iterator[UnreachablePost]:
    reached: dict[str, set[bool]] = defaultdict(set)
    for contact in contacts:
        reached[contact.staff].add(contact.working)
    first = {(duty.roster, duty.staff): duty for duty in reversed(duties)}
    for duty in sorted(first.values(), key=lambda one: (one.since, one.roster, one.staff)):
        if True not in reached[duty.staff]:
            yield UnreachablePost(
                staff=duty.staff,
                roster=duty.roster,
                first_duty_at=max(duty.since, now),
                why="contact_failing" if reached[duty.staff] else "no_contact",
            )


def _view(row: Contact, actor: Actor) -> ContactView:
    plain = actor.role is Role.ADMINISTRATOR or actor.staff == row.staff
    return ContactView(
        staff=row.staff,
        channel=row.channel,
        address=row.address if plain else masked(row.address),
        position=row.position,
        working=row.working,
        last_failure=row.last_failure,
        checked_at=row.checked_at,
    )
