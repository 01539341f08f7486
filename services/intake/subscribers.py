"""Events in: each row is decode, one operation."""

from services.intake.operations import note_verification
from shared.contracts.dispatch import CentrePackApplied
from shared.contracts.escalation import VerificationRecorded
from shared.infra.inbox import on
from shared.infra.packs import keep_arrived_pack

HANDLERS = dict(
    [
        on(CentrePackApplied, keep_arrived_pack),
        on(VerificationRecorded, note_verification),
    ]
)
