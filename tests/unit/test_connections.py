"""The embedded database has room for what a centre on one machine may run."""

from deploy.embedded.postgres import SETTINGS
from shared.contracts.subjects import EVERY_SERVICE
from shared.settings import ServiceSettings

COPIES = 2
RELAY, LEAD, LISTENERS_AND_COMMANDS, RESERVED = 1, 1, 20, 3


def test_two_copies_of_every_service_may_use_every_connection_of_theirs() -> None:
    pool_max = ServiceSettings.model_fields["database_pool_max"].default
    needed = COPIES * len(EVERY_SERVICE) * (pool_max + RELAY + LEAD) + LISTENERS_AND_COMMANDS + RESERVED
    assert int(SETTINGS["max_connections"]) >= needed
