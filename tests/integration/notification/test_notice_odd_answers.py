"""What a gateway says back is kept, whatever it holds, and holds up nobody else's notices."""

from services.notification.channels.base import HandedOver
from tests.integration.notification.given import LIAISON, Bench, Scripted, Whistle


async def test_an_id_that_no_database_takes_holds_up_nobody(bench: Bench) -> None:
    odd, email = Scripted("sms", script=[HandedOver("4711\0\ud800")]), Scripted("email")
    courier = bench.with_channels(odd, email)
    await bench.reaches(LIAISON, "sms", "email")
    await bench.hears(Whistle().rung())
    await courier.run()
    (kept,) = await bench.messages(channel="sms")
    assert (kept.state, kept.remote_id) == ("sent", "4711")
    assert len(email.taken) == 1
