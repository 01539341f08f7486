"""The nouns of intake with their verbs: each checks, changes and returns the events that tell of it."""

from services.intake.model.base import CASE_NUMBER, SPINE, Base
from services.intake.model.case import Case
from services.intake.model.contact_question import ContactQuestion
from services.intake.model.note import Note, NoteAbout
from services.intake.model.open_contact import OpenContact
from services.intake.model.requester_vault import RequesterVault
from services.intake.model.reveal import Reveal
from services.intake.model.suggestion import Suggestion

__all__ = [
    "CASE_NUMBER",
    "SPINE",
    "Base",
    "Case",
    "ContactQuestion",
    "Note",
    "NoteAbout",
    "OpenContact",
    "RequesterVault",
    "Reveal",
    "Suggestion",
]
