"""A case by the code a person gives."""

import sqlalchemy as sa

from services.escalation.errors.supervision import CaseUnknown
from services.escalation.model import CaseClocks, CaseFile
from services.escalation.operations.case_clocks import open_case
from shared.infra.unit_of_work import Transaction


async def case_of_code(tx: Transaction, code: str) -> CaseClocks:
    """Locked until commit. Refused where nothing has been heard of it here; drills have no code."""
    case_id = await tx.session.scalar(sa.select(CaseFile.case_id).where(CaseFile.case_code == code))
    if case_id is None:
        raise CaseUnknown(f"nothing is known of case {code} here", field="case_code", case_code=code)
    return await open_case(tx, case_id, code)
