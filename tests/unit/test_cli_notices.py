"""`muster notices`: what it says of every state of a message, and what it asks for."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from pydantic import BaseModel
from typer.testing import CliRunner

from deploy.cli import notices
from deploy.cli.notice_words import NOTICE_KINDS, STATES, UNREACHED, WHY_UNREACHABLE, history, why_of
from deploy.cli.words import out
from services.notification.policy.facts import NoticeFacts
from shared.codes import case_code
from shared.contracts.base import Done, Request
from shared.contracts.dispatch import ReadCentrePack
from shared.contracts.notification import (
    Attempt,
    CheckContacts,
    Contact,
    Contacts,
    ListContacts,
    ListMessages,
    ListNotices,
    Messages,
    MessageState,
    MessageView,
    Notices,
    NoticeView,
    RemoveContact,
    SetContact,
    UnreachablePost,
    UnreachablePosts,
    Unreached,
)
from shared.errors import RemoteRefusal

RUN = CliRunner()
ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
CODE = case_code(2026, 104)


def message(state: MessageState, **more: Any) -> MessageView:
    known: dict[str, Any] = {
        "message_id": UUID(int=1),
        "notice_id": UUID(int=2),
        "staff": "police.liaison",
        "post": "liaison_officer",
        "unit": "police",
        "channel": "email",
        "state": state,
        "subject": "吹哨：请公安分局于09:20前到指挥室",
        "case_code": CODE,
        "drill": False,
        "created_at": NOW,
        "sent_at": None,
        "delivered_at": None,
        "read_at": None,
        "ended_at": None,
        "next_try_at": None,
    }
    return MessageView(**{**known, **more})


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (message(MessageState.PENDING), "waits"),
        (
            message(MessageState.PENDING, next_try_at=NOW, why="the channel takes 20 a minute"),
            "waits, next try 11-23 09:00:00: the channel takes 20 a minute",
        ),
        (message(MessageState.SENDING), "is being handed over"),
        (message(MessageState.SENT, sent_at=NOW), "the channel took it 11-23 09:00:00; no receipt yet"),
        (message(MessageState.DELIVERED, delivered_at=NOW), "arrived 11-23 09:00:00"),
        (
            message(MessageState.READ, sent_at=NOW, read_at=NOW + timedelta(minutes=1)),
            "arrived 11-23 09:01:00, read 11-23 09:01:00",
        ),
        (message(MessageState.ANSWERED), "arrived"),
        (message(MessageState.FAILED, why="this centre has no channel email"), "this centre has no channel email"),
        (message(MessageState.FAILED), "given up"),
        (message(MessageState.SKIPPED, why="arrived"), "not needed: already arrived (已到场)"),
        (message(MessageState.SKIPPED, why="a new word"), "not needed: a new word"),
        (message(MessageState.SKIPPED), "not needed: nothing was left to say"),
    ],
)
def test_why_a_message_did_or_did_not_arrive(shown: MessageView, said: str) -> None:
    assert why_of(shown, ZONE) == said


def test_the_tries_are_told_where_they_tell_something() -> None:
    def tries(*results: str) -> tuple[Attempt, ...]:
        return tuple(Attempt(number=n, at=NOW, result=result) for n, result in enumerate(results, start=1))

    assert history(message(MessageState.SENT, attempts=tries("handed_over")), ZONE) == ()
    told = history(message(MessageState.SENT, attempts=tries("it answers 503", "handed_over")), ZONE)
    assert told == ("  1. 11-23 09:00:00 it answers 503", "  2. 11-23 09:00:00 handed over")
    many = history(message(MessageState.FAILED, attempts=tries(*["no answer"] * 12)), ZONE)
    assert many[0] == "  (7 earlier tries)"
    assert many[-1].startswith("  12. ")


def test_every_word_of_the_contracts_has_one_here() -> None:
    assert set(STATES) == set(MessageState)
    assert set(UNREACHED) == set(Unreached)
    assert set(WHY_UNREACHABLE) == set(UnreachablePost.model_fields["why"].annotation.__args__)  # type: ignore[union-attr]
    assert set(NOTICE_KINDS) == set(NoticeFacts.model_fields["kind"].annotation.__args__)  # type: ignore[union-attr]


# -- the commands ------------------------------------------------------------------------------------------------------


class Office:
    """Answers what it was given, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Request[Any]] = []
        self.answers: dict[type[Request[Any]], BaseModel] = {
            ListMessages: Messages(messages=(), total=0),
            ListNotices: Notices(notices=()),
            ListContacts: Contacts(contacts=()),
            CheckContacts: UnreachablePosts(posts=()),
            SetContact: Done(at=NOW),
            RemoveContact: Done(at=NOW),
        }

    async def ask(self, request: Request[Any], answer: type[BaseModel], *, service: str | None = None) -> BaseModel:
        self.asked.append(request)
        return self.answers[type(request)]

    async def ask_patiently(self, request: Request[Any], answer: type[BaseModel]) -> BaseModel:
        assert isinstance(request, ReadCentrePack)
        raise RemoteRefusal({"code": "no_centre_pack", "message": "none yet"})


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Office:
    office = Office()

    @asynccontextmanager
    async def asking(_place: object) -> AsyncGenerator[Office]:
        yield office

    monkeypatch.setattr(notices, "asking", asking)
    monkeypatch.setattr(out, "_width", 240)
    return office


