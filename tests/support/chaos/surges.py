"""The commander switches to surge and back while everything else goes on: no owner and no clock may suffer from it."""

import asyncio
from datetime import timedelta
from uuid import uuid4

from deploy.demo.staff import COMMANDER
from shared.clock import Clock
from shared.contracts.dispatch import EndSurge, ModeView, SwitchMode
from tests.support.chaos.witness import Witness

EXPECTED = timedelta(hours=8)


async def switch_to_and_fro(witness: Witness, clock: Clock, every_s: float | None) -> None:
    """Until cancelled; a switch that is under way then is one whose answer nobody heard. None: never."""
    while every_s is not None:
        await asyncio.sleep(every_s)
        surge = SwitchMode(
            actor=COMMANDER,
            idempotency_key=uuid4().hex,
            level="III",
            reason="防汛应急",
            expected_end=clock.now() + EXPECTED,
        )
        await witness.ask_patiently(surge, ModeView)
        await asyncio.sleep(every_s)
        await witness.ask_patiently(EndSurge(actor=COMMANDER, idempotency_key=uuid4().hex, reason="响应结束"), ModeView)
