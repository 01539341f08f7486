import time
from tests.unit.escalation.given import Story, at
async def test_batch(bench):
    stories = [Story() for _ in range(100)]
    env = [bench.envelope(e) for s in stories for e in (s.registered(), s.accepted())]
    for _ in range(2):
        t=time.perf_counter()
        inbox = bench.inboxes["intake"]
        async with bench.work.shared() as shared:
            for e in await inbox._admit(shared.session, env):
                await inbox._handle(shared, e)
        print("INTAKE", time.perf_counter()-t)
        envd = [bench.envelope(s.dispatched()) for s in stories]
        inbox = bench.inboxes["dispatch"]
        t=time.perf_counter()
        async with bench.work.shared() as shared:
            for e in await inbox._admit(shared.session, envd):
                await inbox._handle(shared, e)
        print("DISPATCH", time.perf_counter()-t)
        stories = [Story() for _ in range(100)]
        env = [bench.envelope(e) for s in stories for e in (s.registered(), s.accepted())]
