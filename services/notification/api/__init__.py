"""Requests in: each row is decode, one operation, answer."""

from collections.abc import Sequence
from functools import partial

from services.notification.operations.contacts import read_telephone, remove_contact, set_contact
from services.notification.operations.means import Means
from services.notification.operations.receipts import mark_read, record_receipt
from services.notification.queries.contacts import check_contacts, list_contacts
from services.notification.queries.messages import list_messages, read_inbox
from services.notification.queries.notices import list_notices
from shared.contracts.notification import (
    CheckContacts,
    ListContacts,
    ListMessages,
    ListNotices,
    MarkRead,
    ReadInbox,
    ReadTelephone,
    RecordReceipt,
    RemoveContact,
    SetContact,
)
from shared.infra.requests import Endpoint, serve


def endpoints(means: Means) -> Sequence[Endpoint]:
    """Its channels know which addresses they would take; texts are read in its language."""
    return [
        serve(SetContact, partial(set_contact, channels=means.channels)),
        serve(RemoveContact, remove_contact),
        serve(ListContacts, list_contacts),
        serve(ReadTelephone, read_telephone),
        serve(CheckContacts, check_contacts),
        serve(ListMessages, partial(list_messages, tongue=means.tongue)),
        serve(ListNotices, list_notices),
        serve(ReadInbox, partial(read_inbox, tongue=means.tongue)),
        serve(MarkRead, mark_read),
        serve(RecordReceipt, record_receipt),
    ]
