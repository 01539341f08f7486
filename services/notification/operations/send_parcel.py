"""One call of a channel, outside any transaction and bounded in time."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import get_args
from uuid import uuid5

from services.notification.channels.base import Channel, ChannelRefused, ChannelUnavailable, Outgoing, Rendered
from services.notification.operations.means import Means
from services.notification.operations.parcel import Letter, Outcome, Parcel
from services.notification.policy.timing import HOUR
from services.notification.texts import FactNotAllowed, bundle, render
from shared.infra.logs import get_log
from shared.links import Answering, AnswerLink, Purpose

PURPOSES: tuple[Purpose, ...] = ("acknowledge", "on_the_way", "cannot_come")
LINK_OUTLIVES = HOUR
_ANSWERING: Mapping[str, Answering] = {role: role for role in get_args(Answering)}


async def send_parcel(parcel: Parcel, channel: Channel, means: Means, now: datetime) -> Outcome:
    """Never raises: whatever a channel does is an outcome, and the message is tried again or goes on."""
    try:
        outgoing = Outgoing(
            message_id=parcel.letters[0].message_id,
            address=parcel.address,
            text=bundle([text_of(letter, means, now) for letter in parcel.letters], tongue=means.tongue),
            drill=parcel.drill,
        )
        async with asyncio.timeout(channel.timeout_s):
            return Outcome(parcel, "taken", taken=await channel.send(outgoing))
    except ChannelRefused as refusal:
        return Outcome(parcel, "refused", words=refusal.why)
    except FactNotAllowed as refusal:
        return Outcome(parcel, "refused", words=f"no text may be made of it: {refusal.message}")
    except ChannelUnavailable as trouble:
        return Outcome(parcel, "later", words=trouble.why, retry_after_s=trouble.retry_after_s)
    except TimeoutError:
        return Outcome(parcel, "later", words=f"no answer within {channel.timeout_s:g} s")
    except Exception as fault:  # noqa: BLE001 - logged: a plug-in's own fault must not stop the others
        get_log("courier").error("channel failed", channel=parcel.channel, trouble=type(fault).__name__)
        return Outcome(parcel, "later", words=f"the channel itself failed ({type(fault).__name__})")


def text_of(letter: Letter, means: Means, now: datetime) -> Rendered:
    return render(letter.facts, letter.pack, now=now, tongue=means.tongue, answers=answer_links(letter, means))


def answer_links(letter: Letter, means: Means) -> Sequence[tuple[Purpose, str]]:
    """For the unit that is called: an address for each answer. The same message always has the same links."""
    facts = letter.facts
    role = _ANSWERING.get(facts.post) if facts.kind == "summons" else None
    if means.signer is None or role is None or facts.summons_id is None or letter.unit is None or facts.due_at is None:
        return ()
    signed: dict[Purpose, str] = {
        purpose: means.signer.sign(
            AnswerLink(
                link_id=uuid5(letter.message_id, purpose),
                centre=means.centre,
                purpose=purpose,
                summons_id=facts.summons_id,
                unit=letter.unit,
                staff=letter.staff,
                role=role,
                expires_at=facts.due_at + LINK_OUTLIVES,
            )
        )
        for purpose in PURPOSES
    }
    return [(purpose, f"{means.public_url.rstrip('/')}/a/{token}") for purpose, token in signed.items()]