def run(*arguments: str, typed: str | None = None) -> tuple[int, str]:
    result = RUN.invoke(notices.app, list(arguments), input=typed)
    assert "Traceback" not in result.output
    return result.exit_code, result.output


def test_a_list_says_why_and_who_was_never_reached(office: Office) -> None:
    failed = message(MessageState.FAILED, why="this centre has no channel email")
    office.answers[ListMessages] = Messages(messages=(failed,), total=3)
    office.answers[ListNotices] = Notices(
        notices=(
            NoticeView(
                notice_id=UUID(int=2),
                kind="summons",
                post="duty_director",
                unit=None,
                case_code=CODE,
                drill=False,
                created_at=NOW,
                handed_over_at=None,
                unreached=Unreached.NOBODY_ON_DUTY,
            ),
        )
    )
    code, said = run("list", "--case", CODE.replace("-", " "), "--unarrived")
    assert code == 0
    for words in ("police.liaison (police)", "this centre has no channel email", "1 of 3", "无人值班", "summons 吹哨"):
        assert words in said, words
    first, second = office.asked
    assert isinstance(first, ListMessages)
    assert (first.case_code, first.only_unarrived) == (CODE, True)
    assert isinstance(second, ListNotices)
    assert (second.case_code, second.only_unreached) == (CODE, True)


def test_a_list_for_one_post_asks_for_its_messages_only(office: Office) -> None:
    code, said = run("list", "--staff", "police.liaison", "--state", "failed", "--channel", "email")
    assert (code, said.strip()) == (0, "no messages")
    (asked,) = office.asked
    assert isinstance(asked, ListMessages)
    assert (asked.staff, asked.state, asked.channel) == ("police.liaison", MessageState.FAILED, "email")


def test_a_list_for_programs(office: Office) -> None:
    office.answers[ListMessages] = Messages(messages=(message(MessageState.SENT),), total=1)
    _, said = run("list", "--json")
    told = json.loads(said)
    assert told["messages"][0]["state"] == "sent"
    assert told["unreached"] == []


@pytest.mark.parametrize("arguments", [("--case", "26-0000104-6"), ("--case", "x"), ("--state", "lost")])
def test_nonsense_is_named(office: Office, arguments: tuple[str, ...]) -> None:
    code, said = run("list", *arguments)
    assert code == 2
    assert arguments[1] in said
    assert office.asked == []


def test_contacts_are_listed_in_order(office: Office) -> None:
    contact = Contact(
        staff="police.liaison",
        channel="sms",
        address="139****0000",
        position=2,
        working=False,
        last_failure="it answers 404",
    )
    office.answers[ListContacts] = Contacts(contacts=(contact,))
    _, said = run("contacts", "list", "police.liaison")
    for words in ("sms", "139****0000", "no", "404"):
        assert words in said
    assert json.loads(run("contacts", "list", "--json")[1])[0]["position"] == 2
    office.answers[ListContacts] = Contacts(contacts=())
    assert "inbox" in run("contacts", "list")[1]


def test_a_contact_is_set_and_removed_and_its_address_is_not_said_again(office: Office) -> None:
    code, said = run("contacts", "set", "police.liaison", "sms", "13900000000", "--position", "2")
    assert code == 0
    assert "13900000000" not in said
    code, said = run("contacts", "set", "police.liaison", "sms", "-", typed="13900000001\n")
    assert code == 0
    assert "13900000001" not in said
    assert run("contacts", "remove", "police.liaison", "sms")[0] == 0
    first, second, removed = office.asked
    assert isinstance(first, SetContact)
    assert (first.staff, first.channel, first.address, first.position) == ("police.liaison", "sms", "13900000000", 2)
    assert isinstance(second, SetContact)
    assert second.address == "13900000001"
    assert isinstance(removed, RemoveContact)


def test_a_check_ends_with_an_error_where_somebody_cannot_be_reached(office: Office) -> None:
    assert run("contacts", "check")[0] == 0
    post = UnreachablePost(staff="director-2", roster="duty-director", first_duty_at=NOW, why="contact_failing")
    office.answers[CheckContacts] = UnreachablePosts(posts=(post,))
    code, said = run("contacts", "check", "--days", "30")
    assert code == 1
    assert "director-2" in said
    assert "its contact fails" in said
    asked = office.asked[-1]
    assert isinstance(asked, CheckContacts)
    assert asked.days == 30
    code, said = run("contacts", "check", "--json")
    assert code == 1
    assert json.loads(said)[0]["why"] == "contact_failing"
