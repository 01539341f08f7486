"""Many registrations at once, from a process: `python -m benchmarks.flood TARGET NATS_URL COUNT AT_ONCE RATE`.

TARGET is `skeleton`, or a centre's name. RATE 0: as fast as the answers come (closed loop); else so many begin each
second, whether or not the earlier ones were answered (open loop). Prints how long it took and how long answers took.
"""

import asyncio
import json
import sys
import time
from statistics import quantiles
from uuid import uuid4

import uvloop

from benchmarks.yardsticks.skeleton import REQUEST
from shared.contracts.actors import Actor, Role
from shared.contracts.intake import HandlingMode, RegisterCase, Source
from shared.contracts.subjects import request_subject
from shared.infra.messaging import ADMINISTRATOR, connect

ACTOR = Actor(staff="desk.general", role=Role.SYSTEM)
CATEGORY, PLACE = "urban", "a-shi"
ANSWER_MAX_S = 60.0


def matter(number: int) -> str:
    return f"小区门口路灯不亮，第 {number} 次反映，夜间出行不便，请派人查看。" * 4


def registration(number: int) -> bytes:
    command = RegisterCase(
        actor=ACTOR,
        idempotency_key=uuid4().hex,
        source=Source.PLATFORM_PUSH,
        external_reference=f"F{uuid4().hex}",
        matter=matter(number),
        category=CATEGORY,
        place=PLACE,
        accept_as=HandlingMode.FORWARD,
    )
    return command.model_dump_json().encode()


def bare(number: int) -> bytes:
    return json.dumps({"matter": matter(number), "category": CATEGORY}, ensure_ascii=False).encode()


async def main(target: str, nats_url: str, count: int, at_once: int, rate: float) -> None:
    client = await connect(nats_url, user=ADMINISTRATOR)
    skeleton = target == "skeleton"
    subject = REQUEST if skeleton else request_subject(target, "intake", RegisterCase.NAME)
    body = bare if skeleton else registration
    took: list[float] = []
    failed = 0

    async def ask(number: int) -> None:
        nonlocal failed
        began = time.monotonic()
        reply = await client.request(subject, body(number), timeout=ANSWER_MAX_S)
        took.append(time.monotonic() - began)
        failed += not skeleton and not json.loads(reply.data)["ok"]

    began = time.monotonic()
    if rate:
        asked: list[asyncio.Task[None]] = []
        for number in range(count):
            await asyncio.sleep(max(0.0, began + number / rate - time.monotonic()))
            asked.append(asyncio.create_task(ask(number)))
        await asyncio.gather(*asked)
    else:
        numbers = iter(range(count))

        async def worker() -> None:
            for number in numbers:
                await ask(number)

        await asyncio.gather(*(worker() for _ in range(at_once)))
    whole = time.monotonic() - began
    cuts = quantiles(took, n=100)
    answers = {name: round(cuts[place] * 1000, 1) for name, place in (("p50", 49), ("p95", 94), ("p99", 98))}
    print(json.dumps({"seconds": round(whole, 3), "failed": failed, "answer_ms": answers}))
    await client.close()


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), float(sys.argv[5])))
