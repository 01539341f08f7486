"""Checks on notices: each has come to its end, or waits for a channel no longer than it may."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from shared.contracts.escalation import NoticeIssued
from tests.support.chaos.books import Books, MessageRow

ENDS = frozenset({"handed_over", "unreached", "same", "skipped", "answered"})
"""Of a notice. That a channel took a message of it (`sent`) hands it over, in the same transaction."""
WAITS = "pending"
# As the documents promise it (docs/notifications.md: order, deadlines, repetition), urgent and ordinary.
GIVEN_UP_AFTER = {True: timedelta(minutes=20), False: timedelta(hours=2)}
TRIES_MAX = {True: 100, False: 30}
AHEAD_MAX = timedelta(minutes=10)
"""No wait between two tries is so long: who waits longer was put off by a clock that has been set back since."""


def notices_have_an_end(books: Books) -> Iterator[str]:
    """What a ladder told is known to notification, and was handed over, needless or answered, or reached nobody.

    A summons may still wait for a channel that does not answer; so may what stands in an inbox already.
    """
    known = {notice.notice_id for notice in books.notices}
    for event in books.of(NoticeIssued.TYPE):
        if event.data["notice_id"] not in known:
            yield f"notice {event.data['notice_id']} was issued and nobody knows of it"
    for notice in books.notices:
        if not notice.planned or not (ENDS | {WAITS}).intersection(notice.ends):
            yield f"notice {notice.notice_id} has no end: {', '.join(notice.ends) or 'no message of it'}"
    for message in books.under_way:
        yield from (f"message {message.message_id} {fault}" for fault in _faults_of(message, books.at))


def _faults_of(message: MessageRow, at: datetime) -> Iterator[str]:
    """Of one that has no end yet, when everything is settled: nothing is being sent, and a next try lies ahead."""
    if message.state != WAITS or message.next_try_at is None:
        yield f"is {message.state}, and nobody is at it"
        return
    if message.next_try_at <= at:
        yield f"has waited for its next try since {message.next_try_at}"
    if message.next_try_at > at + AHEAD_MAX:
        yield f"is not tried again before {message.next_try_at}"
    if message.tries >= TRIES_MAX[message.urgent]:
        yield f"was tried {message.tries} times"
    if _is_over(message, at):
        yield f"waits since {message.created_at} and was never given up"


def _is_over(message: MessageRow, at: datetime) -> bool:
    """Its time has passed. Only a try that began within it and was answered after it puts off the end once more."""
    until = message.created_at + GIVEN_UP_AFTER[message.urgent]
    tried, answered = message.tried_at, message.answered_at
    under_way_then = tried is not None and answered is not None and tried < until <= answered
    return at >= until and not under_way_then
