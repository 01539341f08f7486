"""Group commit: requests of one kind that come at the same time are done in one transaction.

While one group is being committed, the next one gathers; a lone request waits for nobody. Each asker is answered after
the commit of its own effect. Where anything in a group fails (one is refused, one was done before), nothing of it is
kept and each is done again alone, so that one request never decides on another's outcome.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel

from shared.contracts.base import Command
from shared.infra.logs import get_log
from shared.infra.requests import Endpoint, carry_out
from shared.infra.unit_of_work import UnitOfWork

GROUP_MAX = 64
GROUPS_AT_ONCE = 2

Waiting = tuple[Command[Any], "asyncio.Future[BaseModel]"]


class Gathering:
    def __init__(self, endpoint: Endpoint, work: UnitOfWork) -> None:
        self._endpoint = endpoint
        self._work = work
        self._waiting: list[Waiting] = []
        self._at_work: set[asyncio.Task[None]] = set()

    async def carry_out(self, endpoint: Endpoint, _work: UnitOfWork, request: Command[Any]) -> BaseModel:
        """Stands in for doing one request alone: its answer after the commit, or what it raised."""
        future: asyncio.Future[BaseModel] = asyncio.get_running_loop().create_future()
        self._waiting.append((request, future))
        if len(self._at_work) < GROUPS_AT_ONCE:
            task = asyncio.create_task(self._work_off())
            self._at_work.add(task)
            task.add_done_callback(self._at_work.discard)
        return await future

    async def _work_off(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting[:GROUP_MAX], self._waiting[GROUP_MAX:]
            answers = await self._together([request for request, _ in group]) if len(group) > 1 else None
            if answers is None:
                for request, future in group:
                    await self._alone(request, future)
                continue
            for (_, future), answer in zip(group, answers, strict=True):
                if not future.done():
                    future.set_result(answer)

    async def _together(self, requests: Sequence[Command[Any]]) -> list[BaseModel] | None:
        """All in one transaction; None, and nothing changed, where they have to be done one by one."""
        try:
            async with self._work.gathered() as group:
                assert self._endpoint.prepare is not None
                await self._endpoint.prepare(group, requests)
                return [await self._endpoint.operation(group, request, now=group.clock.now()) for request in requests]
        except Exception as trouble:  # noqa: BLE001 - not swallowed: each request is done again alone and answered there
            get_log("requests").debug("group done one by one", trouble=type(trouble).__name__, requests=len(requests))
            return None

    async def _alone(self, request: Command[Any], future: "asyncio.Future[BaseModel]") -> None:
        try:
            answer = await carry_out(self._endpoint, self._work, request)
        except Exception as trouble:  # noqa: BLE001 - whoever waits for it judges it
            if not future.done():
                future.set_exception(trouble)
        else:
            if not future.done():
                future.set_result(answer)
