"""What is owed on a case, the key each obligation's clock is kept under, and what can happen to it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from shared.contracts.base import Level
from shared.contracts.escalation import Stage
from shared.contracts.intake import HandlingMode
from shared.errors import Unavailable

DISPATCHER = "dispatcher"
DUTY_DIRECTOR = "duty_director"
FIRST_RECEIVER = "first_receiver"
RAISED = "raised:"
CLOSED_ALREADY = "case closed already"
JOINED = "joined"
RIGHTS: frozenset[Stage] = frozenset({"return"})
"""Not owed but allowed until a time: nobody is overdue with it; the time passes, and it lapses."""

Reason = Literal[
    "returned",
    "reopened",
    "withdrawn",
    "extended",
    "reported_back",
    "lapsed",
    "not_owed",
    "suspended",
    "closed",
    "not_accepted",
    "not_arrived",
    "stood_down",
    "assembled",
    "split",
    "surge_limit",
    "limit_restored",
]


def accept_key(case_id: UUID) -> str:
    return f"accept:{case_id}"


def dispatch_key(case_id: UUID, returns: int) -> str:
    return f"dispatch:{case_id}:{returns}"


def split_key(case_id: UUID, splits: int) -> str:
    """A case that was split from a leading one is to be dispatched, whatever was owed on it before."""
    return f"dispatch:{case_id}:split:{splits}"


def decision_key(work_order_id: UUID) -> str:
    """A person has to decide on a supporting unit's return, whatever becomes of the lead's work order."""
    return f"dispatch:{work_order_id}:support"


def proposal_key(proposal_id: UUID) -> str:
    """A person has to decide on a new route, while the case stays with whoever has it."""
    return f"dispatch:{proposal_id}:proposal"


def handle_key(case_id: UUID, round_: int) -> str:
    """The first handling carries no number; each reopened one does."""
    return f"handle:{case_id}" if round_ == 1 else f"handle:{case_id}:{round_}"


def sign_off_key(work_order_id: UUID) -> str:
    return f"sign_off:{work_order_id}"


def return_key(work_order_id: UUID) -> str:
    return f"return:{work_order_id}"


def contact_key(work_order_id: UUID) -> str:
    return f"contact:{work_order_id}"


def deferral_key(deferral_id: UUID) -> str:
    return f"deferral:{deferral_id}"


def report_back_key(work_order_id: UUID, round_: int, *, moved: int | None = None) -> str:
    """`moved`: the number of the deferral this time stands on; the first promise of a round has none."""
    key = f"report_back:{work_order_id}:{round_}"
    return key if moved is None else f"{key}:x{moved}"


def mode_key(base_key: str, switched: int) -> str:
    """The clock that keeps an obligation since a switch of mode; `base_key` is the one it was armed under first."""
    return f"{base_key}:m{switched}"


def base_of(key: str) -> tuple[str, int]:
    """The obligation's own key, and the switch of mode its clock stands on; 0 for its first clock."""
    base, mark, number = key.rpartition(":m")
    return (base, int(number)) if mark and number.isdigit() else (key, 0)


def verify_key(verification_id: UUID) -> str:
    return f"verify:{verification_id}"


def follow_up_key(case_id: UUID, count: int) -> str:
    return f"follow_up:{case_id}:{count}"


def place_key(verification_id: UUID) -> str:
    """The dispatcher has to say where a place is that the grid did not find."""
    return f"place:{verification_id}"


def explain_key(case_id: UUID, round_: int) -> str:
    """A written explanation is owed to a requester who stays dissatisfied."""
    return f"explain:{case_id}:{round_}"


def explain_delay_key(work_order_id: UUID, number: int) -> str:
    """A unit cannot finish yet: the window owes the requester a word and a date."""
    return f"explain_delay:{work_order_id}:{number}"


def promise_key(case_id: UUID, number: int) -> str:
    """暂不能办结: by then the window is back with the requester."""
    return f"promise:{case_id}:{number}"


def raised_key(case_id: UUID, round_: int, led_to: str) -> str:
    """Came back too often: the duty director has to look at it."""
    return f"{RAISED}{case_id}:{round_}:{led_to}"


def arrival_key(summons_id: UUID, unit: str) -> str:
    return f"arrival:{summons_id}:{unit}"


