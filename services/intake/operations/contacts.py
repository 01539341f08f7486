"""What is kept of an open case's contact: one keyed hash, made anew with its category, its place and the keys."""

from services.intake.model import Case, OpenContact, RequesterVault
from shared.centre.pack import CentrePack
from shared.infra.unit_of_work import Transaction
from shared.vault import KeyRing


def new_contact(keys: KeyRing, case: Case, phone: str | None, pack: CentrePack) -> OpenContact | None:
    """None as long as it is not known what the matter is and where, and of a case that is over."""
    place = None if case.place is None else pack.place(case.place)
    if place is None or case.category is None or case.closed_at is not None:
        return None
    return OpenContact.of(keys, case.case_id, phone, category=case.category, township=place.chain[-1])


async def renew_contact(tx: Transaction, keys: KeyRing, case: Case, pack: CentrePack) -> None:
    """After the category, the place or the keys changed. The case is locked."""
    vault = await tx.get(RequesterVault, case.case_id)
    contact = new_contact(keys, case, None if vault is None else vault.opened(keys)["phone"], pack)
    kept = await tx.get(OpenContact, case.case_id)
    if kept is None and contact is not None:
        tx.add(contact)
    elif kept is not None and contact is None:
        await tx.session.delete(kept)
    elif kept is not None and contact is not None:
        kept.hash = contact.hash
