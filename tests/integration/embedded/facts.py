"""One committed row and one acknowledged message: what must still be there after whatever a test does."""

import asyncpg
import nats

from deploy.embedded.servers import ServerAddresses

SUBJECT = "muster.qz.intake.case.registered"


async def leave_facts(addresses: ServerAddresses) -> None:
    await leave_row(addresses.database_url)
    client = await nats.connect(addresses.nats_urls["admin"])
    stream = client.jetstream()
    await stream.add_stream(name="INTAKE", subjects=["muster.qz.intake.>"])
    acknowledged = await stream.publish(SUBJECT, b"one case")
    assert acknowledged.seq == 1
    await client.close()


async def leave_row(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    await connection.execute("CREATE TABLE kept (word text)")
    await connection.execute("INSERT INTO kept VALUES ('积水')")
    await connection.close()


async def assert_facts(addresses: ServerAddresses) -> None:
    await assert_row(addresses.database_url)
    client = await nats.connect(addresses.nats_urls["admin"])
    message = await client.jetstream().get_msg("INTAKE", seq=1)
    assert message.data == b"one case"
    await client.close()


async def assert_row(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    assert await connection.fetchval("SELECT word FROM kept") == "积水"
    await connection.close()
