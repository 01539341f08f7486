"""The sweeps of dispatch: what ends by itself at a promised time. What is owed by a time is escalation's to mind."""

from collections.abc import Sequence
from datetime import timedelta

from services.dispatch.operations.deferrals import end_suspensions
from services.dispatch.operations.duty_gaps import look_after_duty
from services.dispatch.operations.erasing import erasing_notes
from services.dispatch.operations.modes import look_after_surge
from services.dispatch.operations.pack_drafts import take_approved_pack
from shared.infra.scheduling import Sweep
from shared.infra.unit_of_work import UnitOfWork


def sweeps(work: UnitOfWork, retention: timedelta) -> Sequence[Sweep]:
    return (
        Sweep("dispatch-suspensions", lambda: end_suspensions(work), work.clock),
        Sweep("dispatch-duty", lambda: look_after_duty(work), work.clock, after_changes=True),
        Sweep("dispatch-erase-notes", erasing_notes(work, retention), work.clock),
        Sweep("dispatch-packs", lambda: take_approved_pack(work), work.clock, after_changes=True),
        Sweep("dispatch-mode", lambda: look_after_surge(work), work.clock, after_changes=True),
    )
