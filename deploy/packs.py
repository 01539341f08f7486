"""Centre packs that come with the program, and putting one in force."""

from functools import cache
from pathlib import Path
from uuid import uuid4

from shared.centre.load import load_pack
from shared.centre.pack import CentrePack
from shared.contracts.actors import OPERATOR
from shared.contracts.dispatch import ApplyCentrePack, CentrePackInForce, PackApplied, ReadCentrePack
from shared.errors import RemoteRefusal
from shared.infra.asking import Asker


def default_pack_dir() -> Path:
    return Path(__file__).parent / "centres" / "quanzhou-tic"


@cache
def default_pack() -> CentrePack:
    """Read once: it is frozen, and comes with the program."""
    return load_pack(default_pack_dir())


def general_window(pack: CentrePack) -> str:
    """The counter for what comes by other ways than a person at a window: the triage unit's, else the first."""
    own = (window.code for window in pack.windows if window.unit == pack.triage.unit)
    return next(own, pack.windows[0].code)


async def pack_in_force(asker: Asker) -> CentrePack | None:
    try:
        found = await asker.ask_patiently(ReadCentrePack(actor=OPERATOR), CentrePackInForce)
    except RemoteRefusal as refusal:
        if refusal.remote_code == "no_centre_pack":
            return None
        raise
    return CentrePack.model_validate(found.pack)


async def apply_pack(asker: Asker, pack: CentrePack) -> PackApplied:
    """Puts this version in force; in force already, nothing happens."""
    command = ApplyCentrePack(
        actor=OPERATOR,
        idempotency_key=uuid4().hex,  # going back to an older version and forth again are acts of their own
        pack=pack.model_dump(mode="json"),
    )
    return await asker.ask_patiently(command, PackApplied)
