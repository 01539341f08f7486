"""What came of sending is kept, or set aside: one outcome that no database takes must not hold up the others."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from services.notification.operations.parcel import Outcome
from services.notification.operations.record_outcomes import record_outcomes
from shared.infra.database import as_unavailable, describe
from shared.infra.logs import get_log
from shared.infra.unit_of_work import UnitOfWork

SET_ASIDE = "what the channel answered could not be written down; it may have arrived"


async def store_outcomes(work: UnitOfWork, outcomes: Sequence[Outcome]) -> None:
    """All at once; where that fails for a reason of their own, message by message.

    Raises where the database is away: then nothing is wrong with them, and they are to be kept.
    """
    try:
        await record_outcomes(work, outcomes)
    except Exception as trouble:
        if as_unavailable(trouble) is not None:
            raise
        for one in _letter_by_letter(outcomes):
            await _store_or_set_aside(work, one)


async def _store_or_set_aside(work: UnitOfWork, outcome: Outcome) -> None:
    try:
        await record_outcomes(work, [outcome])
    except Exception as trouble:
        if as_unavailable(trouble) is not None:
            raise
        message_id = str(outcome.parcel.letters[0].message_id)
        get_log("courier").error(
            "outcome set aside", channel=outcome.parcel.channel, message_id=message_id, trouble=describe(trouble)
        )
        await _set_aside(work, outcome, message_id)


async def _set_aside(work: UnitOfWork, outcome: Outcome, message_id: str) -> None:
    """Given up on this channel. If even that cannot be kept, its lease runs out, and later it is given up by time."""
    try:
        await record_outcomes(work, [replace(outcome, result="refused", taken=None, words=SET_ASIDE)])
    except Exception as trouble:
        if as_unavailable(trouble) is not None:
            raise
        get_log("courier").error("message left to its lease", message_id=message_id, trouble=describe(trouble))


def _letter_by_letter(outcomes: Sequence[Outcome]) -> Iterator[Outcome]:
    for outcome in outcomes:
        for letter in outcome.parcel.letters:
            yield replace(outcome, parcel=replace(outcome.parcel, letters=(letter,)))
