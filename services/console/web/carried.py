"""What somebody had written when their session was over: carried, sealed, through the sign-in page and given back."""

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
NEVER_CARRIED = frozenset({"csrf", "password", "old", "new", "code"})
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
    items = form.multi_items()
    fields = [(name, value) for name, value in items if isinstance(value, str) and name not in NEVER_CARRIED]
    files = any(not isinstance(value, str) and value.size for _, value in items)
    text = json.dumps([was.account.staff, request.url.path, fields, files], ensure_ascii=False)
    return seal(desk.keys, text, context=CONTEXT) if len(text) <= CHARACTERS_MAX else ""


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
