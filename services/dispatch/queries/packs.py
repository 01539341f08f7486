"""What may be read of the centre pack."""

from datetime import datetime

from shared.contracts.dispatch import (
    CentrePackInForce,
    ReadCentrePack,
)
from shared.infra.unit_of_work import UnitOfWork


async def read_centre_pack(work: UnitOfWork, request: ReadCentrePack, /, *, now: datetime) -> CentrePackInForce:
    async with work.read() as session:
        pack = await work.packs.in_force(session)
    return CentrePackInForce(version=pack.version, pack=pack.model_dump(mode="json"))
