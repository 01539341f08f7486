"""Messages that the relay never sent: events once more, in the wrong order, and such as nobody can apply."""
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# (this file speaks to a library without types)

import asyncio
import json
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import nats.errors
from nats.aio.client import Client

from shared.clock import Clock
from shared.contracts.dispatch import WorkOrderSignedOff
from shared.contracts.intake import CaseRegistered
from shared.contracts.subjects import CONSUMERS, SERVICES, event_subject
from tests.support.chaos.looking import connected
from tests.support.chaos.planted import ExpectedLetter, Planted
from tests.support.chaos.reading import letter_marks

EVENTS_AGAIN = 12
PUBLISH_MAX_S = 20.0
AGAIN_S = 0.2
SOME = "select type, envelope::text as body from {0}.event order by md5(event_id::text || $1) limit $2"
WAITING = "select type, envelope::text as body from {0}.unsent join {0}.event using (position) order by position desc"
LONGEST = """
    select coalesce(max(events), 0) from
        (select count(*) as events from {0}.unsent join {0}.event using (position) group by chain) as waiting"""


class Forge:
    """`client` is the broker administrator's. Everything it sends is noted in `planted`."""

    def __init__(
        self,
        client: Client,
        centre: str,
        database_url: str,
        clock: Clock,
        *,
        readers: frozenset[str],
        patience_s: float,
    ) -> None:
        self._patience_s = patience_s
        self._client = client
        self._centre = centre
        self._database_url = database_url
        self._clock = clock
        self._readers = readers
        self.planted = Planted()

    def forget(self) -> None:
        """The streams were emptied, and what was planted in them is gone."""
        self.planted.messages.clear()

    async def repeat(self, number: int, lot: float, *, times: int) -> int:
        """Some events of each service, new and old, each so many times."""
        connection = await connected(self._database_url)
        try:
            found = [await connection.fetch(SOME.format(name), str(lot), EVENTS_AGAIN) for name in SERVICES]
        finally:
            connection.terminate()
        rows = [row for one in found for row in one]
        for time in range(times):
            for place, row in enumerate(rows):
                await self._send(row["type"], row["body"], f"again/{number}/{time}/{place}")
        return times * len(rows)

    async def longest_wait(self, connection: Any, service: str) -> int:
        """How many events of one chain wait to be published."""
        return await connection.fetchval(LONGEST.format(service))

    async def send_reversed(self, connection: Any, service: str, number: int) -> int:
        rows = await connection.fetch(WAITING.format(service))
        for place, row in enumerate(rows):
            await self._send(row["type"], row["body"], f"reversed/{number}/{place}")
        return len(rows)

    async def send_undecodable(self, number: int) -> None:
        """No event at all, where registrations are told."""
        text = f"no event {number}"
        await self._send(CaseRegistered.TYPE, text, f"undecodable/{number}")
        self._expect(CaseRegistered.TYPE, text)

    async def send_refused(self, number: int) -> None:
        """Two sound events about a case that there is not: the first is refused, the second waits behind it."""
        ids = {name: str(uuid5(NAMESPACE_URL, f"{number}/{name}")) for name in ("case", "order", "first", "second")}
        self.planted.cases.add(ids["case"])
        for sequence, name in enumerate(("first", "second"), start=1):
            body = self._signed_off(ids[name], ids["case"], ids["order"], sequence, self._clock.now())
            await self._send(WorkOrderSignedOff.TYPE, body, f"refused/{number}/{sequence}")
            self.planted.marks.add(ids[name])
            self.planted.letters.append(ExpectedLetter("intake", "intake-from-dispatch", ids[name]))

    async def until_kept(self) -> int:
        """Until every consumer that must has kept its dead letter. Raises TimeoutError."""
        async with asyncio.timeout(self._patience_s):
            while True:
                kept = await self._kept()
                if kept >= set(self.planted.letters):
                    return len(kept)
                await asyncio.sleep(AGAIN_S)

    async def _kept(self) -> set[ExpectedLetter]:
        connection = await connected(self._database_url)
        try:
            return {one for name in sorted(self._readers) for one in await letter_marks(connection, name)}
        finally:
            connection.terminate()

    def _expect(self, event_type: str, mark: str) -> None:
        source = event_type.split(".")[0]
        self.planted.marks.add(mark)
        self.planted.letters += [
            ExpectedLetter(consumer.reader, consumer.name, mark)
            for consumer in CONSUMERS
            if consumer.source == source and consumer.reader in self._readers and not consumer.nouns
        ]

    def _signed_off(self, event_id: str, case: str, order: str, sequence: int, now: datetime) -> str:
        event = WorkOrderSignedOff.model_validate(
            {
                "case_id": case,
                "case_code": "no-such-case",
                "work_order_id": order,
                "unit": "nobody",
                "round": 1,
                "signed_off_at": now,
            }
        )
        envelope = {
            "id": event_id,
            "source": f"muster/{self._centre}/dispatch",
            "type": event.TYPE,
            "time": now.isoformat(),
            "subject": event.case_code,
            "centre": self._centre,
            "chain": f"poison/{case}",
            "sequence": sequence,
            "trace": event_id,
            "data": event.model_dump(mode="json"),
        }
        return json.dumps(envelope)

    async def _send(self, event_type: str, body: str, name: str) -> None:
        mark = f"planted/{name}"
        self.planted.messages.add(mark)
        async with asyncio.timeout(PUBLISH_MAX_S):
            while not await self._is_published(event_type, body, mark):
                await asyncio.sleep(AGAIN_S)

    async def _is_published(self, event_type: str, body: str, mark: str) -> bool:
        """False where the last fault is still felt."""
        subject, headers = event_subject(self._centre, event_type), {"Nats-Msg-Id": mark}
        try:
            await self._client.jetstream(timeout=2).publish(subject, body.encode(), headers=headers)
        except (nats.errors.Error, TimeoutError):
            return False
        return True
