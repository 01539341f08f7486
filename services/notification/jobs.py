"""The sweeps of notification."""

from collections.abc import Sequence
from datetime import timedelta

from services.notification.operations.clear_old import clearing
from services.notification.operations.courier import Courier
from services.notification.operations.means import Means
from shared.infra.scheduling import ANY_CHANGE, Sweep
from shared.infra.unit_of_work import UnitOfWork


class CourierSweep(Sweep):
    """The courier's rounds. When the service stops, what is on its way is written down first."""

    def __init__(self, courier: Courier, work: UnitOfWork) -> None:
        super().__init__("notification-courier", courier.run, work.clock, after=(ANY_CHANGE,))
        self._courier = courier
        courier.on_late = self.nudge

    async def finish(self) -> None:
        await super().finish()
        await self._courier.finish()


def sweeps(work: UnitOfWork, means: Means, retention: timedelta) -> Sequence[Sweep]:
    return [
        CourierSweep(Courier(work, means), work),
        Sweep("notification-clear-old", clearing(work, retention), work.clock),
    ]
