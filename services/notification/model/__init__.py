"""The nouns of notification with their verbs."""

from services.notification.model.attempt import Attempt
from services.notification.model.base import SPINE, Base
from services.notification.model.contact import Contact
from services.notification.model.message import Message
from services.notification.model.mode_copy import ModeCopy
from services.notification.model.notice import Notice
from services.notification.model.roster_copy import RosterCopy
from services.notification.model.settled import Settled
from services.notification.model.summons_call import SummonsCall

__all__ = [
    "SPINE",
    "Attempt",
    "Base",
    "Contact",
    "Message",
    "ModeCopy",
    "Notice",
    "RosterCopy",
    "Settled",
    "SummonsCall",
]
