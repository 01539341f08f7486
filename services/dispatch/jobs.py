"""The sweeps of dispatch: none. What is owed by a time is escalation's to mind; dispatch only does what it is told."""

from collections.abc import Sequence

from shared.infra.scheduling import Sweep
from shared.infra.unit_of_work import UnitOfWork


def sweeps(_work: UnitOfWork) -> Sequence[Sweep]:
    return ()
