"""The sweeps of dispatch: what ends by itself at a promised time. What is owed by a time is escalation's to mind."""

from collections.abc import Sequence
from datetime import timedelta

from services.dispatch.operations.deferrals import end_suspensions
from services.dispatch.operations.duty_gaps import look_after_duty
from services.dispatch.operations.erasing import erasing_notes
from services.dispatch.operations.modes import look_after_surge
from services.dispatch.operations.pack_drafts import take_approved_pack
from shared.contracts.dispatch import (
    AnswerSwap,
    ApprovePackDraft,
    AskSwap,
    CancelOverride,
    EndSurge,
    MakeOverride,
    ProlongSurge,
    SetRoster,
    SubstituteAbsent,
    SwitchMode,
)
from shared.infra.scheduling import Sweep
from shared.infra.unit_of_work import UnitOfWork

OF_ROSTERS = [one.NAME for one in (SetRoster, MakeOverride, CancelOverride, SubstituteAbsent, AskSwap, AnswerSwap)]
OF_MODES = [one.NAME for one in (SwitchMode, ProlongSurge, EndSurge)]


def sweeps(work: UnitOfWork, retention: timedelta) -> Sequence[Sweep]:
    return (
        Sweep("dispatch-suspensions", lambda: end_suspensions(work), work.clock),
        Sweep("dispatch-duty", lambda: look_after_duty(work), work.clock, after=OF_ROSTERS),
        Sweep("dispatch-erase-notes", erasing_notes(work, retention), work.clock),
        Sweep("dispatch-packs", lambda: take_approved_pack(work), work.clock, after=(ApprovePackDraft.NAME,)),
        Sweep("dispatch-mode", lambda: look_after_surge(work), work.clock, after=OF_MODES),
    )
