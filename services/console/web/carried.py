"""What somebody had written when it could not be taken, given back.

A session that is over: carried, sealed, through the sign-in page. Signed in anew by another tab, or a service that is
away: at once, to be sent again.
"""

import json
import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.datastructures import FormData
from starlette.requests import Request

from services.console.operations.signing_in import SignedIn, who_was
from services.console.web.desk import desk_of
from services.console.web.security import SESSION_COOKIE
from shared.vault import VaultUnreadable, open_sealed, seal

CONTEXT = "console/carried"
NEVER_SHOWN = frozenset({"password", "old", "new", "code"})
NEVER_CARRIED = NEVER_SHOWN | {"csrf"}
CHARACTERS_MAX = 64_000

Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Carried:
    """`path`: where the form was sent to. Photos are not among the fields: they are chosen again."""

    path: str
    fields: Pairs
    had_files: bool

    @property
    def written(self) -> Pairs:
        """What people write is shown again; codes and keys just travel with it."""
        return [(name, value) for name, value in self.fields if not value.isascii()]

    @property
    def beside(self) -> Pairs:
        return [(name, value) for name, value in self.fields if value.isascii()]


async def carried_by(request: Request) -> str:
    """Sealed for whoever the session was of; empty where that is not known, or the form was not of that session."""
    desk, token = desk_of(request), request.cookies.get(SESSION_COOKIE, "")
    form = getattr(request.state, "form", None)  # as far as it was read: nothing is read on behalf of a stranger
    was = await who_was(desk.work, token) if token and desk.keys is not None else None
    if was is None or desk.keys is None or not isinstance(form, FormData) or not _of_session(form, was):
        return ""
    fields, files = _fields(form)
    text = json.dumps([was.account.staff, request.url.path, fields, files], ensure_ascii=False)
    return seal(desk.keys, text, context=CONTEXT) if len(text) <= CHARACTERS_MAX else ""


def to_send_again(request: Request) -> Carried | None:
    """The form of a page as it came. None where it had passwords.

    Only for whoever's page it was: in another account's name nothing is sent again.
    """
    who, form = request.state.signed_in, getattr(request.state, "form", None)
    if who is None or not isinstance(form, FormData) or NEVER_SHOWN & form.keys():
        return None
    given = form.get("csrf")
    if not isinstance(given, str) or given.rpartition(".")[2] != who.csrf.rpartition(".")[2]:
        return None
    return Carried(request.url.path, *_fields(form))


def _fields(form: FormData) -> tuple[Pairs, bool]:
    items = form.multi_items()
    fields = [(name, value) for name, value in items if isinstance(value, str) and name not in NEVER_CARRIED]
    return fields, any(not isinstance(value, str) and value.size for _, value in items)


def _of_session(form: FormData, was: SignedIn) -> bool:
    given = form.get("csrf")
    return isinstance(given, str) and secrets.compare_digest(given.encode(), was.csrf.encode())


def given_back(request: Request, sealed: str, staff: str) -> Carried | None:
    """For the one who wrote it and nobody else."""
    keys = desk_of(request).keys
    if not sealed or keys is None:
        return None
    try:
        whose, path, fields, had_files = json.loads(open_sealed(keys, sealed, context=CONTEXT))
    except (VaultUnreadable, ValueError):
        return None
    return Carried(path, [(name, value) for name, value in fields], had_files) if whose == staff else None


def came_from(request: Request) -> str:
    """The page the form stood on."""
    return urlsplit(request.headers.get("referer", "")).path or "/"