def supervision_key(order_id: UUID, round_: int) -> str:
    return f"supervision:{order_id}:{round_}"


def grid_of(place: str | None) -> str:
    """Who owes a verification: the grid side of the place."""
    return "grid" if place is None else f"grid:{place}"


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a limit is looked up by: the pack the case began with, the category and the level."""

    pack_version: str
    category: str | None
    level: Level


@dataclass(frozen=True, slots=True)
class Owing:
    """Something owed at the end of the loop, as it is remembered: `due_at` where a date was promised."""

    stage: Stage
    owes: str
    at: datetime
    grounds: Grounds
    work_order_id: UUID | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """A due time that an approved fact set, in place of the one the limit gives. `why` is told beside the source.

    `days`: working days more than the time that stood before; None for a suspension, after which the rest runs on.
    """

    due_at: datetime
    provisional: bool
    why: str
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Which:
    """Open clocks: the one of a key, or all that fit every given part; nothing given means every one of the case."""

    key: str | None = None
    stage: Stage | None = None
    work_order_id: UUID | None = None
    summons_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Obligation:
    """Something promised in time. `unit` is the participating unit that owes it, if one does.

    In a `drill` (演练) nobody above the units is told that one does not come. From `lapses_at` on it is not owed any
    more, done or not. `moved` takes the place of the promise that stood before on the same stage of the work order.
    """

    key: str
    stage: Stage
    owes: str
    started_at: datetime
    grounds: Grounds
    unit: str | None = None
    work_order_id: UUID | None = None
    summons_id: UUID | None = None
    shortened: bool = False
    moved: Moved | None = None
    lapses_at: datetime | None = None
    drill: bool = False


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What is known of a case here. The streams may interleave, so any of it may still be missing."""

    owner: str | None = None
    window: str | None = None
    grounds: Grounds | None = None
    follow_ups: int = 0

    @property
    def first_receiver(self) -> str:
        return self.owner or FIRST_RECEIVER

    def known_grounds(self) -> Grounds:
        if self.grounds is None:
            raise Unavailable("nothing is known of this case yet", retry_after_s=0.5)
        return self.grounds


@dataclass(frozen=True, slots=True)
class Describe:
    """Facts for the case's file. Without `corrects`, what stands there already stays."""

    grounds: Grounds
    place: str | None
    owner: str | None = None
    window: str | None = None
    handling_mode: HandlingMode | None = None
    corrects: bool = False


@dataclass(frozen=True, slots=True)
class Arm:
    """A no-op where the obligation has its clock already."""

    obligation: Obligation


@dataclass(frozen=True, slots=True)
class Meet:
    which: Which
    at: datetime


@dataclass(frozen=True, slots=True)
class Cancel:
    which: Which
    at: datetime
    reason: Reason


@dataclass(frozen=True, slots=True)
class Acknowledge:
    key: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TellOnTheWay:
    """The unit (or its substitute) comes, and said when. It has acknowledged with that."""

    key: str
    at: datetime
    expected_at: datetime


@dataclass(frozen=True, slots=True)
class TellCannotCome:
    """The unit has heard, and does not come: whoever the ladder names next is told at once."""

    key: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AskVerification:
    """The grid is to look at what a unit reported (核查)."""

    work_order_id: UUID
    unit: str
    place: str | None
    round: int
    reported_by: str
    grounds: Grounds
    at: datetime
    attempt: int = 1
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class NoteHandler:
    """A unit had the case in hand, as lead or supporter; whoever acted for it is in the envelope."""

    unit: str
    staff: str | None = None


@dataclass(frozen=True, slots=True)
class Close:
    """The case is over: nothing is owed on it any more."""

    at: datetime
    reason: Literal["closed", "not_accepted"]


@dataclass(frozen=True, slots=True)
class Reopen:
    """The case is under way again."""


@dataclass(frozen=True, slots=True)
class Join:
    """The case follows another one: nothing is owed on it but its follow-up. Old news where it was split since."""

    at: datetime
    splits: int


@dataclass(frozen=True, slots=True)
class Split:
    """The case is a matter of its own again. Known already where another stream told of it before."""

    splits: int


Answer = Acknowledge | TellOnTheWay | TellCannotCome
Effect = Describe | Arm | Meet | Cancel | Answer | AskVerification | NoteHandler | Close | Reopen | Join | Split
Effects = tuple[Effect, ...]
