"""Grid workers, who look in the field whether what a unit reported is so (核查)."""

from functools import partial

from deploy.demo.actors import LIST_MAX, Fresh
from deploy.demo.floor import Floor
from deploy.demo.staff import DISPATCHER
from shared.contracts.base import Done
from shared.contracts.escalation import (
    ListVerifications,
    RecordVerification,
    VerificationOutcome,
    VerificationTask,
    VerificationTasks,
)


class GridWorkers:
    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._fresh = Fresh[VerificationTask]()

    async def look(self) -> int | None:
        listed = await self._floor.look(ListVerifications(actor=DISPATCHER, limit=LIST_MAX), VerificationTasks)
        if listed is None:
            return None
        new = self._fresh.of({task.verification_id: task for task in listed.tasks})
        for task in new:
            wait = self._floor.conduct(task.case_code).verified_after
            self._floor.later(wait, partial(self._verify, task), since=task.assigned_at)
        return len(new)

    async def _verify(self, task: VerificationTask) -> None:
        floor = self._floor
        first = floor.conduct(task.case_code).first_verification
        command = RecordVerification(
            actor=floor.staff.verifier(task.place),
            idempotency_key=floor.key("verify", task.verification_id),
            verification_id=task.verification_id,
            outcome=first if task.round == 1 else VerificationOutcome.SOLVED,
            note="已到现场查看",
        )
        await floor.ask(command, Done)
