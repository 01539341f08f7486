"""What a failure of the database means to whoever asked: try again later in plain words, or a bug of ours."""

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from shared.errors import Refused, Unavailable
from shared.infra.database import as_unavailable, is_retryable


def wrapped(original: Exception) -> DBAPIError:
    return DBAPIError("insert", {}, original)


def translated(cause: Exception) -> DBAPIError:
    """As SQLAlchemy hands on what its driver raised: by an error of its own, with the driver's as the cause."""
    own = Exception("translated")
    own.__cause__ = cause
    return InternalError("rollback", {}, own)


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (wrapped(asyncpg.DiskFullError("no space left on device")), "no room left"),
        (wrapped(asyncpg.TooManyConnectionsError("too many")), "busy"),
        (wrapped(asyncpg.AdminShutdownError("terminating connection")), "away"),
        (wrapped(asyncpg.CannotConnectNowError("starting up")), "away"),
        (wrapped(asyncpg.ConnectionDoesNotExistError("closed")), "away"),
        (wrapped(asyncpg.DeadlockDetectedError("deadlock")), "another change"),
        (OperationalError("select", {}, ConnectionRefusedError("refused")), "away"),
        (ConnectionRefusedError("refused"), "away"),
        (asyncpg.InternalClientError("cut in the middle of an answer"), "away"),
        (translated(asyncpg.InternalClientError("cannot switch to state 15")), "away"),
        (PoolTimeout("pool"), "busy"),
        (Unavailable("not yet"), "not yet"),
    ],
)
def test_a_database_in_trouble_is_later_in_plain_words(trouble: Exception, words: str) -> None:
    away = as_unavailable(trouble)
    assert away is not None
    assert words in away.message
    assert "Error" not in away.message
    assert away.retry_after_s > 0


@pytest.mark.parametrize(
    "trouble",
    [
        ValueError("a bug"),
        Refused("no"),
        IntegrityError("insert", {}, asyncpg.UniqueViolationError("twice")),
        wrapped(asyncpg.UndefinedTableError("no such table")),
        translated(asyncpg.DataError("invalid input for query argument $1")),
    ],
)
def test_a_bug_is_not_excused_as_a_database_in_trouble(trouble: Exception) -> None:
    assert as_unavailable(trouble) is None


def test_only_conflicts_are_tried_again_at_once() -> None:
    assert is_retryable(wrapped(asyncpg.DeadlockDetectedError("deadlock")))
    assert is_retryable(wrapped(asyncpg.SerializationError("conflict")))
    assert not is_retryable(wrapped(asyncpg.DiskFullError("full")))
    assert not is_retryable(ValueError("a bug"))
