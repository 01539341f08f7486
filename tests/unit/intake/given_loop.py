"""What the end of the loop is asked with."""

from datetime import UTC, datetime, timedelta
from functools import cache

from deploy.packs import default_pack
from shared.centre.pack import CentrePack
from shared.contracts.actors import Actor, Role
from shared.contracts.intake import ExplainCase, ExplainDelay, FollowUpKind

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
OWNER = Actor(staff="clerk.1", role=Role.INTAKE_CLERK, window="general")
CODE = "26-0000001-4"


@cache
def quanzhou() -> CentrePack:
    return default_pack()


def explanation(by: Actor = OWNER) -> ExplainCase:
    return ExplainCase(
        actor=by,
        idempotency_key="k",
        case_code=CODE,
        explanation="依据条例第三条，处理并无不当",
        given_by=FollowUpKind.VISIT,
    )


def delay(by: Actor = OWNER, *, promised_for: datetime = NOW + timedelta(days=5)) -> ExplainDelay:
    return ExplainDelay(
        actor=by,
        idempotency_key="k",
        case_code=CODE,
        promised_for=promised_for,
        explanation="鉴定需时，届时答复",
        given_by=FollowUpKind.TELEPHONE,
    )
