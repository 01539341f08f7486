"""What all actors share: whom to ask, the clock, the agenda, each case's plan, and a tally of what was answered."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar
from uuid import uuid4

from pydantic import BaseModel

from deploy.demo.agenda import Act, Agenda
from deploy.demo.conduct import Conduct, draw_conduct
from deploy.demo.dice import dice_for
from deploy.demo.office import Office
from deploy.demo.plan import CasePlan
from deploy.demo.staff import Staff
from shared.centre.pack import CentrePack
from shared.clock import Clock
from shared.contracts.base import Request
from shared.contracts.intake import Source
from shared.errors import Refused, RemoteRefusal, Unavailable
from shared.infra.logs import get_log

PATIENCE_S = 60.0
LOOK_PATIENCE_S = 5.0
# A case registered a moment ago, which dispatch has not read of yet: asked again, as a director would.
NOT_YET, AGAIN_S = "case_unknown", 0.2
A = TypeVar("A", bound=BaseModel)


class Asking(Protocol):
    """The one door through which the demo reaches the product."""

    async def ask_patiently(
        self, request: Request[Any], answer_type: type[A], *, service: str | None = None, patience_s: float = 30.0
    ) -> A: ...


@dataclass(slots=True)
class Tally:
    """What the actors were answered. Told as progress; the summary counts for itself."""

    asked: Counter[str] = field(default_factory=Counter[str])
    refused: Counter[str] = field(default_factory=Counter[str])
    unavailable: Counter[str] = field(default_factory=Counter[str])


class Floor:
    def __init__(self, asker: Asking, pack: CentrePack, clock: Clock, *, seed: int) -> None:
        self.pack = pack
        self.clock = clock
        self.seed = seed
        self.office = Office(pack)
        self.staff = Staff(pack)
        self.agenda = Agenda(clock)
        self.tally = Tally()
        self.run = uuid4().hex[:12]
        self.cases: dict[str, CasePlan] = {}
        self.returned_by: dict[str, str] = {}
        self._asker = asker
        self._log = get_log("demo")

    def key(self, *parts: object) -> str:
        """The same act has the same key however often it is tried; another run of the demo has others."""
        return "/".join(("demo", self.run, *map(str, parts)))

    def conduct(self, case_code: str) -> Conduct:
        """As planned; drawn from the code for a case that an earlier run left open."""
        known = self.cases.get(case_code)
        if known is not None:
            return known.conduct
        return draw_conduct(self.pack, dice_for("found", case_code), source=Source.PLATFORM_PUSH, level="IV")

    def over(self, case_code: str) -> None:
        """The case is closed: nobody here has to remember it any longer."""
        self.cases.pop(case_code, None)
        self.returned_by.pop(case_code, None)

    def later(self, span: timedelta, act: Act, *, since: datetime | None = None) -> None:
        """After so much office time."""
        self.agenda.at(self.office.after(since or self.clock.now(), span), act)

    async def ask(self, request: Request[Any], answer_type: type[A]) -> A | None:
        """The answer; None where it is no, or nobody answered for a minute. Both are noted, neither ends the day."""
        name = request.NAME
        self.tally.asked[name] += 1
        try:
            return await self._ask_until_known(request, answer_type)
        except Refused as refusal:
            self._note(name, refusal)
        except Unavailable as away:
            self.tally.unavailable[name] += 1
            self._log.warning("no answer", request=name, retry_after_s=away.retry_after_s)
        return None

    async def _ask_until_known(self, request: Request[Any], answer_type: type[A]) -> A:
        patient_until = asyncio.get_running_loop().time() + PATIENCE_S
        while True:
            try:
                return await self._asker.ask_patiently(request, answer_type, patience_s=PATIENCE_S)
            except Refused as refusal:
                if _code_of(refusal) != NOT_YET or asyncio.get_running_loop().time() > patient_until:
                    raise
            await asyncio.sleep(AGAIN_S)

    async def look(self, request: Request[Any], answer_type: type[A]) -> A | None:
        """Reads a list; None while the service is away: the next round looks again."""
        try:
            return await self._asker.ask_patiently(request, answer_type, patience_s=LOOK_PATIENCE_S)
        except Refused as refusal:
            self._note(request.NAME, refusal)
        except Unavailable:
            self.tally.unavailable[request.NAME] += 1
        return None

    def _note(self, name: str, refusal: Refused) -> None:
        code = _code_of(refusal)
        self.tally.refused[f"{name}: {code}"] += 1
        self._log.info("refused", request=name, code=code, field=refusal.field)


def _code_of(refusal: Refused) -> str:
    return refusal.remote_code if isinstance(refusal, RemoteRefusal) else refusal.code
