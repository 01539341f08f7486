"""What may be asked of the console: its staff accounts, and its board made anew. It tells no events."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from shared.contracts.actors import STAFF_FORM, Role
from shared.contracts.base import Code, Command, Done, Frozen, Instant, Query, ShortText

StaffName = Annotated[str, Field(min_length=2, max_length=80, pattern=STAFF_FORM)]
GivenPassword = Annotated[str, Field(min_length=1, max_length=128)]
Language = Literal["zh", "en"]
StaffState = Literal["active", "disabled"]


class StaffAccount(Frozen):
    """A post that signs in: what it is called, what it may do, for whom. Never its password."""

    staff: str
    title: str
    role: Role
    unit: str | None
    window: str | None
    grid: str | None
    state: StaffState
    language: Language
    second_factor: bool
    made_at: Instant
    signed_in_at: Instant | None


class StaffAccounts(Frozen):
    accounts: tuple[StaffAccount, ...]


class FirstPassword(Frozen):
    """Told once, to whoever made the account; kept nowhere but as a hash."""

    staff: str
    password: str | None = Field(description="where it was generated; None where the asker gave one")


class AddStaff(Command[FirstPassword]):
    NAME: ClassVar[str] = "add_staff"
    REMEMBERED: ClassVar[bool] = False
    SERVICE: ClassVar[str] = "console"
    ANSWER = FirstPassword

    staff: StaffName
    title: ShortText
    role: Role
    unit: Code | None = None
    window: Code | None = None
    grid: Code | None = None
    language: Language = "zh"
    password: GivenPassword | None = Field(default=None, repr=False, description="generated where not given")


class ListStaff(Query[StaffAccounts]):
    NAME: ClassVar[str] = "list_staff"
    SERVICE: ClassVar[str] = "console"
    ANSWER = StaffAccounts

    include_disabled: bool = False


class DisableStaff(Command[Done]):
    """Signed out everywhere at once; the account and what it did stay on record."""

    NAME: ClassVar[str] = "disable_staff"
    SERVICE: ClassVar[str] = "console"
    ANSWER = Done

    staff: StaffName


class ResetPassword(Command[FirstPassword]):
    """A new password, and signed out everywhere; also takes a second factor off that was lost."""

    NAME: ClassVar[str] = "reset_password"
    REMEMBERED: ClassVar[bool] = False
    SERVICE: ClassVar[str] = "console"
    ANSWER = FirstPassword

    staff: StaffName
    password: GivenPassword | None = Field(default=None, repr=False, description="generated where not given")


class ClearBoard(Command[Done]):
    """Forgets the board's read model and what was read for it, so that every event is applied once more."""

    NAME: ClassVar[str] = "clear_board"
    REMEMBERED: ClassVar[bool] = False
    SERVICE: ClassVar[str] = "console"
    ANSWER = Done


WallName = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")]


class WallTokenMade(Frozen):
    """Told once; kept nowhere but as a hash."""

    name: str
    token: str = Field(repr=False)


class MakeWallToken(Command[WallTokenMade]):
    """大屏: a read-only address of its own for one screen on a wall."""

    NAME: ClassVar[str] = "make_wall_token"
    REMEMBERED: ClassVar[bool] = False
    SERVICE: ClassVar[str] = "console"
    ANSWER = WallTokenMade

    name: WallName = Field(description="of the screen, e.g. hall-1")


class RevokeWallToken(Command[Done]):
    """The screen goes dark at once; that there was one stays on record."""

    NAME: ClassVar[str] = "revoke_wall_token"
    SERVICE: ClassVar[str] = "console"
    ANSWER = Done

    name: WallName


class WallTokenView(Frozen):
    name: str
    made_by: str
    made_at: Instant
    revoked_at: Instant | None


class WallTokens(Frozen):
    tokens: tuple[WallTokenView, ...]


class ListWallTokens(Query[WallTokens]):
    NAME: ClassVar[str] = "list_wall_tokens"
    SERVICE: ClassVar[str] = "console"
    ANSWER = WallTokens

    include_revoked: bool = False
