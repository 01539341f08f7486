"""The users of the embedded broker, with the rights the services' own table gives them."""

from deploy.embedded.nats_config import NatsUser
from shared.infra.messaging import ALL_PERMISSIONS


def nats_users() -> list[NatsUser]:
    return [NatsUser(p.user, list(p.publish), list(p.subscribe), p.allow_responses) for p in ALL_PERMISSIONS]
