"""`muster vault`: the keys of the requester vault."""

from pathlib import Path
from typing import TypedDict
from uuid import uuid4

import typer

from deploy.cli.doctor import CentreOption, DataOption
from deploy.cli.words import fail, out, run_async
from deploy.embedded.folders import make_data_dir, write_private
from deploy.session import Place, asking
from deploy.vault_keys import vault_key_path
from shared.contracts.actors import OPERATOR, Actor
from shared.contracts.dispatch import ResealReportPhotos
from shared.contracts.escalation import ResealVerificationPhotos
from shared.contracts.intake import RotateVault, VaultRotated
from shared.contracts.photos import PhotosResealed
from shared.vault import KeyRing

app = typer.Typer(no_args_is_help=True, help="The keys that protect requesters' data.")


ROTATION_S = 3_600
OF_PHOTOS = (ResealVerificationPhotos, ResealReportPhotos)


class _Ask(TypedDict):
    actor: Actor
    idempotency_key: str


def _ask() -> _Ask:
    return {"actor": OPERATOR, "idempotency_key": uuid4().hex}


@app.command("new-key")
def new_key(data: DataOption = None) -> None:
    """Puts a new key first in the key file; old keys stay so that old data can be read. Restart, then rotate."""

    async def work() -> Path:
        place = Place.here(data)
        path = vault_key_path(place.data)
        if not path.exists():
            make_data_dir(place.data)
        older = path.read_text(encoding="utf-8") if path.exists() else ""
        write_private(path, KeyRing.generate(older))
        return path

    path = run_async(work())
    out.print(f"new key in {path}; restart Muster, then run: muster vault rotate", soft_wrap=True)


@app.command()
def rotate(data: DataOption = None, centre: CentreOption = None) -> None:
    """Seals all requesters' data, and the photos of their cases, again under the newest key."""

    async def work() -> tuple[int, int]:
        async with asking(Place.here(data, centre)) as asker:
            cases = await asker.ask(RotateVault(**_ask()), VaultRotated, timeout_s=ROTATION_S)
            photos = [await asker.ask(kind(**_ask()), PhotosResealed, timeout_s=ROTATION_S) for kind in OF_PHOTOS]
        return cases.resealed, sum(each.resealed for each in photos)

    cases, photos = run_async(work())
    out.print(f"{cases} case(s) and {photos} photo(s) sealed again")


@app.command()
def path(data: DataOption = None) -> None:
    """Where the key file is: it belongs into the backup, apart from the database."""

    async def work() -> Path:
        return vault_key_path(Place.here(data).data)

    found = run_async(work())
    if not found.exists():
        fail(f"{found} does not exist")
    out.print(str(found), soft_wrap=True)
