"""How a case begins."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from services.intake.errors import ReceivedInFuture, UnknownWindow
from services.intake.model import CASE_NUMBER, Case
from services.intake.operations.rows import known_category, known_flags, known_place
from services.intake.policy import CaseState
from shared.centre.pack import CentrePack
from shared.codes import case_code
from shared.contracts.intake import CaseReceipt, RegisterCase, Source
from shared.infra import lock_spaces
from shared.infra.event_record import new_id
from shared.infra.unit_of_work import Transaction, UnitOfWork

CLOCK_SKEW_MAX = timedelta(minutes=5)
# In one order, so that two transactions with pushes in common cannot wait for each other in a circle.
LOCK_PUSHES = sa.text(
    f"select pg_advisory_xact_lock({lock_spaces.PUSH}, name) from"  # noqa: S608 - own number
    " (select distinct hashtext(name) as name from unnest(cast(:names as text[])) as name order by 1) as names"
)


async def prepare_registering(work: UnitOfWork, commands: Sequence[RegisterCase]) -> None:
    """Fetches for a group what each of them will need."""
    async with work.begin() as tx:
        await _known_pushes(tx, commands)
        await _take_numbers(tx, len(commands))


async def already_registered(tx: Transaction, command: RegisterCase) -> Case | None:
    """The same push of a platform, under another idempotency key."""
    if command.external_reference is None:
        return None
    return (await _known_pushes(tx, [command]))[_push(command)]


async def new_case(tx: Transaction, command: RegisterCase, pack: CentrePack, *, now: datetime) -> Case:
    window = command.actor.window
    if (window is None and command.source is Source.WINDOW) or (window is not None and pack.window(window) is None):
        raise UnknownWindow(f"{window!r} is not a window of this centre", field="actor.window", window=window)
    if command.received_at is not None and command.received_at > now + CLOCK_SKEW_MAX:
        raise ReceivedInFuture("the time of receipt lies in the future", field="received_at")
    number = await _next_number(tx)
    case = Case(
        case_id=new_id(),
        case_code=case_code(now.astimezone(ZoneInfo(pack.timezone)).year, number),
        source=command.source.value,
        category=None,
        category_chosen_by=None,
        place=known_place(pack, command.place) if command.place is not None else None,
        level=command.level,
        flags=known_flags(pack, command.flags),
        handling_mode=None,
        state=CaseState.REGISTERED,
        owner=command.actor.staff,
        window=window,
        unit=None,
        round=1,
        attempts=0,
        misses=0,
        promises=0,
        handled_by=[],
        outcome=None,
        pack_version=pack.version,
        external_reference=command.external_reference,
        received_at=command.received_at or now,
        registered_at=now,
        accepted_at=None,
        closed_at=None,
        taken_on=False,
        splits=0,
    )
    if command.category is not None:
        case.choose_category(known_category(pack, command.category), by=command.actor)
    if command.external_reference is not None:
        _pushes(tx)[_push(command)] = case
    return case


def receipt(case: Case, *, known: bool = False, leader: Case | None = None) -> CaseReceipt:
    return CaseReceipt(
        case_id=case.case_id,
        case_code=case.case_code,
        state=case.state,
        owner=case.owner,
        registered_at=case.registered_at,
        known=known,
        joined_to=None if leader is None else leader.case_code,
    )


# -- what a transaction knows already ----------------------------------------------------------------------------------

Push = tuple[str, str | None]


def _push(command: RegisterCase) -> Push:
    return command.source.value, command.external_reference


def _pushes(tx: Transaction) -> dict[Push, Case | None]:
    """Kept with the session, which lives as long as the transaction does."""
    return tx.session.info.setdefault("intake.pushes", {})


async def _known_pushes(tx: Transaction, commands: Sequence[RegisterCase]) -> dict[Push, Case | None]:
    """Each push with its case, if there is one. A lock per push makes two at once wait for each other."""
    known = _pushes(tx)
    pushes = {_push(command) for command in commands if command.external_reference is not None} - known.keys()
    if pushes:
        await tx.session.execute(LOCK_PUSHES, {"names": [f"{source}/{number}" for source, number in pushes]})
        found = await tx.session.scalars(
            sa.select(Case).where(sa.tuple_(Case.source, Case.external_reference).in_(pushes))
        )
        known |= dict.fromkeys(pushes)
        known |= {(case.source, case.external_reference): case for case in found}
    return known


async def _next_number(tx: Transaction) -> int:
    numbers = tx.session.info.get("intake.numbers") or await _take_numbers(tx, 1)
    return numbers.pop(0)


async def _take_numbers(tx: Transaction, count: int) -> list[int]:
    taken = await tx.session.scalars(sa.select(CASE_NUMBER.next_value()).select_from(sa.func.generate_series(1, count)))
    numbers: list[int] = tx.session.info.setdefault("intake.numbers", [])
    numbers.extend(sorted(taken))
    return numbers
