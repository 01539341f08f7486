"""Contacts: set and removed by the administrator, or by a post for itself; called by whoever steers a case."""

import asyncio
from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import Insert, insert

from services.notification.channels import check_address
from services.notification.channels.base import INBOX, Channel
from services.notification.errors import (
    AdministratorSetsThis,
    CaseUnknown,
    InboxNeedsNoContact,
    NoSuchContact,
    NoTelephone,
    NotYourContact,
)
from services.notification.model import Contact, Notice
from shared.contracts.actors import Actor, Role
from shared.contracts.base import Done
from shared.contracts.notification import (
    TELEPHONES,
    ReadTelephone,
    RemoveContact,
    SetContact,
    TelephoneRead,
    Telephones,
)
from shared.infra.unit_of_work import UnitOfWork

OF_THE_POST = TELEPHONES | {"email"}
"""What a post may set for itself. Any other address the program calls itself, also inside the centre's network: whoever
sets one can find out what answers there."""


async def set_contact(
    work: UnitOfWork, command: SetContact, /, *, now: datetime, channels: Mapping[str, Channel]
) -> Done:
    """The address has to be one its channel knows. Another address begins with a clean slate."""
    _require_own(command.actor, command.staff)
    if command.channel == INBOX:
        raise InboxNeedsNoContact("the inbox needs no contact: every post has it", field="channel")
    if command.channel in channels:
        _require_settable(command.actor, command.channel)
    address = await asyncio.to_thread(check_address, channels, command.channel, command.address)
    async with work.begin(command) as tx:
        await tx.session.execute(_empty(command, address, now))
        contact = await tx.lock(Contact, (command.staff, command.channel))
        contact.change(address, command.position, by=command.actor.name, now=now)
        return tx.answers(Done(at=now))


async def remove_contact(work: UnitOfWork, command: RemoveContact, /, *, now: datetime) -> Done:
    """Messages that wait for this contact go on to the next channel."""
    _require_own(command.actor, command.staff)
    async with work.begin(command) as tx:
        contact = await tx.session.get(Contact, (command.staff, command.channel), with_for_update=True)
        if contact is None:
            raise NoSuchContact(f"{command.staff} has no contact on {command.channel}", field="channel")
        await tx.session.delete(contact)
        return tx.answers(Done(at=now))


async def read_telephone(work: UnitOfWork, command: ReadTelephone, /, *, now: datetime) -> Telephones:
    """The numbers are answered and never kept: neither in the event nor under the idempotency key."""
    told_of = (
        sa.select(Notice.case_id).where(Notice.case_code == command.case_code, Notice.case_id.is_not(None)).limit(1)
    )
    wanted = sa.select(Contact).where(Contact.staff == command.staff, Contact.channel.in_(TELEPHONES))
    async with work.begin(command) as tx:
        case_id = await tx.session.scalar(told_of)
        if case_id is None:
            raise CaseUnknown(f"nobody was told of a case {command.case_code}", field="case_code")
        found = (await tx.session.scalars(wanted.order_by(Contact.position, Contact.channel))).all()
        if not found:
            raise NoTelephone(f"{command.staff} has no telephone here", field="staff", staff=command.staff)
        case = {"case_id": case_id, "case_code": command.case_code}
        tx.record(TelephoneRead.model_validate({**case, "staff": command.staff, "read_at": now}))
    return Telephones(staff=command.staff, numbers=tuple(dict.fromkeys(contact.address for contact in found)))


def _empty(command: SetContact, address: str, now: datetime) -> Insert:
    """The row, where there is none yet: two who set it at once meet here."""
    row = {
        "staff": command.staff,
        "channel": command.channel,
        "address": address,
        "position": command.position,
        "failures": 0,
        "set_by": command.actor.name,
        "set_at": now,
    }
    return insert(Contact).values(row).on_conflict_do_nothing()


def _require_own(actor: Actor, staff: str) -> None:
    if actor.role is not Role.ADMINISTRATOR and actor.staff != staff:
        raise NotYourContact(f"the contacts of {staff} are not yours to change", field="staff", staff=staff)


def _require_settable(actor: Actor, channel: str) -> None:
    if actor.role is not Role.ADMINISTRATOR and channel not in OF_THE_POST:
        own = ", ".join(sorted(OF_THE_POST))
        words = f"an address on {channel} is set by the administrator; a post sets for itself: {own}"
        raise AdministratorSetsThis(words, field="channel", channel=channel)
