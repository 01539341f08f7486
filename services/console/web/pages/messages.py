"""站内消息: what this post was told in the program; read one by one, or all that is shown."""

import secrets

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.console.web.desk import ask
from services.console.web.fields import several
from services.console.web.pages.front import text
from services.console.web.pages.page import Page, answer, to
from services.console.web.security import post
from shared.contracts.actors import Role
from shared.contracts.notification import MarkRead, ReadInbox

SHOWN_MAX = 50


async def messages(request: Request) -> Response:
    """`?all=1`: with those that were read."""
    everything = request.query_params.get("all") == "1"
    found = await ask(request, ReadInbox, only_unread=not everything, limit=SHOWN_MAX)
    return await answer(
        request,
        "messages/page.html",
        messages=found.messages,
        total=found.total,
        everything=everything,
        key=secrets.token_hex(16),
    )


async def reading(request: Request, form: FormData) -> Response:
    """Each under a key of its own, so that sending it again after a failure goes on where it stopped."""
    key = text(form, "key") or secrets.token_hex(16)
    for message in several(form, "message")[:SHOWN_MAX]:
        await ask(request, MarkRead, message_id=message, idempotency_key=f"{key}:{message}")
    return to("/messages")


async def unread_count(request: Request) -> Response:
    """For the top line: how many are unread."""
    found = await ask(request, ReadInbox, limit=1)
    return JSONResponse({"count": found.total, "late": 0})


PAGE = Page(
    name="messages",
    path="/messages",
    roles=frozenset(Role),
    routes=(
        Route("/messages", messages),
        Route("/live/messages", unread_count),
        post("/messages/read", reading),
    ),
)
