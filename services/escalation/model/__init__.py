"""The nouns of escalation with their verbs: each checks, changes itself and returns the events that tell of it."""

from services.escalation.model.appeal import Appeal
from services.escalation.model.audit import Audit
from services.escalation.model.base import SCHEMA, SPINE, Base
from services.escalation.model.case_clocks import CaseClocks
from services.escalation.model.case_file import CaseFile
from services.escalation.model.clock import Clock
from services.escalation.model.clock_grounds import ClockGrounds
from services.escalation.model.mode_switch import ModeSwitch
from services.escalation.model.photo import VerificationPhoto, VerificationPhotoReading
from services.escalation.model.referral import Referral
from services.escalation.model.supervision_answer import SupervisionAnswer
from services.escalation.model.supervision_order import SupervisionOrder
from services.escalation.model.verification import Verification

__all__ = [
    "SCHEMA",
    "SPINE",
    "Appeal",
    "Audit",
    "Base",
    "CaseClocks",
    "CaseFile",
    "Clock",
    "ClockGrounds",
    "ModeSwitch",
    "Referral",
    "SupervisionAnswer",
    "SupervisionOrder",
    "Verification",
    "VerificationPhoto",
    "VerificationPhotoReading",
]
