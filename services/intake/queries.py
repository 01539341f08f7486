"""What may be read of cases: masked, unless it is revealed on record."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import orm

from services.intake.errors import CaseUnknown
from services.intake.model import Case, RequesterVault
from shared.contracts.intake import (
    ERASED,
    ListOpenCases,
    ListPromises,
    MaskedCase,
    OpenCase,
    OpenCases,
    Promises,
    PromiseView,
    ReadCase,
)
from shared.infra.unit_of_work import UnitOfWork
from shared.vault import KeyRing, mask_name, mask_phone, mask_text


class MaskedReads:
    def __init__(self, keys: KeyRing) -> None:
        self._keys = keys

    async def read_case(self, work: UnitOfWork, request: ReadCase, /, *, now: datetime) -> MaskedCase:
        code = request.case_code
        query = sa.select(Case, RequesterVault).join(RequesterVault, RequesterVault.case_id == Case.case_id)
        async with work.read() as session:
            found = (await session.execute(query.where(Case.case_code == code))).one_or_none()
            if found is None:
                raise CaseUnknown(f"no case {code} was registered here", field="case_code", case_code=code)
            case, vault = found
            leads = sa.select(Case.case_code).where(Case.case_id == case.joined_to)
            leader = None if case.joined_to is None else await session.scalar(leads)
            joined = sa.select(Case.case_code).where(Case.joined_to == case.case_id).order_by(Case.case_code)
            followers = tuple(await session.scalars(joined))
        masked = _masked(case, vault.opened(self._keys), erased=vault.erased_at is not None)
        return masked.model_copy(update={"joined_to": leader, "joined": followers})


def _masked(case: Case, words: dict[str, str | None], *, erased: bool) -> MaskedCase:
    return MaskedCase(
        case_id=case.case_id,
        case_code=case.case_code,
        state=case.state,
        source=case.source,  # pyright: ignore[reportArgumentType] - pydantic turns the text into its enum
        category=case.category,
        place=case.place,
        level=case.level,  # pyright: ignore[reportArgumentType]
        flags=tuple(case.flags),
        handling_mode=case.handling_mode,  # pyright: ignore[reportArgumentType]
        owner=case.owner,
        window=case.window,
        round=case.round,
        pack_version=case.pack_version,
        received_at=case.received_at,
        registered_at=case.registered_at,
        closed_at=case.closed_at,
        matter=ERASED if erased else mask_text(words["matter"] or ""),
        requester_name=mask_name(words["name"]) if words["name"] else None,
        requester_phone=mask_phone(words["phone"]) if words["phone"] else None,
    )


async def list_open_cases(work: UnitOfWork, request: ListOpenCases, /, *, now: datetime) -> OpenCases:
    """Oldest first."""
    wanted: list[sa.ColumnElement[bool]] = [Case.closed_at.is_(None)]
    if request.owner is not None:
        wanted.append(Case.owner == request.owner)
    if request.state is not None:
        wanted.append(Case.state == request.state)
    async with work.read() as session:
        total = await session.scalar(sa.select(sa.func.count()).select_from(Case).where(*wanted))
        leader = orm.aliased(Case)
        query = sa.select(Case, leader.case_code).outerjoin(leader, leader.case_id == Case.joined_to).where(*wanted)
        rows = (await session.execute(query.order_by(Case.registered_at).limit(request.limit))).all()
    return OpenCases(cases=tuple(_open(case, followed) for case, followed in rows), total=total or 0)


async def list_promises(work: UnitOfWork, request: ListPromises, /, *, now: datetime) -> Promises:
    """暂不能办结: the dates that stand, the nearest first."""
    wanted: list[sa.ColumnElement[bool]] = [Case.promised_for.is_not(None)]
    if request.owner is not None:
        wanted.append(Case.owner == request.owner)
    async with work.read() as session:
        total = await session.scalar(sa.select(sa.func.count()).select_from(Case).where(*wanted))
        query = sa.select(Case).where(*wanted).order_by(Case.promised_for, Case.case_code).limit(request.limit)
        rows = (await session.scalars(query)).all()
    return Promises(promises=tuple(_promise(case, now) for case in rows), total=total or 0)


def _promise(case: Case, now: datetime) -> PromiseView:
    assert case.promised_for is not None
    assert case.promised_at is not None  # the database checks it
    return PromiseView(
        case_code=case.case_code,
        number=case.promises,
        promised_for=case.promised_for,
        explained_at=case.promised_at,
        owner=case.owner,
        category=case.category,
        place=case.place,
        level=case.its_level(),
        late=case.promised_for < now,
    )


def _open(case: Case, leader: str | None) -> OpenCase:
    return OpenCase(
        case_code=case.case_code,
        state=case.state,
        category=case.category,
        place=case.place,
        level=case.level,  # pyright: ignore[reportArgumentType]
        owner=case.owner,
        registered_at=case.registered_at,
        joined_to=leader,
    )
